"""A contract as a workbook: written from what is held, read and checked sheet by sheet, and loaded whole."""
