"""What makes the committed files of geoservice/web that nobody writes by hand."""
