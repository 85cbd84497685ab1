"""What has just been deleted or rejected is not shown again."""

import pytest

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.remembered import just_deleted, just_rejected
from codegen_lsp.completion.reasons import Reason


def after_deletion(text: str, *deleted: str) -> str | Reason:
    return just_deleted(Candidate("python", "x = ", text, "\n", "line", deleted=deleted))


def after_rejection(text: str, *rejected: str, is_invoked: bool = False) -> str | Reason:
    return just_rejected(
        Candidate("python", "x = ", text, "\n", "line", is_invoked, rejected=rejected)
    )


@pytest.mark.parametrize(
    ("text", "deleted"),
    [
        ("compute(a, b)", "compute(a, b)"),
        ("compute(a,  b)", " compute(a, b)\n"),
        ("compute(a, b) + 1", "compute(a, b)"),
        ("config.value", "config"),
        ("if err != nil {", "if err != nil {\n\treturn err\n}"),
        ("if a:\n    b()", "if a:\n    b()\n    c()\n"),
        ("return this.items;", "return this.items;"),
        ("puts name", "puts name\n"),
        ("let x = 1;", "let x = 1;\nlet y = 2;"),
        ("שלום()", "שלום()"),
    ],
)
def test_what_was_deleted_is_refused(text: str, deleted: str) -> None:
    assert after_deletion(text, "other()", deleted) is Reason.JUST_DELETED


@pytest.mark.parametrize(
    ("text", "deleted"),
    [
        ("urn value", "run"),
        ("foo(a)", "fo"),
        ("configuration", "config"),
        ("compute(a, c)", "compute(a, b)"),
        ("if a:", "b = 1\nif a:"),
        ("x", "x + 1"),
        ("return a", ""),
        ("return a", "  \n"),
        ("err != nil {", "if err != nil {"),
        ("a = 1\nb = 2", "b = 2"),
    ],
)
def test_what_differs_or_is_short_is_kept(text: str, deleted: str) -> None:
    assert after_deletion(text, deleted) == text


@pytest.mark.parametrize(
    ("text", "rejected"),
    [
        ("f(a)", "f(a)"),
        ("f(a,  b)", "f(a, b)\n"),
        ("f(a)\ng(b)", "f(a)"),
        ("a\nb\nc", "a\nb"),
        ("}", "}"),
    ],
)
def test_what_was_rejected_is_refused(text: str, rejected: str) -> None:
    assert after_rejection(text, "other()", rejected) is Reason.JUST_REJECTED


@pytest.mark.parametrize(
    ("text", "rejected"),
    [
        ("f(a) + 1", "f(a)"),
        ("f(a)", "f(a)\ng(b)"),
        (") + 1", ")"),
        ("g(f(a))", "f(a)"),
        ("f(a)", ""),
    ],
)
def test_what_was_not_rejected_is_kept(text: str, rejected: str) -> None:
    assert after_rejection(text, rejected) == text


def test_what_the_user_asks_for_is_shown_again() -> None:
    assert after_rejection("f(a)", "f(a)", is_invoked=True) == "f(a)"
