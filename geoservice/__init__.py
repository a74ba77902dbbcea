"""Rows come in, get a place, become measures, go out as maps."""

__version__ = "0.1.0"
