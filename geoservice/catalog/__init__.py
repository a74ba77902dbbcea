"""layers/*.toml become a Catalog; the directory is the registry."""
