"""Go doc comments: sentences that begin with the name, and no parts (go.dev/doc/comment)."""

import re
from collections.abc import Sequence

from codegen_lsp.docstrings.content import Content, Entry, Layout, Parsed, SectionKind, Style
from codegen_lsp.docstrings.styles.comment_lines import comment, paragraph, read, wrapped
from codegen_lsp.docstrings.styles.third_person import is_order, third_person
from codegen_lsp.syntax.signatures.facts import Documentable

_MARK = "// "
_ARTICLE = re.compile(r"(?:An?|The|All|Any|Each|Its?|No|One|Some|What|Whether)\b")


def sentence(summary: str, documentable: Documentable) -> str:
    """`summary` as a sentence that begins with the name of what it is about."""
    name = documentable.name
    if re.match(rf"`?{re.escape(name)}\b`? (?!of\b|for\b|that\b|with\b)", summary):
        return summary.replace("`", "")
    words = third_person(summary, documentable).replace("`", "")
    verb = "" if is_order(summary, documentable) else _verb(words, documentable)
    return f"{name} {verb}{_uncapitalised(words)}"


def _verb(words: str, documentable: Documentable) -> str:
    """The verb, and the article, that a summary which is only a name for something lacks."""
    article = "" if _ARTICLE.match(words) else "the "
    if documentable.kind in ("function", "method"):
        return f"returns {article}" if documentable.returns_value else f"handles {article}"
    return f"represents {article}" if article else "is "


def _uncapitalised(words: str) -> str:
    """`words` as they stand within a sentence; names such as "HTTP" and "JSONLine" stay."""
    is_name = re.match(r"\w*[A-Z0-9]", words[1:])
    return words if is_name else words[:1].lower() + words[1:]


def _render(content: Content, documentable: Documentable, layout: Layout) -> list[str]:
    if not content.summary:
        return []
    return comment(wrapped(sentence(content.summary, documentable), layout, _MARK), layout, _MARK)


def _render_section(
    _kind: SectionKind, _entries: Sequence[Entry], _documentable: Documentable, _layout: Layout
) -> list[str]:
    return []


def _parse(text: str) -> Parsed:
    found = read(text)
    return Parsed(found.lines, paragraph(found.contents), (), found.problem, found.mark)


STYLE = Style("godoc", (), (), _render, _render_section, _parse)
