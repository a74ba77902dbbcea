"""Measures of regional balance, coverage and the life of projects, with their definitions."""
