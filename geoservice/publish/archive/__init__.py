"""Tiles made ahead of time, all in one PMTiles file."""
