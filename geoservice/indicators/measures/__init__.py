"""One pure measure per file: numbers in, a :class:`~.result.Measure` out, no database.

`inputs` checks and aligns what every measure is given, `result` is what every measure returns;
measures import these two and never one another.
"""
