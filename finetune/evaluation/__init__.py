"""What an adapter is worth: held-out places completed with and without it, and a verdict."""
