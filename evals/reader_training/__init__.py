"""Train and measure the reader that ships with Dalil: ``python -m evals.reader_training``."""
