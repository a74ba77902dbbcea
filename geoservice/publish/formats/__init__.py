"""Rows of a layer as files: one format per module, each `encode(table, rows)`."""
