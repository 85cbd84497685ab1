"""Prompts: fill-in-the-middle formats, windows of the buffer, token healing at the cursor."""
