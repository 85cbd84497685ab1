"""Annotations: types as signatures and declarations write them, read only where they are plain.

A plain type is one name, or that and nothing: `Client`, `shop.Client | None`. Anything else, a list
or a union, has members of its own and gives None here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codegen_lsp.context.records import Symbol
from codegen_lsp.syntax.definitions import LONGEST_SIGNATURE

_PLAIN = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")
_OPTIONAL = re.compile(
    r"(?:typing\.)?Optional\[([^\[\]]*)\]\Z|(.*?)\s*\|\s*(?:None|null|undefined)\Z|None\s*\|\s*(.*)\Z"
)
_ARGUMENTS = re.compile(r"(?:\[[^\[\]]*(?:\[[^\[\]]*\])*[^\[\]]*\]|<[^<>]*(?:<[^<>]*>)*[^<>]*>)\Z")
_DECLARATION = re.compile(r"[?!]?[ \t]*(?P<sign>:(?!=)|:?=(?!=))[ \t]*(?P<what>[^\n]*)")
_CALLED = re.compile(r"(?:await[ \t]+|new[ \t]+)?(?P<chain>[A-Za-z_$][\w$.]*)[ \t]*(?P<open>\()?")
_TEST = re.compile(
    r"\b(?:isinstance|issubclass|hasattr|getattr|callable|type|cast|is_\w+|TypeAdapter)"
    r"\(\s*([\w$.]+)|\bmatch\s+([\w$.]+)\s*:|\bin\s+([\w$.]+)"
    r"|(?<![\w$.])([\w$.]+)(?:\s+instanceof\b|\.(?:kind|type)\s*===?)"
)
_IMPORT = {
    "python": re.compile(r"from[ \t]+[\w.]+[ \t]+import[ \t]*(?:\([^)]{0,8000}\)|[^\n(]*)"),
}
_ANY_IMPORT = re.compile(r"^import\b[^;]{0,4000}?from\s*['\"][^'\"\n]*['\"]", re.MULTILINE)
_LONGEST_CALL = 4000


@dataclass(frozen=True, slots=True)
class Declared:
    """What a declaration says: a type, or else an expression."""

    text: str
    is_type: bool


def of_symbol(symbol: Symbol, language: str) -> str | None:
    """The type that `symbol`, a function or variable, gives or holds, as it is written."""
    if len(symbol.signature) >= LONGEST_SIGNATURE:
        return None  # cut, perhaps within the type
    if symbol.kind in ("function", "method"):
        pattern = r"->\s*([^:]+)\Z" if language == "python" else r"\)\s*:\s*([^{=]+)\Z"
        found = re.search(pattern, symbol.signature.rstrip(" :"))
        return None if found is None else found[1].strip()
    found = re.search(rf"\b{re.escape(symbol.name)}[?!]?\s*:\s*([^=]+)", symbol.signature)
    return None if found is None else found[1].strip(" ;,")


def plain_type(written: str) -> str | None:
    """The one name that a type is written with, None and type arguments aside."""
    written = written.strip().strip("\"'")
    if found := _OPTIONAL.fullmatch(written):
        written = next(each for each in found.groups() if each is not None).strip()
    written = _ARGUMENTS.sub("", written).strip().strip("\"'")
    return written if _PLAIN.fullmatch(written) else None


def bases(symbol: Symbol, language: str) -> list[str] | None:
    """The names of the bases of a class as written; None where they cannot all be read."""
    signature = symbol.signature
    if len(signature) >= LONGEST_SIGNATURE:
        return None
    if language != "python":
        found = re.search(r"\bextends\s+(.*?)(?:\bimplements\b.*)?\Z", signature)
        return [] if found is None else _plain_types(found[1])
    found = re.search(
        rf"class\s+{re.escape(symbol.name)}\s*(?:\[[^()]*\])?\s*(\(.*)?\Z", signature.rstrip(" :")
    )
    if found is None:
        return None
    written = found[1] or "()"
    if not written.endswith(")"):
        return None
    parts = list(split_arguments(written[1:-1]))
    if any("=" in part and not _is_harmless(part) for part in parts):
        return None
    return _plain_types(",".join(part for part in parts if "=" not in part))


def _is_harmless(keyword: str) -> bool:
    name, _, value = (part.strip() for part in keyword.partition("="))
    return name != "metaclass" or value.rpartition(".")[2] == "ABCMeta"


def _plain_types(written: str) -> list[str] | None:
    found = [plain_type(part) for part in split_arguments(written)]
    return None if None in found else [each for each in found if each is not None]


def split_arguments(written: str) -> Iterator[str]:
    """The parts of `written` between the commas that stand in no bracket."""
    depth, start = 0, 0
    for at, character in enumerate(written):
        depth += (character in "([{<") - (character in ")]}>" and written[at - 1 : at] not in "-=")
        if character == "," and depth == 0:
            yield written[start:at].strip()
            start = at + 1
    if rest := written[start:].strip():
        yield rest


def parameters(function: Symbol) -> frozenset[str] | None:
    """The names of the parameters of a function of Python; None where it may take any name."""
    found = re.search(
        rf"\bdef\s+{re.escape(function.name)}\s*(?:\[[^()]*\])?\(", function.signature
    )
    if found is None:
        return None
    end = _closing(function.signature, found.end())
    if end > len(function.signature):
        return None
    parts = list(split_arguments(function.signature[found.end() : end - 1]))
    if any(part.startswith("**") for part in parts):
        return None
    return frozenset(re.split(r"[:=]", part, maxsplit=1)[0].strip("* ") for part in parts)


def is_declared(text: str, at: int, written: str) -> bool:
    """Whether the name `written` at the offset `at` is given a type or a value there."""
    return _DECLARATION.match(text, at + len(written)) is not None


def declared(text: str, end: int) -> Declared | None:
    """What stands behind a name that ends at `end`; None where it is not its type or value."""
    found = _DECLARATION.match(text, end)
    if found is None:
        return None
    what = found["what"]
    if found["sign"] == ":":
        parts = list(split_arguments(re.split(r"(?<![=!<>])=(?!=)|[);{#]", what)[0]))
        return Declared(parts[0], is_type=True) if parts else None
    if what.partition("#")[0].strip(" ;,)") in ("None", "null", "undefined"):
        return Declared("None", is_type=False)
    return _expression(text, found.start("what"))


def _expression(text: str, start: int) -> Declared | None:
    """The call or dotted name that begins at `start`, if it is the whole of its statement."""
    found = _CALLED.match(text, start)
    if found is None:
        return None
    end = found.end()
    if found["open"]:
        end = _closing(text, end)
    rest = re.compile(r"[ \t]*(?:;|#[^\n]*|//[^\n]*)?(?:\n|\Z)").match(text, end)
    chain = found["chain"]
    if rest is None or chain.endswith("."):
        return None
    return Declared(chain + ("()" if found["open"] else ""), is_type=False)


def _closing(text: str, at: int) -> int:
    """Offset behind the bracket that closes the one before `at`; far off where there is none."""
    depth = 1
    for match in re.compile(r"[()]").finditer(text, at, at + _LONGEST_CALL):
        depth += 1 if match[0] == "(" else -1
        if depth == 0:
            return match.end()
    return len(text) + 1


def chain_of(written: str) -> tuple[str, ...]:
    """The names of a dotted name or call as `Declared` has it."""
    return tuple(written.split("."))


def tested(code: str) -> frozenset[str]:
    """The dotted names that `code` asks what they are, so that they may be more than declared."""
    found = (name for match in _TEST.finditer(code) for name in match.groups() if name)
    return frozenset(found)


def import_statements(text: str, name: str, language: str) -> list[str]:
    """The import statements of `text` that hold `name`."""
    pattern = _IMPORT.get(language, _ANY_IMPORT)
    word = re.compile(rf"\b{re.escape(name)}\b")
    return [each[0] for each in pattern.finditer(text) if word.search(each[0])]
