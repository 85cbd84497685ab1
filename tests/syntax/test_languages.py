"""Which language a file is in."""

from pathlib import Path

import pytest

from codegen_lsp.syntax.languages import grammar_of, language_of, languages_with_grammar


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("a.py", "python"),
        ("a.pyi", "python"),
        ("A.PY", "python"),
        ("a.test.js", "javascript"),
        ("a.jsx", "javascriptreact"),
        ("a.d.ts", "typescript"),
        ("a.tsx", "typescriptreact"),
        ("main.go", "go"),
        ("lib.rs", "rust"),
        ("a.hpp", "cpp"),
        ("script.sh", "shellscript"),
        ("a.unknown", "plaintext"),
        ("Makefile", "plaintext"),
        (".py", "plaintext"),
    ],
)
def test_language_of(name: str, language: str) -> None:
    assert language_of(Path("folder") / name) == language


def test_languages_with_grammar() -> None:
    assert set(languages_with_grammar()) == {
        *("c", "cpp", "csharp", "go", "java", "javascript", "javascriptreact", "kotlin", "lua"),
        *("php", "python", "ruby", "rust", "shellscript", "swift", "typescript"),
        "typescriptreact",
    }
    assert grammar_of("zig") is None
    assert grammar_of("plaintext") is None
