"""Answers and gold become figures."""
