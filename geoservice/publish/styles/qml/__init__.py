"""Rules as a style file of QGIS (QML 3.22), a part of the document in each module. Pure."""
