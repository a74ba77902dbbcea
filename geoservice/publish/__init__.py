"""Bytes and documents: features, tiles, collections, figures. It knows no HTTP.

`query` and what it imports is pure: a layer and a request become SQL and its parameters.
"""
