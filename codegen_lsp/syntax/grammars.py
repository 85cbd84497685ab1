"""The grammars: where each comes from, and how its language writes blocks, jumps and comments."""

from dataclasses import dataclass, replace
from typing import Literal

BlockStyle = Literal["indent", "braces", "keywords"]
"""How a language says where a block ends: by indentation, with a brace, or with a word."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Where a language's tree-sitter grammar is and what its queries cannot say.

    Attributes:
        module: the Python module that ships the grammar; imported when first needed.
        blocks: what ends a block.
        queries: folder of the query files.
        jumps: statements that never go on to the next one; none where `return if x` is usual.
        headers: words that a line which opens a block can begin with; only where a deeper line
            needs such a line above it.
        enders: words that end a block; only for "keywords". The first ends a function.
        dividers: words that end a block and begin the next of the same statement.
        long_comment: what begins a comment that may go on over several lines.
        function: the module's function that returns the grammar.
    """

    module: str
    blocks: BlockStyle
    queries: str
    jumps: tuple[str, ...]
    headers: tuple[str, ...] = ()
    enders: tuple[str, ...] = ()
    dividers: tuple[str, ...] = ()
    long_comment: Literal["/*", "--[[", ""] = "/*"
    function: str = "language"


PYTHON = Grammar(
    module="tree_sitter_python",
    blocks="indent",
    queries="python",
    jumps=("return", "raise", "break", "continue"),
    headers=(
        *("if", "elif", "else", "for", "while", "with", "try", "except", "finally", "def"),
        *("class", "async", "match", "case"),
    ),
    long_comment="",
)
JAVASCRIPT = Grammar(
    module="tree_sitter_javascript",
    blocks="braces",
    queries="javascript",
    jumps=("return", "throw", "break", "continue"),
)
TYPESCRIPT = replace(
    JAVASCRIPT,
    module="tree_sitter_typescript",
    queries="typescript",
    function="language_typescript",
)
TSX = replace(TYPESCRIPT, function="language_tsx")
GO = Grammar(
    module="tree_sitter_go",
    blocks="braces",
    queries="go",
    jumps=("return", "break", "continue", "goto", "fallthrough"),
)
RUST = Grammar(
    module="tree_sitter_rust",
    blocks="braces",
    queries="rust",
    jumps=("return", "break", "continue"),
)
JAVA = Grammar(
    module="tree_sitter_java",
    blocks="braces",
    queries="java",
    jumps=("return", "throw", "break", "continue"),
)
C = Grammar(
    module="tree_sitter_c",
    blocks="braces",
    queries="c",
    jumps=("return", "break", "continue", "goto"),
)
CPP = Grammar(
    module="tree_sitter_cpp",
    blocks="braces",
    queries="cpp",
    jumps=("return", "throw", "break", "continue", "goto"),
)
CSHARP = Grammar(
    module="tree_sitter_c_sharp",
    blocks="braces",
    queries="csharp",
    jumps=("return", "throw", "break", "continue", "goto"),
)
PHP = Grammar(
    module="tree_sitter_php",
    blocks="braces",
    queries="php",
    jumps=("return", "throw", "break", "continue", "goto"),
    # The grammar for PHP alone: a window of a long file begins behind its `<?php`.
    function="language_php_only",
)
KOTLIN = Grammar(
    module="tree_sitter_kotlin",
    blocks="braces",
    queries="kotlin",
    jumps=("return", "throw", "break", "continue"),
)
SWIFT = Grammar(
    module="tree_sitter_swift",
    blocks="braces",
    queries="swift",
    jumps=("return", "throw", "break", "continue", "fallthrough"),
)
RUBY = Grammar(
    module="tree_sitter_ruby",
    blocks="keywords",
    queries="ruby",
    jumps=(),
    enders=("end",),
    dividers=("else", "elsif", "rescue", "ensure", "when", "in"),
    long_comment="",
)
LUA = Grammar(
    module="tree_sitter_lua",
    blocks="keywords",
    queries="lua",
    jumps=("return", "break", "goto"),
    enders=("end", "until"),
    dividers=("else", "elseif"),
    long_comment="--[[",
)
BASH = Grammar(
    module="tree_sitter_bash",
    blocks="keywords",
    queries="bash",
    jumps=("return", "exit", "break", "continue"),
    enders=("}", "fi", "done", "esac", ";;"),
    dividers=("else", "elif"),
    long_comment="",
)
