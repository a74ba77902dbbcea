"""CQL2 (OGC 21-065r2): a filter as text or JSON → a tree → a condition with bound parameters."""
