"""Checks on a sentence against the code it speaks of: what can be seen to be false, or empty.

They are one-sided: a sentence that passes may still be wrong, one that fails says something that
the code does not bear out.
"""

import re
from collections.abc import Callable
from enum import StrEnum

from codegen_lsp.context.builtin_names import alone
from codegen_lsp.docstrings.against_name import (
    has_wrong_noun,
    has_wrong_verb,
    is_about_another,
    leaves_name_out,
)
from codegen_lsp.docstrings.against_signature import (
    has_wrong_default,
    has_wrong_effect,
    has_wrong_type,
)
from codegen_lsp.docstrings.claims import Claim
from codegen_lsp.docstrings.imperative import imperative, is_order, is_verb
from codegen_lsp.docstrings.vocabulary import meaningful, unfounded, ungrounded, words


class Fault(StrEnum):
    """Why a sentence is not used."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_ORDER = "no_order"
    NO_NOUN = "no_noun"
    PLACEHOLDER = "placeholder"
    RESTATES_NAME = "restates_name"
    REPEATS = "repeats"
    UNKNOWN_NAME = "unknown_name"
    UNKNOWN_NUMBER = "unknown_number"
    UNKNOWN_QUOTE = "unknown_quote"
    WRONG_DEFAULT = "wrong_default"
    WRONG_TYPE = "wrong_type"
    WRONG_EFFECT = "wrong_effect"
    WRONG_VERB = "wrong_verb"
    WRONG_NOUN = "wrong_noun"
    ABOUT_ANOTHER = "about_another"
    LEAVES_NAME_OUT = "leaves_name_out"
    STRAYS = "strays"
    NOT_RETURNED = "not_returned"
    UNFOUNDED = "unfounded"
    UNSURE = "unsure"


_QUOTED_CODE = re.compile(r"`([^`]*)`")
_CODE_LIKE = re.compile(
    r"(?<![\w.`])(?:[A-Za-z]\w*(?:\.[A-Za-z_]\w+)+|\w*_\w+|[a-z]\w*[a-z][A-Z]\w*"
    r"|[A-Z]\w*[a-z][A-Z]\w*|\w+(?=\(\)))"
)
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_HTTP_METHOD = re.compile(r"\b(?:GET|POST|PUT|PATCH|DELETE)\b")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_QUOTE = re.compile(r"(?<!\w)(?:\"([^\"]+)\"|'([^']+)')(?!\w)|“([^”]+)”")
_PROPER_NAMES = frozenset({"JavaScript", "TypeScript", "GitHub", "OpenAI"})

_DOES = re.compile(r"(\w+) (?:the|an?|new|whether)\b")
_GIVEN = re.compile(r"\b(?:return|yield)\b.{0,200}", re.DOTALL)
"""What is given back, or as much of it as tells what it is."""
_PLACEHOLDER = re.compile(
    r"\bdescription of\b|\bTODO\b|\bFIXME\b|\bN/?A\b|\bthis (?:function|method|class|parameter)\b|"
    r"^the (?:parameter|argument|function|method|return(?:ed)? value)(?: to (?:use|pass))?\.$|"
    r"\bvalue of the (?:parameter|argument)|\bsee (?:above|below)\b|"
    r"\w\[|^\w+ (?:object|instance)(?:, optional)?\.$|"  # the type as it is written
    r"^(?:none|nothing|not (?:used|specified|documented|applicable))\.$|"
    r"^if an? (?:\w+ )?(?:error|exception) (?:occurs|is raised|happens)\b|^how to handle\b|"
    r"^the result of the (?:function|method|operation|call)\b|\bplaceholder\b",
    re.IGNORECASE,
)
_LEAST_SUMMARY_LOGPROB = -0.7
"""Of 63 summaries read, some 8 of the 19 below it were false, and 4 of the 44 above."""
_LEAST_ENTRY_LOGPROB = -0.55
_LEAST_LOGPROB = -1.2
_MOST_BEYOND_SIGNATURE = 1
"""Uncommon words; "Retrieve routes from an OAuth server." of `get_routes` has two."""
_SURE_LOGPROB = -0.25
"""Below it not a single word may be unfounded."""


def fault(claim: Claim) -> Fault | None:
    """What is wrong with the sentence; None if no check finds anything."""
    return next((fault for fault, is_found in _CHECKS if is_found(claim)), None)


def _is_empty(claim: Claim) -> bool:
    return len(words(claim.sentence.removeprefix(claim.gap.lead))) == 0


def _is_no_order(claim: Claim) -> bool:
    return claim.gap.is_order and not is_order(claim.sentence, claim.code.documentable.name)


def _is_no_noun(claim: Claim) -> bool:
    """The summary of what cannot be called says that something is done: "Create a basket."."""
    match = _DOES.match(claim.sentence)
    is_noun = claim.gap.kind is None and not claim.gap.is_order
    return is_noun and match is not None and is_verb(imperative(match[1]))


def _is_placeholder(claim: Claim) -> bool:
    return _PLACEHOLDER.search(claim.sentence) is not None


def _restates_name(claim: Claim) -> bool:
    """A name's explanation that has no word beyond the name."""
    gap = claim.gap
    if gap.kind in {None, "raises"} or gap.lead:
        return False
    return bool(gap.name) and meaningful(claim.sentence) <= meaningful(gap.name)


def _repeats(claim: Claim) -> bool:
    said = meaningful(claim.sentence)
    return claim.gap.name != "" and any(said == meaningful(other) for other in claim.earlier)


def _has_unknown_name(claim: Claim) -> bool:
    code, sentence = claim.code, claim.sentence
    known = code.file_names.union(alone(code.language), _IDENTIFIER.findall(code.source))
    quoted = [name for part in _QUOTED_CODE.findall(sentence) for name in _IDENTIFIER.findall(part)]
    bare = _CODE_LIKE.findall(_QUOTED_CODE.sub("", sentence))
    parts = [
        name for like in bare if like not in _PROPER_NAMES for name in _IDENTIFIER.findall(like)
    ]
    return any(name not in known for name in [*quoted, *parts, *_HTTP_METHOD.findall(sentence)])


def _has_unknown_number(claim: Claim) -> bool:
    return any(
        re.search(rf"(?<!\d){re.escape(number)}(?!\d)", claim.code.source) is None
        for number in _NUMBER.findall(_QUOTED_CODE.sub("", claim.sentence))
    )


def _has_unknown_quote(claim: Claim) -> bool:
    quoted = (text for parts in _QUOTE.findall(claim.sentence) for text in parts if text)
    return any(text.strip(".,") not in claim.code.source for text in quoted)


def _is_unfounded(claim: Claim) -> bool:
    """Words that nothing in the code has a share in.

    One is let pass where the model was sure, and one more that can be said of any code; none of
    either where the sentence is about a property or an attribute, which a small model embellishes.
    """
    code, gap = claim.code, claim.gap
    evidence = "\n".join((code.source, code.documentable.container, *code.callers))
    is_named = gap.kind == "attributes" or (
        gap.kind is None and code.documentable.kind == "property"
    )
    free = 0 if is_named else int(claim.mean_logprob >= _SURE_LOGPROB)
    vague = 0 if is_named else 1 + (gap.kind is None)
    strange = unfounded(claim.sentence, evidence)
    return len(strange) > free or len(ungrounded(claim.sentence, evidence)) > free + vague


def _strays(claim: Claim) -> bool:
    """Two words that the signature has not: a small model makes more of a body than there is."""
    definition, gap = claim.code.documentable, claim.gap
    if gap.kind in {"raises", "attributes"} or (gap.kind is None and not gap.is_order):
        return False
    parameters = (f"{each.name} {each.type}" for each in definition.parameters)
    names = (definition.name, definition.container, definition.returns)
    known = " ".join((*names, *parameters, *claim.code.callers))
    said = claim.sentence.partition(" ")[2] if gap.is_order else claim.sentence
    return len(unfounded(said, known)) > _MOST_BEYOND_SIGNATURE


def _is_not_returned(claim: Claim) -> bool:
    """What comes back is said to be what neither the name, the type nor a `return` speaks of."""
    code, gap = claim.code, claim.gap
    if gap.kind not in {"returns", "yields"} or gap.lead:
        return False
    given = [match.group() for match in _GIVEN.finditer(code.source)]
    names = (each.name for each in code.documentable.parameters)
    known = " ".join((code.documentable.name, code.documentable.returns, *names, *given))
    return len(ungrounded(claim.sentence, known)) > 1


def _is_unsure(claim: Claim) -> bool:
    """The model was not sure, and says more than the names of the signature do."""
    is_summary = claim.gap.kind is None
    if claim.mean_logprob >= (_LEAST_SUMMARY_LOGPROB if is_summary else _LEAST_ENTRY_LOGPROB):
        return False
    definition = claim.code.documentable
    names = " ".join((definition.name, *(each.name for each in definition.parameters)))
    says_more = not meaningful(claim.sentence) <= meaningful(names)
    return not is_summary or says_more or claim.mean_logprob < _LEAST_LOGPROB


_CHECKS: tuple[tuple[Fault, Callable[[Claim], bool]], ...] = (
    (Fault.EMPTY, _is_empty),
    (Fault.NO_ORDER, _is_no_order),
    (Fault.NO_NOUN, _is_no_noun),
    (Fault.PLACEHOLDER, _is_placeholder),
    (Fault.RESTATES_NAME, _restates_name),
    (Fault.REPEATS, _repeats),
    (Fault.UNKNOWN_NAME, _has_unknown_name),
    (Fault.UNKNOWN_NUMBER, _has_unknown_number),
    (Fault.UNKNOWN_QUOTE, _has_unknown_quote),
    (Fault.WRONG_DEFAULT, has_wrong_default),
    (Fault.WRONG_TYPE, has_wrong_type),
    (Fault.WRONG_EFFECT, has_wrong_effect),
    (Fault.WRONG_VERB, has_wrong_verb),
    (Fault.WRONG_NOUN, has_wrong_noun),
    (Fault.ABOUT_ANOTHER, is_about_another),
    (Fault.LEAVES_NAME_OUT, leaves_name_out),
    (Fault.UNFOUNDED, _is_unfounded),
    (Fault.STRAYS, _strays),
    (Fault.NOT_RETURNED, _is_not_returned),
    (Fault.UNSURE, _is_unsure),
)
