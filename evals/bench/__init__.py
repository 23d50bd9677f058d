"""Benchmarks as commands; each prints ratios from one run on this machine."""
