"""What holds for every filter that reads lines: it only ever takes away."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen_lsp.completion.filters.candidate import Candidate, Filter
from codegen_lsp.completion.filters.loops import without_loops
from codegen_lsp.completion.filters.markers import without_markers
from codegen_lsp.completion.filters.mixed_indent import with_one_indent
from codegen_lsp.completion.filters.next_line import repeats_next_line
from codegen_lsp.completion.filters.secret import secret
from codegen_lsp.completion.filters.trivial import trivial
from codegen_lsp.completion.reasons import Reason

_BLANK = ("\n", "\n    ", "\n\t", "\t", "  ")
_SIGNS = (*"{}();,.\"'`#\\", "'''", "//", "/*", "*/", "* ", "${", "<<EOT", "@a", "<div>")
_WORDS = ("x = f(1)", "if x:", "else:", "return value", "total = compute(rows)", "שלום", "😀")
_MARKERS = ("```", "<|end|>", "# Your code here", "Explanation:")
_PIECES = st.sampled_from((*_BLANK, *_SIGNS, *_WORDS, *_MARKERS))
_TEXT = st.lists(_PIECES, max_size=14).map("".join)
_LANGUAGES = st.sampled_from(
    ["python", "typescript", "go", "rust", "java", "c", "ruby", "shellscript", "yaml", "plaintext"]
)


@pytest.mark.parametrize(
    "judge", [without_loops, repeats_next_line, trivial, without_markers, secret]
)
@settings(max_examples=150, deadline=None)
@given(language=_LANGUAGES, prefix=_TEXT, text=_TEXT, suffix=_TEXT)
def test_what_is_left_begins_the_text(
    judge: Filter, language: str, prefix: str, text: str, suffix: str
) -> None:
    left = judge(Candidate(language, prefix, text, suffix, "block"))
    assert isinstance(left, Reason) or text.startswith(left)


@settings(max_examples=200, deadline=None)
@given(language=_LANGUAGES, prefix=_TEXT, text=_TEXT, suffix=_TEXT)
def test_indenting_changes_nothing_but_white_space(
    language: str, prefix: str, text: str, suffix: str
) -> None:
    left = with_one_indent(Candidate(language, prefix, text, suffix, "block"))
    assert isinstance(left, Reason) or left.split() == text.split()


@pytest.mark.parametrize(
    "judge", [without_loops, repeats_next_line, trivial, without_markers, secret, with_one_indent]
)
def test_a_file_of_one_line_and_a_text_of_two_hundred(judge: Filter) -> None:
    text = "\n".join(f"field_{number} = {number}" for number in range(200))
    assert judge(Candidate("python", "", text, "", "block")) == text
