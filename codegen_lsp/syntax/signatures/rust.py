"""What can be documented in Rust: functions, structs, unions, enums and traits, wherever they are.

That a function gives a `Result` is what its documentation speaks of under "Errors"; what it panics
at is not looked for.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, text_of
from codegen_lsp.syntax.signatures.comments import line_start
from codegen_lsp.syntax.signatures.facts import (
    Documentable,
    Existing,
    Kind,
    Parameter,
    Raised,
)
from codegen_lsp.syntax.signatures.source import Frame, Source, child_of
from codegen_lsp.syntax.signatures.walking import own_nodes, text_if

_MARKS = re.compile(r"///(?!/)|/\*\*(?![*/])")
_DOC_ATTRIBUTE = re.compile(r"#\s*\[\s*doc\s*=")
_KINDS: dict[str, Kind] = {
    "function_item": "function",
    "function_signature_item": "function",
    "struct_item": "struct",
    "union_item": "struct",
    "enum_item": "enum",
    "trait_item": "interface",
}
_HOLDERS = ("impl_item", "mod_item", "foreign_mod_item", "trait_item", "function_item")
_ABOVE = ("attribute_item", "line_comment", "block_comment")
_NAMES = ("identifier", "ref_pattern", "mut_pattern", "reference_pattern", "captured_pattern")


@dataclass(frozen=True, slots=True)
class _Item:
    """A node that defines or holds something, and the comments and attributes above it."""

    node: tree_sitter.Node
    above: Sequence[tree_sitter.Node]
    holder: tree_sitter.Node | None


def documentables(tree: Tree) -> list[Documentable]:
    """The functions and types of a file, those within modules, `impl`s and functions too."""
    source = Source(tree, _MARKS)
    items = sorted(_items(tree.root), key=lambda item: item.node.start_byte)
    return [_documentable(source, item) for item in items if item.node.type in _KINDS]


def _items(root: tree_sitter.Node) -> Iterator[_Item]:
    waiting: list[tuple[tree_sitter.Node, tree_sitter.Node | None]] = [(root, None)]
    while waiting:
        body, holder = waiting.pop()
        above: list[tree_sitter.Node] = []
        for node in body.named_children:
            if node.type in _ABOVE:
                above.append(node)
                continue
            yield _Item(node, above, holder)
            above = []
            inner = node.child_by_field_name("body")
            if inner is not None and node.type in _HOLDERS:
                waiting.append((inner, node))


def _documentable(source: Source, item: _Item) -> Documentable:
    definition = _definition(source, item)
    node = item.node
    if definition.kind not in ("function", "method"):
        return replace(definition, attributes=_attributes(source, node))
    result = node.child_by_field_name("return_type")
    modifiers = [each for each in node.children if each.type == "function_modifiers"]
    return replace(
        definition,
        parameters=_parameters(source, node.child_by_field_name("parameters")),
        returns=source.text(result),
        returns_value=result is not None and result.type not in ("unit_type", "never_type"),
        raises=_errors(source, node),
        is_async=any("async" in text_of(each).split() for each in modifiers),
        is_override=_is_implementation(item.holder),
    )


def _definition(source: Source, item: _Item) -> Documentable:
    """What functions and types have in common."""
    node, body = item.node, item.node.child_by_field_name("body")
    braces = None if body is None or body.type == "ordered_field_declaration_list" else body
    container = "" if item.holder is None else _name(item.holder)
    name = source.text(node.child_by_field_name("name"))
    definition = source.documentable(Frame(node, name, _kind(item), container, node, braces))
    start, _ = source.span((_attributes_above(item) or [node])[0])
    return replace(
        definition,
        start=start,
        insert_at=line_start(source.tree.text, start),
        type_parameters=_type_parameters(node),
        decorators=tuple(map(_attribute_name, _attributes_above(item))),
        is_private=_is_private(item),
        existing=_existing(source, item),
        problem=definition.problem or _doc_problem(item),
    )


def _kind(item: _Item) -> Kind:
    kind = _KINDS[item.node.type]
    is_member = item.holder is not None and item.holder.type in ("impl_item", "trait_item")
    return "method" if is_member and kind == "function" else kind


def _name(holder: tree_sitter.Node) -> str:
    """What `holder` is called: an `impl` by its type, without arguments."""
    named = holder.child_by_field_name("type" if holder.type == "impl_item" else "name")
    if named is not None and named.type == "generic_type":
        named = named.child_by_field_name("type")
    return text_if(named)


def _is_private(item: _Item) -> bool:
    """Whether other crates cannot name it by what is written at it, or should not."""
    if any(re.search(r"\bhidden\b", text_of(each)) for each in _attributes_above(item)):
        return True
    if _is_implementation(item.holder):
        return False
    if item.holder is not None and item.holder.type == "trait_item":
        return not _is_public(item.holder)
    return not _is_public(item.node)


def _is_implementation(holder: tree_sitter.Node | None) -> bool:
    """Whether what stands in `holder` is declared, and documented, by a trait."""
    return holder is not None and holder.child_by_field_name("trait") is not None


def _is_public(node: tree_sitter.Node) -> bool:
    return any(
        each.type == "visibility_modifier" and text_of(each) == "pub" for each in node.children
    )


def _attributes_above(item: _Item) -> list[tree_sitter.Node]:
    return [each for each in item.above if each.type == "attribute_item"]


def _attribute_name(item: tree_sitter.Node) -> str:
    """What an attribute is called: "inline" of `#[inline(always)]`."""
    attribute = child_of(item, "attribute")
    return "" if attribute is None else text_of(attribute.children[0])


def _existing(source: Source, item: _Item) -> Existing | None:
    """The comments that document `item`, which blank lines do not part from it."""
    docs = [each for each in item.above if _MARKS.match(text_of(each))]
    if not docs:
        return None
    (start, _), (_, end) = source.span(docs[0]), source.span(docs[-1])
    text = source.tree.text[start:end].rstrip("\r\n")  # a line's end is part of its comment
    return Existing(start, start + len(text), text)


def _doc_problem(item: _Item) -> str:
    """Why documentation that is there cannot be worked on: only a part of it would be seen."""
    texts = list(map(text_of, item.above))
    marks = [match.group() if (match := _MARKS.match(text)) else "" for text in texts]
    documenting = [place for place, mark in enumerate(marks) if mark]
    if any(map(_DOC_ATTRIBUTE.match, texts)):
        return "an attribute documents it"
    if documenting and len(set(marks[documenting[0] : documenting[-1] + 1])) > 1:
        return "its documentation stands in several places"
    return ""


def _parameters(source: Source, parameters: tree_sitter.Node | None) -> tuple[Parameter, ...]:
    """The parameters but `self`; one of a pattern is called after its place."""
    nodes = [] if parameters is None else parameters.named_children
    found: list[Parameter] = []
    for node in (each for each in nodes if each.type == "parameter"):
        name = _parameter_name(node.child_by_field_name("pattern"), len(found))
        if name not in ("self", "_"):
            found.append(Parameter(name, source.text(node.child_by_field_name("type"))))
    return tuple(found)


def _parameter_name(pattern: tree_sitter.Node | None, place: int) -> str:
    if pattern is not None and pattern.type in ("self", "_"):
        return pattern.type
    if pattern is None or pattern.type not in _NAMES:
        return f"param{place}"
    names = [pattern, *own_nodes(pattern, ())]
    return next((text_of(each) for each in names if each.type == "identifier"), f"param{place}")


def _type_parameters(node: tree_sitter.Node) -> tuple[str, ...]:
    """The names of types and constants; of lifetimes there is nothing to say."""
    parameters = node.child_by_field_name("type_parameters")
    declared = [] if parameters is None else parameters.named_children
    kinds = ("type_parameter", "const_parameter")
    return tuple(
        text_if(each.child_by_field_name("name")) for each in declared if each.type in kinds
    )


def _errors(source: Source, function: tree_sitter.Node) -> tuple[Raised, ...]:
    """The error of a `Result`; "Error" where an alias such as `io::Result<T>` names none."""
    result = function.child_by_field_name("return_type")
    if result is None:
        return ()
    is_generic = result.type == "generic_type"
    name = text_if(result.child_by_field_name("type") if is_generic else result).rpartition("::")[2]
    if not (name == "Result" or (name.endswith("Result") and _handles_errors(function))):
        return ()
    arguments = result.child_by_field_name("type_arguments")
    types = [] if arguments is None else arguments.named_children
    types = [each for each in types if each.type not in ("lifetime", "line_comment")]
    return (Raised(source.text(types[1]) if len(types) > 1 else "Error"),)


def _handles_errors(function: tree_sitter.Node) -> bool:
    """Whether its body shows that what it gives is a `Result` under another name."""
    body = function.child_by_field_name("body")
    calls = [] if body is None else own_nodes(body, ("closure_expression", "function_item"))
    return any(
        each.type == "call_expression"
        and text_if(each.child_by_field_name("function")) in ("Ok", "Err")
        for each in calls
    )


def _attributes(source: Source, node: tree_sitter.Node) -> tuple[Parameter, ...]:
    """The public fields of a struct, the variants of an enum."""
    body = node.child_by_field_name("body")
    members = [] if body is None else body.named_children
    return tuple(
        Parameter(
            text_if(each.child_by_field_name("name")),
            source.text(each.child_by_field_name("type")),
        )
        for each in members
        if each.type == "enum_variant" or (each.type == "field_declaration" and _is_public(each))
    )
