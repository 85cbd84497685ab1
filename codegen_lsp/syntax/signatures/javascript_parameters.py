"""The parameters of JavaScript's and TypeScript's functions."""

import re
from functools import partial

import tree_sitter

from codegen_lsp.syntax.signatures.facts import Existing, Parameter, ParameterKind
from codegen_lsp.syntax.signatures.source import Source, has_child

_PATTERNS = frozenset({"object_pattern", "array_pattern"})
_BRACES = re.compile(r"\{[^{}]*\}")
_PARAM = re.compile(r"@param\s+\[?([\w$]+)")
_LEFT_OUT = frozenset({"comment", "decorator"})


def parameters(
    source: Source, function: tree_sitter.Node, existing: Existing | None
) -> tuple[Parameter, ...]:
    """The parameters of `function`, without TypeScript's `this`.

    A destructured one is called what its documentation calls it; without any `options`, as JSDoc
    writes it; where that is not clear, after its place: `param0`. Without a type of its own its
    pattern stands for its type.
    """
    written = _written(function)
    documented = [] if existing is None else _documented(existing.text)
    if len(documented) != len(written):
        documented = _stand_ins(source, written, documented)
    return tuple(map(partial(_parameter, source), written, documented))


def _stand_ins(source: Source, written: list[tree_sitter.Node], documented: list[str]) -> list[str]:
    """A name for each of the parameters `written`, in case that it is destructured."""
    places = [at for at, node in enumerate(written) if _pattern(node).type in _PATTERNS]
    names = {source.text(_pattern(node)) for node in written}
    spare = [name for name in documented if name not in names]
    if len(spare) == len(places):
        told = dict(zip(places, spare, strict=True))
        return [told.get(at, "") for at in range(len(written))]
    is_clear = len(places) == 1 and "options" not in names
    return ["options" if is_clear else f"param{at}" for at in range(len(written))]


def _documented(comment: str) -> list[str]:
    """The names that a comment gives to parameters, each once; of `options.size` the first."""
    while (plain := _BRACES.sub("", comment)) != comment:
        comment = plain
    return list(dict.fromkeys(_PARAM.findall(comment)))


def annotation(source: Source, node: tree_sitter.Node | None) -> str:
    """A type as written, without the colon before it; "" without any."""
    return source.text(node).removeprefix(":").strip()


def _written(function: tree_sitter.Node) -> list[tree_sitter.Node]:
    single = function.child_by_field_name("parameter")
    listed = function.child_by_field_name("parameters")
    nodes = [single] if single is not None else [] if listed is None else listed.named_children
    return [node for node in nodes if node.type not in _LEFT_OUT and _pattern(node).type != "this"]


def _pattern(node: tree_sitter.Node) -> tree_sitter.Node:
    """What a parameter binds: a name or a pattern, without default, `...` and modifiers."""
    inner = node.child_by_field_name("pattern") or node.child_by_field_name("left")
    if inner is None and node.type == "rest_pattern" and node.named_children:
        inner = node.named_children[0]
    return node if inner is None else _pattern(inner)


def _parameter(source: Source, node: tree_sitter.Node, stand_in: str) -> Parameter:
    pattern = _pattern(node)
    is_destructured = pattern.type in _PATTERNS
    default = node.child_by_field_name("value") or node.child_by_field_name("right")
    written = annotation(source, node.child_by_field_name("type"))
    kind: ParameterKind = "rest" if _is_rest(node) else "plain"
    return Parameter(
        name=stand_in if is_destructured else source.text(pattern),
        type=written or (source.text(pattern) if is_destructured else ""),
        default=source.text(default),
        kind=kind,
        is_optional=default is not None or node.type == "optional_parameter" or kind == "rest",
    )


def _is_rest(node: tree_sitter.Node) -> bool:
    return node.type == "rest_pattern" or has_child(node, "rest_pattern")
