"""What tiles are made of where a layer is too large or too fine for them: points ranked by the zoom
at which they first show, shapes generalised for each zoom.
"""
