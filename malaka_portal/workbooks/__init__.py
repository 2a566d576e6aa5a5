"""The office's own spreadsheets, read without loss: files, tables, columns and values.

Pure functions on files, texts and cells: no models, no database. In order: `reading` (a file into
rows), `tables` (where the records stand), `matching` (which column is which), `values` (a cell into
a value). Nothing is imported here, for `child` starts without Django.
"""
