"""Answers become something that people read: the command line and the chat page."""
