"""The languages: their LSP identifiers, file extensions and, where there is one, their grammar.

A language is one entry of the table. One with a grammar also needs its queries, the files
`blocks.scm`, `delimiters.scm` and `statements.scm` in `syntax/queries/<folder>/`.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

BlockStyle = Literal["indent", "braces"]
"""How a language says where a block ends."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Where a language's tree-sitter grammar is and how the language writes blocks.

    Attributes:
        module: the Python module that ships the grammar; imported when first needed.
        blocks: what ends a block.
        jumps: statements that never go on to the next one.
        headers: words that a line which opens a block can begin with; only where a deeper line
            needs such a line above it.
        queries: folder of the query files.
        function: the module's function that returns the grammar.
    """

    module: str
    blocks: BlockStyle
    queries: str
    jumps: tuple[str, ...]
    headers: tuple[str, ...] = ()
    function: str = "language"


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


_PYTHON = Grammar(
    module="tree_sitter_python",
    blocks="indent",
    queries="python",
    jumps=("return", "raise", "break", "continue"),
    headers=(
        *("if", "elif", "else", "for", "while", "with", "try", "except", "finally", "def"),
        *("class", "async", "match", "case"),
    ),
)
_JAVASCRIPT = Grammar(
    module="tree_sitter_javascript",
    blocks="braces",
    queries="javascript",
    jumps=("return", "throw", "break", "continue"),
)
_TYPESCRIPT = replace(
    _JAVASCRIPT,
    module="tree_sitter_typescript",
    queries="typescript",
    function="language_typescript",
)
_TSX = replace(_TYPESCRIPT, function="language_tsx")

_TABLE = (
    Language("python", (".py", ".pyi", ".pyw"), "#", _PYTHON),
    Language("javascript", (".js", ".mjs", ".cjs"), "//", _JAVASCRIPT),
    Language("javascriptreact", (".jsx",), "//", _JAVASCRIPT),
    Language("typescript", (".ts", ".mts", ".cts"), "//", _TYPESCRIPT),
    Language("typescriptreact", (".tsx",), "//", _TSX),
    Language("c", (".c", ".h"), "//"),
    Language("clojure", (".clj", ".cljs", ".cljc"), ";"),
    Language("cpp", (".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx"), "//"),
    Language("csharp", (".cs",), "//"),
    Language("css", (".css",), ""),
    Language("dart", (".dart",), "//"),
    Language("elixir", (".ex", ".exs"), "#"),
    Language("go", (".go",), "//"),
    Language("haskell", (".hs",), "--"),
    Language("html", (".html", ".htm"), ""),
    Language("java", (".java",), "//"),
    Language("json", (".json",), ""),
    Language("julia", (".jl",), "#"),
    Language("kotlin", (".kt", ".kts"), "//"),
    Language("lua", (".lua",), "--"),
    Language("markdown", (".md", ".markdown"), ""),
    Language("perl", (".pl", ".pm"), "#"),
    Language("php", (".php",), "//"),
    Language("powershell", (".ps1", ".psm1"), "#"),
    Language("r", (".r",), "#"),
    Language("ruby", (".rb",), "#"),
    Language("rust", (".rs",), "//"),
    Language("scala", (".scala", ".sc"), "//"),
    Language("scss", (".scss",), "//"),
    Language("shellscript", (".sh", ".bash", ".zsh"), "#"),
    Language("sql", (".sql",), "--"),
    Language("swift", (".swift",), "//"),
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
