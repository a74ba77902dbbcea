"""What a request wants to write: its content becomes a checked change, a change becomes rows."""
