"""Files of rows that came with columns of their own: no layer describes them."""
