r"""Doxygen: tags that begin with `@` or a backslash, in blocks or behind `///`."""

import re

from codegen_lsp.docstrings.content import Entry, SectionKind
from codegen_lsp.docstrings.styles.comment_lines import by_span
from codegen_lsp.docstrings.styles.tags import Tags, tag_style
from codegen_lsp.syntax.signatures.facts import Documentable

_KINDS: dict[str, SectionKind] = {
    "tparam": "type_parameters",
    "param": "parameters",
    "return": "returns",
    "returns": "returns",
    "result": "returns",
    "retval": "returns",
    "throw": "raises",
    "throws": "raises",
    "exception": "raises",
}
_TAGS: dict[SectionKind, str] = {
    "type_parameters": "@tparam",
    "parameters": "@param",
    "returns": "@return",
    "raises": "@throws",
}
_NAMED = re.compile(r"(?:\[[^\]]*\]\s*)?(?P<name>[^\s,]*(?:,[^\s,]+)*)\s*(?:[-:]\s+)?(?P<text>.*)")
_MARKS = re.compile(r"[@\\<]")


def read_tag(tag: str, rest: str) -> tuple[SectionKind, str, str] | None:
    """Kind, name and text of a tag: `param` and `[in] count how many`."""
    kind = _KINDS.get(tag)
    if kind is None:
        return None
    if kind == "returns":
        return kind, "", rest
    named = _NAMED.match(rest)
    if named is None:
        return kind, "", rest
    return kind, named["name"].rstrip(":,").replace(",", ", "), named["text"]


def _tagged(kind: SectionKind, entry: Entry, _: Documentable) -> str:
    return f"{_TAGS[kind]} {entry.name} {entry.text}"


def _prose(text: str) -> str:
    return by_span(text, lambda words: _MARKS.sub(r"\\\g<0>", words), lambda code: f"`{code}`")


STYLE = tag_style(
    Tags(
        name="doxygen",
        demands=("type_parameters", "parameters", "returns", "raises"),
        tolerates=(),
        tagged=_tagged,
        prose=_prose,
        read=read_tag,
        brief="@brief ",
        about=("brief", "short"),
        sign=r"[@\\]",
        ends_at_blank=True,
    )
)
