"""Imports: what a text takes from elsewhere, as written; finding the files is not done here."""

from dataclasses import dataclass, field

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, text_of


@dataclass(frozen=True, slots=True)
class ImportedName:
    """A name taken from a module: "*" for all, "default" for what has no name of its own.

    Attributes:
        name: as the module calls it.
        alias: what it is called here; "" if the same.
    """

    name: str
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """One module named by an import statement.

    Attributes:
        module: as written, without quotes; a C system header with its angle brackets.
        names: what is taken from it; empty where the module itself is.
        alias: what the module is called here; "" if its own name.
        level: dots before a relative import of Python; 1 for Ruby's `require_relative`.
        offset: of the statement.
    """

    module: str
    names: tuple[ImportedName, ...]
    alias: str
    level: int
    offset: int


@dataclass(slots=True)
class _Gathered:
    names: dict[ImportedName, None] = field(default_factory=dict)
    alias: str = ""


def imports(tree: Tree) -> list[Import]:
    """The imports of the text of `tree`, in its order; broken ones give what can be had."""
    matches = tree.matches("imports")
    statements = {match["import"].id for match in matches if "import" in match}
    gathered: dict[tuple[int, str, int], _Gathered] = {}
    for match in matches:
        if match.keys() == {"import"}:
            continue
        statement = match.get("import") or _statement(match, statements)
        module = _path_around(match, statements) + _module(match)
        level = text_of(match["relative"]).count(".") or 1 if "relative" in match else 0
        key = (tree.offset(statement.start_byte), module.removesuffix("::"), level)
        _gather(gathered.setdefault(key, _Gathered()), match)
    return [
        Import(module, tuple(each.names), each.alias, level, offset)
        for (offset, module, level), each in sorted(gathered.items(), key=lambda item: item[0][0])
    ]


def _statement(match: dict[str, tree_sitter.Node], statements: set[int]) -> tree_sitter.Node:
    """The statement around a name in a tree of names."""
    node = match.get("module") or match["name"]
    while node.parent is not None and node.id not in statements:
        node = node.parent
    return node


def _path_around(match: dict[str, tree_sitter.Node], statements: set[int]) -> str:
    """The paths that a tree of names writes before the lists that a name stands in, as written."""
    path, node = "", match.get("module") or match["name"]
    while "import" not in match and node.parent is not None and node.id not in statements:
        above = node.parent
        before, names = above.child_by_field_name("path"), above.child_by_field_name("list")
        if before is not None and names == node:
            path = f"{text_of(before)}::{path}"
        node = above
    return path


def _gather(gathered: _Gathered, match: dict[str, tree_sitter.Node]) -> None:
    alias = _text(match, "alias")
    if "default" in match:
        gathered.names[ImportedName("default", _text(match, "default"))] = None
    elif "all" in match:
        gathered.names[ImportedName("*")] = None
    elif "name" in match:
        gathered.names[ImportedName(_text(match, "name"), alias)] = None
    elif alias:
        gathered.alias = alias


def _module(match: dict[str, tree_sitter.Node]) -> str:
    """The module as written; where the name taken from it is its last part, without that."""
    written = _text(match, "module")
    if "module" in match and "name" in match and match["name"].end_byte == match["module"].end_byte:
        return written.removesuffix(_text(match, "name")).rstrip(".")
    return written


def _text(match: dict[str, tree_sitter.Node], capture: str) -> str:
    return text_of(match[capture]) if capture in match else ""
