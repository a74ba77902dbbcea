"""The commands: thin, each a call into a stage."""
