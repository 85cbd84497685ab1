"""What is not worth showing: pure functions from a candidate to its text, or to a reason."""
