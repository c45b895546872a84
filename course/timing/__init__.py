"""Speed, measured fairly: what `benchmarks/` and `course reproduce 13` run, and what to expect of it."""
