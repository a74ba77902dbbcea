"""Tiles beside Martin, tipg, raw SQL and nginx, in one run over the same rows."""
