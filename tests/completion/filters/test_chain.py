"""The chain asks every filter in turn and tells what became of the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen_lsp.completion.filters.candidate import Candidate, Filter
from codegen_lsp.completion.filters.chain import FILTERS, Verdict, apply
from codegen_lsp.completion.filters.leaves_block import leaves_block
from codegen_lsp.completion.filters.remembered import just_deleted, just_rejected
from codegen_lsp.completion.filters.syntax_error import new_syntax_error
from codegen_lsp.completion.filters.unbalanced import unbalanced
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.syntax.languages import languages_with_grammar

_PIECES = st.sampled_from(
    (
        *("\n", "\n    ", "\n\t", " ", "(", ")", "[", "]", "{", "}", ";", ",", ":", "`", "\\"),
        *('"', "'", '"""', "#", "//", "/*", "*/", "${", "<<EOT", "\nEOT\n", "<a>", "@a", "end"),
        *("x = f(1)", "if x", "else", "return value", "def f", "class A", "שלום", "😀", "é"),
    )
)
_TEXT = st.lists(_PIECES, max_size=14).map("".join)
_LANGUAGES = st.sampled_from([*languages_with_grammar(), "yaml", "clojure", "plaintext"])


def judge(document: str, text: str, language: str = "python", **known: tuple[str, ...]) -> Verdict:
    prefix, _, suffix = document.partition("¦")
    return apply(Candidate(language, prefix, text, suffix, "block", **known))  # type: ignore[arg-type]


def test_what_is_right_passes_unchanged() -> None:
    assert judge("def f(a):\n    ¦\n", "return a + 1") == Verdict("return a + 1", None)


def test_a_refusal_names_its_filter_and_reason() -> None:
    verdict = judge("def f(a):\n    ¦\n", "return a +* 1")
    assert verdict == Verdict("", Reason.SYNTAX_ERROR, ("syntax_error",))


def test_what_one_filter_has_cut_the_next_one_judges() -> None:
    document, text = "def f(a):\n    ¦\n", "return a\n\ndef g():\n    pass"
    assert judge(document, text) == Verdict("return a", None, ("leaves_block",))
    verdict = judge(document, text, deleted=("return a",))
    assert verdict == Verdict("", Reason.JUST_DELETED, ("leaves_block", "just_deleted"))


def test_a_suggestion_of_nothing_is_empty() -> None:
    assert judge("a¦\n", "").reason is not None


def test_every_filter_has_its_own_name() -> None:
    assert len({name for name, _ in FILTERS}) == len(FILTERS)


def test_two_hundred_lines_pass() -> None:
    text = "\n    ".join(f"value_{number} = compute_{number}(a)" for number in range(200))
    assert judge("def f(a):\n    ¦\n", text).text == text


@pytest.mark.parametrize(
    "judge_one", [leaves_block, unbalanced, new_syntax_error, just_deleted, just_rejected]
)
@settings(max_examples=100, deadline=None)
@given(language=_LANGUAGES, around=st.tuples(_TEXT, _TEXT), text=_TEXT, known=st.lists(_TEXT))
def test_a_filter_gives_a_beginning_of_the_text_or_a_reason(
    judge_one: Filter, language: str, around: tuple[str, str], text: str, known: list[str]
) -> None:
    memory, (prefix, suffix) = tuple(known), around
    candidate = Candidate(language, prefix, text, suffix, "block", deleted=memory, rejected=memory)
    found = judge_one(candidate)
    assert isinstance(found, Reason) or text.startswith(found)


@settings(max_examples=60, deadline=None)
@given(language=_LANGUAGES, prefix=_TEXT, text=_TEXT, suffix=_TEXT)
def test_the_chain_gives_a_text_or_a_reason(
    language: str, prefix: str, text: str, suffix: str
) -> None:
    verdict = apply(Candidate(language, prefix, text, suffix, "block"))
    assert (verdict.reason is None) == bool(verdict.text)
