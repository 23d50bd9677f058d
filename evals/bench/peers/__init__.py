"""Dalil beside what one would take instead: the same weights, the same texts, a process each."""
