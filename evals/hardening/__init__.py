"""Suites that try to break Dalil: each is a command, and prints how much it withstood."""
