"""Shares of assets and the dividends on them: the register on a day, and what changes it."""
