"""What the parent asks about docstrings and what the worker answers. Light: both ends load it."""

from dataclasses import dataclass

from codegen_lsp.text import Snapshot


@dataclass(frozen=True, slots=True)
class FindDefinitions:
    """Find what can be documented, or documented better, around `offset`.

    The result is a tuple of `Definition`, the innermost first.
    """

    snapshot: Snapshot
    offset: int


@dataclass(frozen=True, slots=True)
class FindStale:
    """Find the docstrings that disagree with their signatures; the result is as above."""

    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Document:
    """Document the definition that begins at `start`; the result is `Documented` or `Refused`."""

    snapshot: Snapshot
    start: int


Question = FindDefinitions | FindStale | Document


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition that needs a docstring, or another.

    Attributes:
        name: without its container.
        start: offset of its first character.
        docstring: offsets of the first line of the one that is there; None without any.
        messages: where that disagrees, one line each.
    """

    name: str
    start: int
    docstring: tuple[int, int] | None = None
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Documented:
    """The edit that documents a definition: `text` in place of what is between two offsets."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a definition gets no docstring, on one line for people."""

    why: str
