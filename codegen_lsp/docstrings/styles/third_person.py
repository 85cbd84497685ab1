"""Summaries as the guides for comments want them: "Returns the name.", not "Return the name.".

Java, C#, Rust (RFC 1574), Go and Google's guide for JavaScript ask for the third person.
"""

import re

from codegen_lsp.docstrings.styles.comment_lines import by_span
from codegen_lsp.syntax.signatures.facts import Documentable

_IRREGULAR = {"be": "is", "do": "does", "go": "goes", "have": "has", "undo": "undoes"}
_FIRST = re.compile(r"(?P<before>\w+ly )?(?P<verb>[A-Za-z][a-z]+(?:-[a-z]+)*)(?=[ .,]|$)")
_NO_ADVERB = frozenset(
    ("apply", "comply", "fly", "imply", "multiply", "ply", "rely", "reply", "supply", "tally")
)
_NO_VERB = re.compile(
    r"(?:a|after|all|an|any|as|at|before|both|by|during|each|for|from|how|if|in|it|its|like|no|of|"
    r"on|one|only|some|that|the|these|this|those|to|what|when|whether|with)\b",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"(?!Dispose)\w+ of\b|\w+(?:ance|ence|er|ion|ity|ment|ness|or|s) (?:for|that|which)\b"
)
_SECOND = re.compile(
    r"(?:(?<= and )|(?<= then ))(?:append|apply|clear|close|compute|convert|create|delete|fetch|"
    r"format|generate|get|initialize|insert|load|merge|parse|print|process|raise|read|register|"
    r"remove|render|reset|resolve|return|save|send|store|throw|update|validate|verify|write|yield)"
    r"(?= )"
)
"""Verbs that the second part of a summary may begin with: "Open the file and read it."."""
_OF_TYPE = re.compile(
    r"(?:act|add|allow|bundle|build|collect|compute|contain|control|convert|create|define|"
    r"describe|enable|encapsulate|execute|extend|generate|handle|hold|implement|iterate|keep|"
    r"maintain|manage|model|offer|parse|perform|provide|read|render|represent|run|send|serve|"
    r"specify|store|support|track|transform|validate|wrap|write)s? (?!of\b|for\b)|"
    r"[a-z]+ (?:a|all|an|each|its|one|the)\b",
    re.IGNORECASE,
)
"""How the summary of a type begins that is no name for it."""


def third_person(summary: str, documentable: Documentable) -> str:
    """`summary`, which may give an order, as a statement: its first verb in the third person.

    That of a type is mostly no order but a name for it, and stays.
    """
    found = _FIRST.match(summary) if is_order(summary, documentable) else None
    if found is None:
        return summary
    before, verb = found["before"] or "", found["verb"]
    if before.rstrip().lower() in _NO_ADVERB:
        before, verb = "", before.rstrip()
    rest = by_span(summary[len(before) + len(verb) :], _with_second_verb, "`{}`".format)
    return before + inflected(verb) + rest


def is_order(summary: str, documentable: Documentable) -> bool:
    """`summary` begins with a verb, in the imperative or in the third person."""
    if documentable.kind in ("class", "interface", "struct", "enum"):
        return _OF_TYPE.match(summary) is not None and not _NO_VERB.match(summary)
    return _FIRST.match(summary) is not None and not (
        _NO_VERB.match(summary) or _NOUN.match(summary)
    )


def inflected(verb: str) -> str:
    """The third person of `verb`, with its capitals; one that is in the third person stays."""
    low = verb.lower()
    if low in _IRREGULAR:
        return _IRREGULAR[low].capitalize() if verb[0].isupper() else _IRREGULAR[low]
    if re.search(r"(?:ss|sh|ch|x|z|us|[^o]o)$", low):
        return f"{verb}es"
    if low.endswith("s"):
        return verb
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", low) else f"{verb}s"


def _with_second_verb(words: str) -> str:
    return _SECOND.sub(lambda verb: inflected(verb.group()), words)
