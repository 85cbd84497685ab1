"""A sentence made tidy: one, with a capital and a period, and nothing invented behind it."""

import re
from collections.abc import Iterator

from codegen_lsp.docstrings.gaps import Gap
from codegen_lsp.docstrings.imperative import imperative
from codegen_lsp.docstrings.sentences import Said

_PURPOSE = re.compile(
    r"(?:,? (?:such as|for example|for instance|e\.g\.|i\.e\.|like when)\b"
    r"|, (?:(?:\w+ly )?\w+ing|which|so that|thus|thereby|useful|typically|usually|optionally|"
    r"(?:if|when|unless|until|for)|etc)\b).*"
)
"""What a small model adds of its own: "..., allowing the user to log in", "..., if needed"."""
_NONE_IF = re.compile(r"(\b(?:or|and) (?:`None`|None|null|undefined|nil)) (?:if|when|in case)\b.*")
"""When it is None is what a small model is most often wrong about."""
_OR_CONSTANT = re.compile(
    r" \(optional\)$|,? (?:or|and) `?(?:None|null|nil|undefined|True|False)`?"
    r"(?: (?:if|when|for)\b.*)?$"
)
"""What a parameter is when it is left out, or for what, is said by its default."""
_AS_TYPE = re.compile(
    r"(?:an? |the )?(?:string|str|integer|int|number|float|boolean|bool|flag|value|object)"
    r"(?: value)?,? (?:representing|indicating|specifying|describing|denoting|that "
    r"(?:represents|indicates|specifies|describes|denotes|determines))"
    r" (?=(?:the|an?|whether|how|what|which|if) )",
    re.IGNORECASE,
)
"""What says no more than the signature does: "A string representing the ..."."""
_TYPE_FIRST = re.compile(r"(?:`?[\w.\[\]| ]+`?|\([^)]*\)): (?=\S)")
_INDICATES = re.compile(r"(?:indicates|specifies|determines|if true,?) (?=whether )", re.IGNORECASE)
_ABOUT_ITSELF = re.compile(
    r"(?:this|the) (?:async(?:hronous)? )?(?:function|method|class|constructor|property|helper)"
    r" (?:is used to |is responsible for |is for |will |can |that )?",
    re.IGNORECASE,
)
_GIVES = re.compile(r"(?:returns?|gets?|retrieves?|represents?) (?=(?:the|an?|whether) )", re.I)
"""What a property or a class is described with, though it does nothing."""
_ASKS_IF = re.compile(
    r"^((?:check|determine|test|verify|tell|decide|see|return)s?) if\b", re.IGNORECASE
)
_MARKS = re.compile(r"\*\*|__(?=\s|$)|<br ?/?>")
_SPACES = re.compile(r"\s+")
_PLAIN_WORD = re.compile(r"[a-z]+(?:'s)?(?= |[.,]|$)")
_CUTS = re.compile(
    r", | (?:and|or|with|that|which|using|based on|while|when|where|if|unless|for|to|from|by|in|as|"
    r"on) | \("
)
_FEWEST_WORDS = 3
_FEWEST_OF_CLAUSE = 2
_LEADS_ON = re.compile(r"(?:,| (?:a|an|and|as|by|for|from|if|in|is|its|of|on|or|the|to|with))$")


def tidy(said: Said, gap: Gap) -> str:
    """What was said as one sentence; "" where nothing that stands alone is left."""
    text = _MARKS.sub("", _SPACES.sub(" ", said.text)).strip(" *-").rstrip(".")
    whole = text if gap.kind == "raises" else _PURPOSE.sub("", text)
    if whole == text and not said.is_complete:
        return next(shorter(text), "")
    if gap.is_order:
        return finished(_ASKS_IF.sub(r"\1 whether", imperative(_without(_ABOUT_ITSELF, whole))))
    if gap.kind is None:
        return finished(_without(_GIVES, _without(_ABOUT_ITSELF, whole)))
    if gap.kind == "returns":
        whole = _NONE_IF.sub(r"\1", whole)
    if gap.parameter is not None:
        whole = _OR_CONSTANT.sub("", whole)
    if not gap.lead:
        whole = _without(_INDICATES, _without(_AS_TYPE, _without(_TYPE_FIRST, whole)))
    return finished(whole)


def shorter(sentence: str) -> Iterator[str]:
    """What `sentence` begins with: cut before its last clause, before the one before that, ...

    What is left of a true sentence is true, as far as the clauses only add to it.
    """
    for match in reversed(list(_CUTS.finditer(sentence))):
        head = sentence[: match.start()]
        is_broken = (
            _LEADS_ON.search(head) or len(head.rpartition(", ")[2].split()) < _FEWEST_OF_CLAUSE
        )
        cut = "" if is_broken else finished(head)
        if len(cut.split()) >= _FEWEST_WORDS:
            yield cut


def finished(text: str) -> str:
    """`text` with a capital, unless it begins with a name of the code, and a period.

    "" if nothing is left, or if a bracket or a backtick is open.
    """
    text = text.strip().rstrip(".,;:!?").rstrip()
    is_open = text.count("(") != text.count(")") or text.count("`") % 2 == 1
    if not text or is_open:
        return ""
    if _PLAIN_WORD.match(text):
        text = text[0].upper() + text[1:]
    return text + "."


def _without(beginning: re.Pattern[str], text: str) -> str:
    match = beginning.match(text)
    return text[match.end() :] if match else text
