"""`python -m codegen_lsp`: the same as the `codegen-lsp` command."""

from codegen_lsp.cli import entry_point

entry_point()
