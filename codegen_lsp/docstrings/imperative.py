"""The mood of a summary: an order ("Return the rows"), as PEP 257 asks for."""

from functools import cache

from codegen_lsp.docstrings.styles.third_person import inflected
from codegen_lsp.docstrings.vocabulary import word_list, words

_VERBS = word_list("verbs")
"""Base forms of what code does."""
_IRREGULAR = {"does": "do", "has": "have", "is": "be", "goes": "go"}
_BEHIND_A_NOUN = frozenset({"of", "which", "are"})
"""Words that make a noun of what might be a verb: "Changes of the file"."""


def is_order(sentence: str, name: str) -> bool:
    """Whether `sentence` begins with a verb; the first word of `name` counts as one.

    An adverb may stand before it: "Recursively walk the tree."
    """
    plain = [word.strip(".,`") for word in sentence.split()[:2]]
    first = plain[1:] if plain and plain[0].endswith("ly") and not is_verb(plain[0]) else plain
    return bool(first) and (is_verb(first[0]) or first[0].lower() in words(name)[:1])


def is_verb(word: str) -> bool:
    """Whether `word` is the base form of a verb that code is described with."""
    return word.lower() in _VERBS


def imperative(sentence: str) -> str:
    """`sentence` as an order, where its first word is a verb in another form."""
    first, space, rest = sentence.partition(" ")
    base = _bases().get(first.lower())
    if base is None:
        return sentence
    if rest.partition(" ")[0] in _BEHIND_A_NOUN:
        return sentence
    return base.capitalize() + space + rest


@cache
def _bases() -> dict[str, str]:
    """Base form of each third person and each -ing form."""
    forms = {inflected(verb): verb for verb in sorted(_VERBS)}
    for verb in sorted(_VERBS):
        stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
        forms.setdefault(stem + "ing", verb)
        forms.setdefault(stem + stem[-1] + "ing", verb)  # "getting"
    return {form: base for form, base in forms.items() if form not in _VERBS} | _IRREGULAR
