"""The languages: their LSP identifiers, file extensions and, where there is one, their grammar.

A language is one entry of the table. One with a grammar also needs an entry in `grammars.py` and
its queries, the seven files in `syntax/queries/<folder>/`.
"""

from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.syntax import grammars
from codegen_lsp.syntax.grammars import Grammar


@dataclass(frozen=True, slots=True)
class Language:
    """A language as an editor knows it.

    Attributes:
        id: LSP language identifier.
        extensions: lower-case file extensions, each with its dot.
        comment: what begins a comment that ends with its line; "" where nothing does.
        grammar: None where there is no grammar yet: syntax rules are then left out.
    """

    id: str
    extensions: tuple[str, ...]
    comment: str
    grammar: Grammar | None = None


_TABLE = (
    Language("python", (".py", ".pyi", ".pyw"), "#", grammars.PYTHON),
    Language("javascript", (".js", ".mjs", ".cjs"), "//", grammars.JAVASCRIPT),
    Language("javascriptreact", (".jsx",), "//", grammars.JAVASCRIPT),
    Language("typescript", (".ts", ".mts", ".cts"), "//", grammars.TYPESCRIPT),
    Language("typescriptreact", (".tsx",), "//", grammars.TSX),
    Language("c", (".c", ".h"), "//", grammars.C),
    Language("clojure", (".clj", ".cljs", ".cljc"), ";"),
    Language("cpp", (".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx"), "//", grammars.CPP),
    Language("csharp", (".cs",), "//", grammars.CSHARP),
    Language("css", (".css",), ""),
    Language("dart", (".dart",), "//"),
    Language("elixir", (".ex", ".exs"), "#"),
    Language("go", (".go",), "//", grammars.GO),
    Language("haskell", (".hs",), "--"),
    Language("html", (".html", ".htm"), ""),
    Language("java", (".java",), "//", grammars.JAVA),
    Language("json", (".json",), ""),
    Language("julia", (".jl",), "#"),
    Language("kotlin", (".kt", ".kts"), "//", grammars.KOTLIN),
    Language("lua", (".lua",), "--", grammars.LUA),
    Language("markdown", (".md", ".markdown"), ""),
    Language("perl", (".pl", ".pm"), "#"),
    Language("php", (".php",), "//", grammars.PHP),
    Language("powershell", (".ps1", ".psm1"), "#"),
    Language("r", (".r",), "#"),
    Language("ruby", (".rb",), "#", grammars.RUBY),
    Language("rust", (".rs",), "//", grammars.RUST),
    Language("scala", (".scala", ".sc"), "//"),
    Language("scss", (".scss",), "//"),
    Language("shellscript", (".sh", ".bash", ".zsh"), "#", grammars.BASH),
    Language("sql", (".sql",), "--"),
    Language("swift", (".swift",), "//", grammars.SWIFT),
    Language("toml", (".toml",), "#"),
    Language("vue", (".vue",), ""),
    Language("xml", (".xml",), ""),
    Language("yaml", (".yaml", ".yml"), "#"),
    Language("zig", (".zig",), "//"),
)

_BY_EXTENSION = {extension: entry.id for entry in _TABLE for extension in entry.extensions}
_COMMENTS = {entry.id: entry.comment for entry in _TABLE}
_GRAMMARS = {entry.id: entry.grammar for entry in _TABLE if entry.grammar is not None}


def language_of(path: Path) -> str:
    """LSP language identifier for the file at `path`, by its extension; else "plaintext"."""
    return _BY_EXTENSION.get(path.suffix.lower(), "plaintext")


def line_comment(language: str) -> str:
    """What begins a comment that ends with its line; "" where nothing does or none is known."""
    return _COMMENTS.get(language, "")


def grammar_of(language: str) -> Grammar | None:
    """The grammar for an LSP language identifier, or None where there is none."""
    return _GRAMMARS.get(language)


def languages_with_grammar() -> tuple[str, ...]:
    """LSP identifiers of the languages whose trees can be had."""
    return tuple(_GRAMMARS)
