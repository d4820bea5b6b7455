"""Conflicts of interest: cycles of cadre, kin, operator, asset, household and fund, with every step."""
