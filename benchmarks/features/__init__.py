"""The features service beside tipg, pygeoapi, psql and ogr2ogr, in one run over the same rows."""
