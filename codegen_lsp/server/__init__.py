"""The language server: the editor's messages in, answers out."""
