"""Passages become vectors and terms, and a query becomes hits."""
