"""Measurements beside peers; each module is one command, RESULTS.md keeps what was measured."""
