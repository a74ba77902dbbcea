"""I return synthetic rows: a sample that can be shared, of any size, the same for the same seed.

Real facts (provinces, counties, settlements) are read from files; shapes of counties, agencies,
projects and addresses are made up, and every such row says so. No database.
"""
