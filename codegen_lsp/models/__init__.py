"""Models: a catalogue, and how to fetch, verify, convert and load their weights."""
