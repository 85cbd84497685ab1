"""What a sentence says of defaults, types and effects, against what the syntax tree knows."""

import re
from collections.abc import Callable

from codegen_lsp.docstrings.claims import Claim
from codegen_lsp.docstrings.words import Code

_DEFAULT = re.compile(
    r"\b(?:default(?:s|ing)? (?:value )?(?:is|to|of)|by default,?)\s+(\S+(?: list| dict| string)?)|"
    r"(\S+)(?: is the default| by default)",
    re.IGNORECASE,
)
_SPEAKS_OF_DEFAULT = re.compile(
    r"\bdefaults?\b|\boptional(?:ly)?\b|\bif (?:provided|given)\b", re.I
)
_EVERYTHING = re.compile(r"\b(?:all|every|any)\b")
"""What None may stand for: "How many lines to read, all of them by default."."""
_REQUIRED = re.compile(r"\b(?:required|mandatory)\b", re.IGNORECASE)
_TYPES = {
    "string": ("str", "string", "char", "text", "path", "name", "url"),
    "integer": ("int", "long", "short", "size", "number", "u8", "u16", "u32", "u64", "i32", "i64"),
    "boolean": ("bool",),
    "list": ("list", "sequence", "[]", "vec", "array", "slice", "iterable", "collection", "set"),
    "dictionary": ("dict", "map", "record", "object", "json"),
    "tuple": ("tuple", "pair", "(", "["),
    "function": ("call", "func", "fn", "=>", "->", "handler", "decorator", "lambda", "method"),
    "iterator": ("iter", "generator"),
    "generator": ("iter", "generator"),
}
_VAGUE_TYPES = frozenset({"", "any", "object", "unknown", "t", "auto", "var", "self", "f"})
_GENERATOR = re.compile(r"\bgenerators?\b", re.IGNORECASE)
"""What a function that yields gives back, not what it yields."""
_BRANCH = re.compile(
    r"\b(?:if|else|match|case|switch|except|catch|or|and|when|while|for)\b|[?|&]{1,2}"
)
_EFFECTS: tuple[tuple[re.Pattern[str], Callable[[Code], bool]], ...] = (
    (
        re.compile(r"\basync(?:hronous(?:ly)?)?\b", re.IGNORECASE),
        lambda code: code.documentable.is_async or "async" in code.source or "await" in code.source,
    ),
    (
        re.compile(r"\b(?:raises?|raising|throws?)\b", re.IGNORECASE),
        lambda code: bool(code.documentable.raises) or "raise" in code.source,
    ),
    (
        re.compile(r"\b(?:if|unless|otherwise)\b"),
        lambda code: _BRANCH.search(code.source) is not None,
    ),
    (
        re.compile(r"\b(?:whether|if) (?:all|every)\b"),
        lambda code: "any(" not in code.source or "all(" in code.source,
    ),
    (
        re.compile(r"\bcontext managers?\b", re.IGNORECASE),
        lambda code: (
            re.search(r"context_?manager|\bwith\b|__a?enter__", code.source, re.I) is not None
        ),
    ),
    (re.compile(r"\byields?\b", re.IGNORECASE), lambda code: "yield" in code.source.lower()),
    (
        re.compile(r"^Returns?\b"),
        lambda code: code.documentable.returns_value or code.documentable.yields,
    ),
    (
        re.compile(r"\b(?:prints?|printing)\b", re.IGNORECASE),
        lambda code: "print" in code.source.lower() or "echo" in code.source,
    ),
)


def has_wrong_default(claim: Claim) -> bool:
    """Whether it speaks of a default that the parameter has not."""
    parameter = claim.gap.parameter
    if parameter is None:
        return False
    if parameter.is_optional and _REQUIRED.search(claim.sentence):
        return True
    if claim.gap.kind == "parameters" and not parameter.is_optional:
        return _SPEAKS_OF_DEFAULT.search(claim.sentence) is not None
    if parameter.default == "None" and _EVERYTHING.search(claim.sentence):
        return False
    given = parameter.default.strip("\"'").lower()
    found = (match[1] or match[2] for match in _DEFAULT.finditer(claim.sentence))
    return any(value.strip("`\"'.,;()").lower() != given for value in found)


def has_wrong_type(claim: Claim) -> bool:
    """Whether it begins with what a value is, and the signature says otherwise."""
    gap, sentence = claim.gap, claim.sentence.lower()
    if gap.kind == "yields":
        return _GENERATOR.search(sentence) is not None
    if gap.kind not in {"parameters", "attributes", "returns"}:
        return False
    declared = gap.type.lower()
    if _speaks_of_nothing(claim):
        return True
    if declared in _VAGUE_TYPES:
        return False
    if re.match(r"(?:whether|true if|true when)\b", sentence) and "bool" not in declared:
        return True
    match = re.match(r"(?:an?|the) (?:new |optional )?(\w+)\b", sentence)
    accepted = _TYPES.get(match[1]) if match else None
    return accepted is not None and not any(part in declared for part in accepted)


def _speaks_of_nothing(claim: Claim) -> bool:
    """It says that None comes back, and nothing gives it."""
    if claim.gap.kind != "returns" or not re.search(r"\bNone\b", claim.sentence):
        return False
    declared = claim.gap.type
    return (
        not re.search(r"None|Optional|Any\b|object", declared)
        if declared
        else "None" not in claim.code.source and "return\n" not in claim.code.source
    )


def has_wrong_effect(claim: Claim) -> bool:
    """Whether it says that something is done of which the code has no trace."""
    if claim.gap.kind not in {None, "returns", "yields"}:
        return False
    return any(
        pattern.search(claim.sentence) and not is_so(claim.code) for pattern, is_so in _EFFECTS
    )
