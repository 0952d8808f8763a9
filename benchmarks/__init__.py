"""Benchmarks: what calls cost in CPU time, beside httpx and other clients; `make bench` writes BENCHMARKS.md."""
