"""Takes secrets out of text before it enters a prompt, the index or a log.

Whole files are to be redacted, before anything is cut out of them: a key that is cut in two is not
known for one. Lines stay where they are.
"""

import re
from collections.abc import Iterator
from pathlib import PurePath

from detect_secrets.filters.heuristic import is_likely_id_string

from codegen_lsp.context.plausible import is_random
from codegen_lsp.context.secret_patterns import (
    BASE64,
    HEX,
    KEYWORD,
    PLAIN_ASSIGNMENTS,
    QUOTED_ASSIGNMENTS,
    SHELL_ASSIGNMENTS,
    TOKENS,
    Detector,
)

PLACEHOLDER = "REDACTED"

_Span = tuple[int, int]

# What may follow in the same token where a pattern stops at the least length.
_REST = re.compile(r"[\w+/=-]*(?:\.[\w+/=-]+)*")
# The start of a private key, and what can be one after it: lines of base64 (the last may be short),
# headers, and what source code puts around them. Code that only speaks of keys ends it at once.
_KEY_HEADER = (
    r"(?:Proc-Type|DEK-Info|Version|Comment|Hash|Encryption|Key-Derivation|Argon2-\w+|Public-Lines"
    r"|Private-Lines|Private-MAC|Private-Hash|X-[\w-]+): [^\n\"'\\]*"
)
_AROUND = r"(?:\\[nrt]|//|[\s\"'`+,;.#*>|()&\\])"
_KEY = re.compile(
    r"(?:-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d: [^\n]*)"
    rf"(?P<body>(?>{_AROUND}|{_KEY_HEADER}|[A-Za-z0-9+/=]{{16,}}"
    rf"|(?>[A-Za-z0-9+/=]+{_AROUND}*){{1,2}}(?=-----END|P(?:ublic|rivate)-|\Z))*+)"
)
_KEY_LINE = re.compile(r"[A-Za-z0-9+/=]{24,}")
_KEY_WORD = re.compile(r"(?<!\\)[A-Za-z0-9+/=]*[A-Za-z0-9][A-Za-z0-9+/=]*")
# Settings files whose values stand without quotes.
_PLAIN_VALUES = frozenset({".yaml", ".yml", ".ini", ".cfg", ".cnf", ".conf", ".cf", ".properties"})
_PLAIN_VALUES |= {".toml", ".env", ".eyaml"}
_SHELL = frozenset({".bash", ".sh", ".zsh"})
# How far from its name a value is looked for, so that a long line is not read over and over.
_BEFORE, _AFTER = 200, 400
_QUOTED = re.compile(r"([\"'])([A-Za-z0-9+/=_-]{20,})\1")
_HEX = re.compile(r"[0-9a-fA-F]{32,}")
# What is called so before it, or begins so, is meant to be seen.
_CHECKSUM = re.compile(
    r"sha-?\d|sha\b|hash|digest|checksum|integrity|md5|crc|commit|revision|\brev\b|fingerprint|etag"
    r"|uuid|guid|\boid\b|trace_?id|public_?key|pub_?key|ssh-|signature|nonce|alphabet|charset",
    re.IGNORECASE,
)

_GIT_HASH = 40
_KEY_NAME = re.compile("key|token|auth|cred|pass|secret", re.IGNORECASE)


def redact(text: str, path: str = "") -> str:
    """`text` with a placeholder for each secret, with as many lines as before.

    Args:
        text: of a whole file.
        path: of the file; its ending says whether values stand without quotes.
    """
    text = _without_keys(text)
    spans = sorted(_secrets(text, path))
    parts, end = [], 0
    for start, stop in spans:
        if start < end:
            end = max(end, stop)
            continue
        parts += [text[end:start], PLACEHOLDER]
        end = stop
    return "".join([*parts, text[end:]])


def _without_keys(text: str) -> str:
    if "PRIVATE KEY" not in text and "PuTTY-User-Key-File" not in text:
        return text
    return _KEY.sub(_without_key, text)


def _without_key(found: re.Match[str]) -> str:
    """A private key's start and body, with a placeholder for every word of the body."""
    body = found["body"]
    if not _KEY_LINE.search(body):
        return found[0]
    return found[0][: -len(body)] + _KEY_WORD.sub(PLACEHOLDER, body)


def _secrets(text: str, path: str) -> Iterator[_Span]:
    lower = text.lower()
    if len(lower) != len(text):  # a few capitals have two letters in lower case
        lower = text
    yield from _tokens(text, lower)
    yield from _assigned(text, PurePath(path).suffix.lower())
    yield from _random_strings(text)


def _tokens(text: str, lower: str) -> Iterator[_Span]:
    for detector in TOKENS:
        done = 0
        if not detector.words:
            yield from _found(detector, text, 0, len(text))
        for start, stop in _lines_with(lower, detector.words):
            if start >= done:
                done = stop
                yield from _found(detector, text, start, stop)


def _lines_with(lower: str, words: tuple[str, ...]) -> Iterator[_Span]:
    """Where the lines are that hold one of `words`."""
    for word in words:
        at = lower.find(word)
        while at >= 0:
            start, stop = lower.rfind("\n", 0, at) + 1, lower.find("\n", at)
            stop = len(lower) if stop < 0 else stop
            yield start, stop
            at = lower.find(word, stop)


def _found(detector: Detector, text: str, start: int, stop: int) -> Iterator[_Span]:
    for match in detector.pattern.finditer(text[start:stop]):
        secret = match[detector.group] or match[0]
        first = start + match.start(detector.group if match[detector.group] else 0)
        stripped = secret.strip(" \t\r\n\"'=:,;")
        first += secret.find(stripped)
        if stripped and detector.accepts(stripped):
            rest = _REST.match(text, first + len(stripped), stop)
            yield first, rest.end() if rest else first + len(stripped)


def _assigned(text: str, ending: str) -> Iterator[_Span]:
    plain = PLAIN_ASSIGNMENTS if ending in _PLAIN_VALUES else ()
    detectors = plain + QUOTED_ASSIGNMENTS + (SHELL_ASSIGNMENTS if ending in _SHELL else ())
    stop = 0
    for keyword in KEYWORD.finditer(text):
        at = keyword.start()
        if at + _AFTER // 2 <= stop:  # read already, with what it names
            continue
        start = max(text.rfind("\n", 0, at) + 1, at - _BEFORE)
        stop = text.find("\n", at)
        stop = min(len(text) if stop < 0 else stop, at + _AFTER)
        for detector in detectors:
            for match in detector.pattern.finditer(text[start:stop]):
                value = match[detector.group]
                if detector.accepts(value):
                    yield start + match.start(detector.group), start + match.end(detector.group)


def _random_strings(text: str) -> Iterator[_Span]:
    for found in _QUOTED.finditer(text):
        value = found[2]
        plugin = HEX if _HEX.fullmatch(value) else BASE64
        if not is_random(value) or _is_checksum(text, found, value):
            continue
        if plugin.calculate_shannon_entropy(value) > plugin.entropy_limit:
            yield found.span(2)


def _is_checksum(text: str, found: re.Match[str], value: str) -> bool:
    start = max(text.rfind("\n", 0, found.start()) + 1, found.start() - _BEFORE)
    before = text[start : found.start()]
    if len(value) == _GIT_HASH and _HEX.fullmatch(value) and not _KEY_NAME.search(before):
        return True
    return bool(_CHECKSUM.search(before + value[:8])) or is_likely_id_string(value, before + value)
