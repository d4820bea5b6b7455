"""An import from its first file to its published data version, with its report and workbook."""
