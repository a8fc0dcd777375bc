"""Sheets into facts: a file becomes lines, lines become rows, rows become a plan, and that is applied as a whole."""
