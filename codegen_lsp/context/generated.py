"""What no person wrote: generated and minified files, by name and by content.

They are long, repetitive and no example to follow. A header counts only as a comment among the
first lines, so that code which speaks of such headers is not taken for generated.
"""

import re

from codegen_lsp.context.denied import name_matcher

GENERATED = (
    *("*.lock", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "packages.lock.json"),
    *("go.sum", "go.work.sum", "bun.lockb", "gradle.lockfile", "package.resolved"),
    *("cartfile.resolved", ".terraform.lock.hcl"),
    *("*.min.js", "*.min.mjs", "*.min.css", "*.js.map", "*.mjs.map", "*.css.map", "*.ts.map"),
    *("*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py", "*.pb.go", "*.pb.cc", "*.pb.h", "*_pb.js"),
    *("*_pb.ts", "*_pb.d.ts", "*.pb.swift", "*_grpc.pb.go", "*.g.dart", "*.freezed.dart"),
    *("*.g.cs", "*.designer.cs", "*.generated.*", "*_generated.*", "zz_generated.*"),
)
_HEADER_LINES = 20
_HEADER = re.compile(
    r"""^\s*(?:\#|//|/\*|\*|--|;|<!--|%|\(\*|'''|\"\"\").*?
    (?:@generated\b
    |(?i:\bdo\ not\ (?:edit|modify)\b)
    |(?i:\b(?:auto-?|automatically\ |code\ |file\ )generated\ (?:by|from|with)\b))""",
    re.VERBOSE | re.MULTILINE,
)
# Longer than what is written by hand: prose with a paragraph to a line has some 300 on average.
_LONGEST_MEAN = 500
_LONGEST_LINE = 10_000

_generated = name_matcher(GENERATED)


def is_generated_name(name: str) -> bool:
    """Whether files called `name` are written by programs."""
    return bool(_generated.fullmatch(f"/{name.lower()}"))


def has_generated_header(text: str) -> bool:
    """Whether a comment at the top of `text` says that a program wrote it."""
    end = 0
    for _ in range(_HEADER_LINES):
        line_end = text.find("\n", end)
        if line_end < 0:
            end = len(text)
            break
        end = line_end + 1
    return bool(_HEADER.search(text, 0, min(end, 4000)))


def is_minified(text: str) -> bool:
    """Whether the lines of `text` are longer than people write them."""
    lines = text.count("\n") + 1
    if len(text) > _LONGEST_MEAN * lines:
        return True
    return len(text) > _LONGEST_LINE and max(map(len, text.split("\n"))) > _LONGEST_LINE
