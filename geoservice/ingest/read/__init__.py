"""Files of every format as one stream of rows with their line numbers."""
