"""Files become rows of the `source` schema: read, clean, load; what cannot go in comes back."""
