"""Papers as PDF: a sheet (sheet.py) is set by typst (engine.py) with two Chinese fonts that are always embedded
(fonts.py). Knows nothing of cases; every page that prints uses it."""
