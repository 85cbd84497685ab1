"""Names that a language has without a declaration, and members of what it comes with."""

import builtins
import enum
import keyword
import sys
from functools import cache
from importlib.resources import files

_PYTHON_MODULE = frozenset({"__file__", "__builtins__", "__path__", "__all__", "__class__"})
_EMPTY_BASES = frozenset(
    {
        "ABC",
        "AbstractAsyncContextManager",
        "AbstractContextManager",
        "Generic",
        "Protocol",
        "object",
    }
)
_ENUMS = frozenset({"Enum", "Flag", "IntEnum", "IntFlag", "StrEnum"})
_MODELS = frozenset({"BaseModel", "BaseSettings"})
_TUPLE = frozenset({"_asdict", "_fields", "_make", "_replace"})


@cache
def alone(language: str) -> frozenset[str]:
    """The names of `language` that can stand alone without a declaration."""
    if language == "python":
        return frozenset(dir(builtins)) | {*keyword.kwlist, *keyword.softkwlist} | _PYTHON_MODULE
    return _read("go_alone" if language == "go" else "javascript_alone")


@cache
def modules(language: str) -> frozenset[str]:
    """Modules that everyone has, so that a name may only lack its import."""
    return frozenset(sys.stdlib_module_names) if language == "python" else frozenset()


@cache
def members(language: str) -> frozenset[str]:
    """Members of what comes with `language`; none for Go, whose libraries are not listed."""
    if language == "go":
        return frozenset()
    return _read("python_members" if language == "python" else "javascript_members")


def members_of_base(name: str) -> frozenset[str] | None:
    """What Python's own class `name`, or pydantic's model, hands down; None for any other."""
    if name in _EMPTY_BASES:
        return frozenset()
    if name in _MODELS:
        return _read("pydantic_members")
    if name in _ENUMS:
        return frozenset(dir(getattr(enum, name))) | {"name", "value"}
    base = {"NamedTuple": tuple, "TypedDict": dict}.get(name) or getattr(builtins, name, None)
    return _TUPLE | frozenset(dir(base)) if isinstance(base, type) else None


@cache
def _read(name: str) -> frozenset[str]:
    text = (files("codegen_lsp.context") / "known_names" / f"{name}.txt").read_text("utf-8")
    return frozenset(text.partition("\n")[2].split())
