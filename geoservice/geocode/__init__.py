"""An address, a postal code or a coordinate becomes a Match that says how sure it is."""
