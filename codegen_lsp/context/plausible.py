"""Whether a text that stands where secrets stand looks like one.

Code is full of strings that are assigned to names such as `password`: names of fields, paths,
examples. What people write reads as words; what a program drew does not.
"""

import re
from itertools import pairwise

# Words of examples and of names; digits behind them change nothing.
_EXAMPLE = re.compile(
    r"change|me|replace|this|your|my|the|an?|example|sample|dummy|fake|mock|test(?:ing)?|todo|placeholder"
    r"|insert|here|foo|bar|baz|qux|spam|eggs|lorem|ipsum|none|null|undefined|redacted|hidden|masked"
    r"|password|passwd|passphrase|pass|pwd|pw|secrets?|tokens?|api|keys?|access|private|public|auth"
    r"|user(?:name)?|admin|root|guest|login|client|service|account|value|string|text|default|super"
    r"|very|long|correct|wrong|invalid|bad|good|old|new|some|any|x{2,}|\*+|\.{2,}"
    r"|sha|md|argon|pbkdf|bcrypt|scrypt|aes|rsa|hs|rs|es|utf|base|x509|oauth|oidc|jwt|saml"
    r"|postgres|mysql|redis|mongo|rabbitmq|minio",
    re.IGNORECASE,
)
# Where a value comes from rather than the value: a path, an address, a variable, a template.
_REFERENCE = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|\.{0,2}/|~/|\$\w+$|@\w+$|%\w+%$|arn:)|.*(?:\$\{|\{\{|%\(|%s)"
    r"|[{<\[(].*[}>\])]$",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"[^\W_]+")
_NAME_SEGMENT = re.compile(r"[^\W\d_]*\d{0,2}|\d+")
# Letters that can be spoken: no four consonants in a row.
_SPOKEN = r"(?:[b-df-hj-np-tv-xz]{0,3}[aeiouy]{1,3})+[b-df-hj-np-tv-xz]{0,3}"
_WORD = re.compile(rf"[A-Z]?{_SPOKEN}|{_SPOKEN.upper()}")
_WITHIN = re.compile(r"[^\W_][!$^&]+[^\W_]")
_SHORTEST = 6
_SHORTEST_RANDOM = 20


def is_password(value: str) -> bool:
    """Whether `value`, assigned to a name such as `password`, is a secret itself."""
    value = value.strip()
    if len(value) < _SHORTEST or re.search(r"\s", value) or not re.search(r"[^\W\d_]", value):
        return False
    if _REFERENCE.match(value) or _is_example(value):
        return False
    return not _is_name(value)


def is_secret_of_url(value: str) -> bool:
    """Whether `value`, the password in an address, is more than an example."""
    return not _REFERENCE.match(value) and not value.startswith("%") and not _is_example(value)


def is_random(value: str) -> bool:
    """Whether a long `value` was drawn rather than written."""
    if len(value) < _SHORTEST_RANDOM or _is_sequence(value) or len(set(value)) < 8:
        return False
    if not any(map(str.isdigit, value)) or not any(map(str.isalpha, value)):
        return False
    return not _reads(value)


def _is_example(value: str) -> bool:
    """Whether little is left of `value` without the words of examples."""
    rest = _EXAMPLE.sub("", value)
    rest = re.sub(r"\W|_|(?:012)?(?:1?23?4?5?6?7?8?9?0?)$|\d{1,4}$", "", rest)
    return len(rest) < 4 or len(set(rest)) == 1


def _is_name(value: str) -> bool:
    """Whether `value` is made like the names of fields, headers and files: words, few digits."""
    if _WITHIN.search(value):
        return False
    segments = _SEGMENT.findall(value)
    if len(segments) == 1:
        name = segments[0]
        return name.isalpha() and (name.islower() or name.isupper() or _reads(name))
    return all(_NAME_SEGMENT.fullmatch(segment) for segment in segments)


def _reads(value: str) -> bool:
    """Whether half of `value` can be read as words."""
    lengths = [len(word[0]) for word in _WORD.finditer(value)]
    return sum(length for length in lengths if length >= 4) >= 0.5 * len(value)


def _is_sequence(value: str) -> bool:
    """Whether most characters of `value` follow the one before, as in an alphabet."""
    steps = sum(ord(after) - ord(before) == 1 for before, after in pairwise(value))
    return steps > len(value) // 2
