from codegen_lsp.syntax.parsing import Tree, parse
from codegen_lsp.syntax.remainder import identifiers, remainder


def _tree(text: str, language: str = "python") -> Tree:
    tree = parse(language, text)
    assert tree is not None
    return tree


def test_documentation_at_a_place_does_not_count() -> None:
    bare = "def f():\n    # why\n    return 'ä'\n"
    said = 'def f():\n    """Ö."""\n    # why\n    return \'ä\'\n'
    start = said.index('"""')
    assert remainder(_tree(bare), [(9, 9)]) == remainder(_tree(said), [(start, start + 8)])
    assert remainder(_tree(bare), []) != remainder(_tree(said), [])


def test_documentation_elsewhere_counts() -> None:
    one, other = "# a\nx = 1\n", "# b\nx = 1\n"
    assert remainder(_tree(one), [(4, 4)]) != remainder(_tree(other), [(4, 4)])
    assert remainder(_tree(one), [(0, 3)]) == remainder(_tree(other), [(0, 3)])


def test_code_at_a_place_counts() -> None:
    one, other = "f()\nx = 1\n", "g()\nx = 1\n"
    assert remainder(_tree(one), [(0, 3)]) != remainder(_tree(other), [(0, 3)])


def test_a_block_that_ends_elsewhere_counts() -> None:
    one, other = "if a:\n    b\n    c\n", "if a:\n    b\nc\n"
    assert remainder(_tree(one), [(11, 15)]) != remainder(_tree(other), [(11, 11)])


def test_identifiers_are_those_of_the_code() -> None:
    text = "def größe(x):\n    '''Not this.'''  # nor that\n    return x.y + len('z')\n"
    assert identifiers(_tree(text)) == {"größe", "x", "y", "len"}
    go = "package a\n\ntype B struct { C int }\n"
    assert identifiers(_tree(go, "go")) == {"a", "B", "C", "int"}
