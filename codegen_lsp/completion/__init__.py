"""From a snapshot and a place in it to a suggestion, or to a reason for having none."""
