"""What the syntax tree says of a definition that its documentation must agree with."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "function", "method", "constructor", "property", "class", "interface", "struct", "enum"
]
"""What is documented; a constructor is an `__init__` too, a property also a getter."""

ParameterKind = Literal["positional-only", "plain", "keyword-only", "rest", "keyword-rest"]
"""How arguments reach a parameter; "rest" collects what is left of the positional ones."""

Placement = Literal["above", "inside"]
"""Where documentation stands: on lines above the definition, or as the first of its body."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, or an attribute of a class.

    Attributes:
        name: as the body uses it, without `*`, `...` or `&`; of a destructured one what stands for
            it in documentation.
        type: as written; "" without any.
        default: as written; "" without any.
        kind: of a parameter.
        is_optional: callers may leave it out.
    """

    name: str
    type: str = ""
    default: str = ""
    kind: ParameterKind = "plain"
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that leaves the definition.

    Attributes:
        type: as written, without arguments: "ValueError", "errors.NotFound".
        condition: source of the condition under which it is raised, as written and on one line; ""
            without any.
        message: literal text that it is given; "" without any.
    """

    type: str
    condition: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Existing:
    """Documentation that is there.

    Attributes:
        start: offset of its first character: of the string's prefix or quote, of the first `/` of
            its comment.
        end: offset behind its last; of comment lines, behind the last line's text.
        text: what stands between, as it is.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Documentable:
    """A definition that documentation can be written for; offsets are code points.

    Attributes:
        name: without its container.
        kind: what it is.
        container: what it is a member of or stands in; "" at the top level.
        start: of its first character, decorators, attributes and modifiers included.
        end: behind its last.
        signature: from the first word behind the decorators up to the body, on one line, without
            comments.
        body: offsets of the first character of its first statement and behind the last; of a body
            in braces, of the braces; None where there is none.
        placement: where its documentation stands.
        insert_at: where new documentation goes. "above": the first character of the line that the
            definition begins on. "inside": just behind the colon of its header.
        indent: white space before each line of the documentation.
        parameters: in their order, without the receiver (`self`, `cls`, `this`).
        type_parameters: names of its own generic ones.
        returns: type as written; "" without any.
        returns_value: calling it gives a value: a `return` with one that is not nothing, an
            expression as the body, or, without a body, a type that is not that of nothing.
        yields: it is a generator; what it yields is a value.
        raises: each type once, in the order of the body; with those of a throws clause.
        attributes: of a class: its public ones, in their order.
        decorators: names without `@` and arguments, outermost first.
        is_async: it must be awaited.
        is_overload: it is one of several signatures and has no body of its own.
        is_override: it says that it overrides another, which may document it.
        is_private: by its name or modifiers it is not for others.
        existing: its documentation; None without any.
        problem: why it cannot be documented, in a few words; "" if it can.
    """

    name: str
    kind: Kind
    container: str
    start: int
    end: int
    signature: str
    body: tuple[int, int] | None
    placement: Placement
    insert_at: int
    indent: str
    parameters: tuple[Parameter, ...] = ()
    type_parameters: tuple[str, ...] = ()
    returns: str = ""
    returns_value: bool = False
    yields: bool = False
    raises: tuple[Raised, ...] = ()
    attributes: tuple[Parameter, ...] = ()
    decorators: tuple[str, ...] = ()
    is_async: bool = False
    is_overload: bool = False
    is_override: bool = False
    is_private: bool = False
    existing: Existing | None = None
    problem: str = ""

    @property
    def first(self) -> int:
        """Offset of its first character, documentation above it included."""
        return min(self.start, self.existing.start if self.existing else self.start)
