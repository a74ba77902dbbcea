"""Persian text, numbers, dates, postal codes and address words: pure functions, no I/O."""
