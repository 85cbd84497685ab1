"""What of a workspace a prompt should hold: which files may be read, their index, the choice."""
