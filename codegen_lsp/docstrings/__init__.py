"""Docstrings: structure from the syntax tree, words from the model, and checks on both."""
