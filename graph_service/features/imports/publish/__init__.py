"""An import from its first file to its published data version, and the report and workbook that it leaves."""
