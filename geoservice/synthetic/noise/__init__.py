"""Addresses as people write them, made of rows whose place is known."""
