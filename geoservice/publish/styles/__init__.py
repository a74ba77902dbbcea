"""A declared style and its class breaks become rules, and rules become every client's style.

All but `breaks` is pure. The chain: style × layer × breaks → `rules` → MapLibre, QML, SLD, legend.
"""
