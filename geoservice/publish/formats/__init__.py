"""Encoders: rows of a layer become bytes of a file format."""
