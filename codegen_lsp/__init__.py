"""codegen-lsp: inline code completion from a model on the user's own machine."""

__version__ = "0.1.0"
