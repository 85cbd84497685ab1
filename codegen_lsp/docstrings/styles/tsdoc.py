"""TSDoc: the tags of JSDoc without types, and with a few characters escaped (tsdoc.org)."""

import re

from codegen_lsp.docstrings.content import Entry, SectionKind
from codegen_lsp.docstrings.styles.comment_lines import by_span
from codegen_lsp.docstrings.styles.jsdoc import read_tag
from codegen_lsp.docstrings.styles.tags import Tags, tag_style
from codegen_lsp.syntax.signatures.facts import Documentable

_TAGS: dict[SectionKind, str] = {"type_parameters": "@typeParam", "parameters": "@param"}
_MARKS = re.compile(r"[{}<>@\\]")


def _tagged(kind: SectionKind, entry: Entry, _: Documentable) -> str:
    match kind:
        case "returns" | "yields":
            return f"@{kind} {entry.text}"
        case "raises":
            return f"@throws {entry.name} {entry.text}"
        case _:
            return f"{_TAGS.get(kind, '@property')} {entry.name} - {entry.text}".removesuffix(" - ")


def _prose(text: str) -> str:
    return by_span(text, lambda words: _MARKS.sub(r"\\\g<0>", words), lambda code: f"`{code}`")


STYLE = tag_style(
    Tags(
        name="tsdoc",
        demands=("type_parameters", "parameters", "returns", "raises"),
        tolerates=("yields", "attributes"),
        tagged=_tagged,
        prose=_prose,
        read=read_tag,
        about=("summary", "description"),
    )
)
