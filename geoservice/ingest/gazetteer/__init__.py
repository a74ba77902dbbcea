"""The gazetteer: one entry for every name under which a place can be asked for."""

from geoservice.ingest.gazetteer.build import build_gazetteer

__all__ = ["build_gazetteer"]
