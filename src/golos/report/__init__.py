"""Report: a comparison, or a table of official figures, as one document to be printed, quoted and recomputed.

A report is a `Document` of plain texts, tables and drawings, which `paper` sets as PDF and `screen` as one HTML file.
The same input gives the same bytes.
"""
