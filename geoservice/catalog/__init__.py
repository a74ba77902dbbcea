"""layers/*.toml and styles/*.toml become a Catalog; the directory is the registry."""
