"""Trees of changed texts are those that parsing the text afresh gives."""

from hypothesis import given
from hypothesis import strategies as st

from codegen_lsp.syntax.changes import parse_changed
from codegen_lsp.syntax.grammars import PYTHON
from codegen_lsp.syntax.parsing import parse_with

PIECES = st.lists(
    st.sampled_from(
        ["def f(x):\n", "    return x\n", "é = '😀'\n", "(", ")", '"""', "\n", "x = 1\n"]
    ),
    max_size=12,
).map("".join)


@given(PIECES, PIECES, PIECES, PIECES)
def test_the_tree_of_a_changed_text_is_that_of_the_text(
    above: str, before: str, after: str, below: str
) -> None:
    old = parse_with(PYTHON, above + before + below)
    text = above + after + below
    changed, fresh = parse_changed(old, text), parse_with(PYTHON, text)
    assert changed.text == text
    assert str(changed.root) == str(fresh.root)
    assert changed.byte_ends == fresh.byte_ends


def test_the_same_text_keeps_its_tree() -> None:
    tree = parse_with(PYTHON, "x = 1\n")
    assert parse_changed(tree, "x = 1\n") is tree
