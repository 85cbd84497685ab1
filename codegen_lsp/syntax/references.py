"""References: the names that a piece of code uses."""

from codegen_lsp.syntax.parsing import Tree, text_of


def references(tree: Tree, start: int, end: int) -> list[str]:
    """Distinct names used between the offsets `start` and `end`, the last used last.

    Names of variables, functions, types and members; also those that are defined there, for
    which names count can only be told where the definitions are known. A name that an end cuts
    through is left out.
    """
    if start >= end:
        return []
    found = tree.captures("references", start, end).get("reference", [])
    first, last = tree.byte_offset(start), tree.byte_offset(end)
    names = [text_of(node) for node in found if first <= node.start_byte and node.end_byte <= last]
    return list(dict.fromkeys(reversed(names)))[::-1]
