"""Javadoc: tags, and HTML in sentences."""

import re
from html import escape

from codegen_lsp.docstrings.content import Entry, SectionKind
from codegen_lsp.docstrings.styles.comment_lines import by_span
from codegen_lsp.docstrings.styles.tags import Tags, tag_style
from codegen_lsp.syntax.signatures.facts import Documentable

_NAMED = re.compile(r"(?P<open><)?(?P<name>[^\s<>]*)>?\s*(?:-\s+)?(?P<text>.*)")


def read_tag(tag: str, rest: str) -> tuple[SectionKind, str, str] | None:
    """Kind, name and text of a tag: `param` and `<T> what it stands for`."""
    if tag in ("return", "returns"):
        return "returns", "", rest
    named = _NAMED.match(rest)
    if named is None or tag not in ("param", "throws", "exception"):
        return None
    kind: SectionKind = "raises" if tag != "param" else "parameters"
    return "type_parameters" if named["open"] else kind, named["name"].strip(":,"), named["text"]


def _tagged(kind: SectionKind, entry: Entry, _: Documentable) -> str:
    match kind:
        case "returns":
            return f"@return {entry.text}"
        case "raises":
            return f"@throws {entry.name} {entry.text}"
        case "type_parameters":
            return f"@param <{entry.name}> {entry.text}"
        case _:
            return f"@param {entry.name} {entry.text}"


def _prose(text: str) -> str:
    return by_span(text, _html, _code)


def _html(text: str) -> str:
    return escape(text, quote=False).replace("*/", "*&#47;").replace("{@", "{&#64;")


def _code(code: str) -> str:
    """`code` as an inline tag; as HTML where a brace or the end of a comment would end that."""
    if code.count("{") == code.count("}") and "*/" not in code:
        return f"{{@code {code}}}"
    return f"<code>{_html(code)}</code>"


STYLE = tag_style(
    Tags(
        name="javadoc",
        demands=("type_parameters", "parameters", "returns", "raises"),
        tolerates=(),
        tagged=_tagged,
        prose=_prose,
        read=read_tag,
    )
)
