"""Speed, measured fairly: what `benchmarks/` runs at length and lesson 13 runs in small, and what to expect of it."""
