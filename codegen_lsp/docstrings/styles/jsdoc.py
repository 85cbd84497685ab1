"""JSDoc, and the reading of tags that TSDoc shares.

Types are not written: in TypeScript the signature has them, in JavaScript nobody knows them.
"""

import re

from codegen_lsp.docstrings.content import Entry, SectionKind
from codegen_lsp.docstrings.styles.tags import Tags, tag_style
from codegen_lsp.syntax.signatures.facts import Documentable

_KINDS: dict[str, SectionKind] = {
    "template": "type_parameters",
    "typeParam": "type_parameters",
    "typeparam": "type_parameters",
    "param": "parameters",
    "parameter": "parameters",
    "arg": "parameters",
    "argument": "parameters",
    "returns": "returns",
    "return": "returns",
    "yields": "yields",
    "yield": "yields",
    "throws": "raises",
    "exception": "raises",
    "property": "attributes",
    "prop": "attributes",
}
_NAME = re.compile(r"(?P<name>[^\s\[\]]+)\s*(?:[-\u2013\u2014:]\s+|[-\u2013\u2014:]$)?(?P<text>.*)")
_ERROR = re.compile(
    r"`?(?:\{@link\s+)?(?P<name>[A-Z]\w*(?:\.\w+)+|(?:[A-Z]\w*)?(?:Error|Exception))\b\}?`?"
)
_DASH = re.compile(r"\s*(?:[-\u2013\u2014:]\s+)?")
_SHORT = re.compile(r"-?[\w.]+|'[^'\s\]]*'|\"[^\"\s\]]*\"")


def read_tag(tag: str, rest: str) -> tuple[SectionKind, str, str] | None:
    """Kind, name and text of a tag: `param` and `{string} [name=1] - What it is.`."""
    kind = _KINDS.get(tag)
    if kind is None:
        return None
    written_type, rest = _type_first(rest)
    if kind in ("returns", "yields"):
        return kind, "", _without_dash(rest)
    if kind == "raises":
        return kind, *_thrown(written_type, rest)
    return kind, *_named(rest)


def _type_first(rest: str) -> tuple[str, str]:
    """The type in braces that `rest` begins with, without them, and what follows it."""
    end = 0 if rest.startswith("{@") else _closed(rest, "{", "}")
    return rest[:end][1:-1].strip(), rest[end:].strip()


def _closed(text: str, opening: str, closing: str) -> int:
    """Offset behind the bracket that closes the first character; 0 if that is none, or open."""
    if not text.startswith(opening):
        return 0
    depth = 0
    for offset, character in enumerate(text):
        depth += (character == opening) - (character == closing)
        if depth == 0:
            return offset + 1
    return 0


def _named(rest: str) -> tuple[str, str]:
    end = _closed(rest, "[", "]")
    if end:
        return rest[1 : end - 1].partition("=")[0].strip(), _without_dash(rest[end:])
    found = _NAME.match(rest)
    if found is None:
        return "", rest
    return found["name"].strip("`").removeprefix("...").rstrip(":,?"), found["text"]


def _thrown(written_type: str, rest: str) -> tuple[str, str]:
    if written_type:
        names = re.split(r"[|,]", written_type.strip("()!"))
        return ", ".join(name.strip("()! ") for name in names), _without_dash(rest)
    found = _ERROR.match(rest)
    if found is None:
        return "", rest
    return found["name"], _without_dash(rest[found.end() :])


def _without_dash(text: str) -> str:
    return _DASH.sub("", text, count=1)


def _tagged(kind: SectionKind, entry: Entry, documentable: Documentable) -> str:
    match kind:
        case "returns" | "yields":
            return f"@{kind} {entry.text}"
        case "raises":
            return f"@throws {{{entry.name}}} {entry.text}"
        case "type_parameters":
            return f"@template {entry.name} - {entry.text}".removesuffix(" - ")
        case "attributes":
            return f"@property {entry.name} - {entry.text}".removesuffix(" - ")
        case "parameters":
            return f"@param {_optional(entry.name, documentable)} - {entry.text}".removesuffix(
                " - "
            )


def _optional(name: str, documentable: Documentable) -> str:
    """`name`, in brackets with its default where no type says that it may be left out."""
    for parameter in documentable.parameters:
        if parameter.name == name and parameter.is_optional and parameter.kind == "plain":
            default = f"={parameter.default}" if _SHORT.fullmatch(parameter.default) else ""
            return name if parameter.type else f"[{name}{default}]"
    return name


STYLE = tag_style(
    Tags(
        name="jsdoc",
        demands=("parameters", "returns", "yields", "raises"),
        tolerates=("type_parameters", "attributes"),
        tagged=_tagged,
        prose=str,
        read=read_tag,
        about=("description", "desc", "summary"),
    )
)
