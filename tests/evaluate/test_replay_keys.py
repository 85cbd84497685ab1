"""The rules of a replay: kinds of keystrokes, and when a suggestion counts."""

import pytest

from codegen_lsp.evaluate.replay_keys import (
    Action,
    Kind,
    completes_line,
    is_right,
    kind_of,
    remainder,
    right_part,
)


@pytest.mark.parametrize(
    ("action", "source", "kind"),
    [
        (Action.JUMP, "model", Kind.JUMP),
        (Action.JUMP, "cache", Kind.JUMP),
        (Action.ACCEPTED, "model", Kind.AFTER_ACCEPT),
        (Action.ACCEPTED, "cache", Kind.AFTER_ACCEPT),
        (Action.TYPED, "cache", Kind.TYPED_ALONG),
        (Action.ENTER, "cache", Kind.TYPED_ALONG),
        (Action.TYPED, "model", Kind.SAME_LINE),
        (Action.TYPED, None, Kind.SAME_LINE),
        (Action.ENTER, "model", Kind.NEW_LINE),
    ],
)
def test_kinds(action: Action, source: str | None, kind: Kind) -> None:
    assert kind_of(action, source) is kind


@pytest.mark.parametrize(
    ("text", "right"),
    [("retu", True), ("return x\n", True), ("return y", False), ("", False), ("return x\n\n", 0)],
)
def test_only_the_whole_text_is_right(text: str, right: bool) -> None:
    assert is_right(text, "return x\ny") == right


def test_what_was_typed_must_begin_the_suggestion() -> None:
    assert remainder("return", "re") == "turn"
    assert remainder("return", "") == "return"
    assert remainder("return", "rt") == ""
    assert remainder("re", "return") == ""


def test_the_first_line_is_compared_where_there_is_one() -> None:
    assert completes_line("foo() \nbar", " foo()\nother") is True
    assert completes_line("foo", "foo()\n") is False
    assert completes_line("\nfoo()", "foo()") is False
    assert completes_line("", "foo()") is False
    assert completes_line("anything", "  \nfoo") is None


@pytest.mark.parametrize(
    ("text", "truth", "characters", "keys"),
    [
        ("foo.bar(x)", "foo.bar(y)", len("foo.bar("), 4),
        ("foo bar", "foo baz", len("foo"), 1),
        ("a = 1\nb = 2\nc", "a = 1\nb = 3", len("a = 1\nb ="), 3),
        ("a = 1\nb\n", "a = 1\nb\nc", len("a = 1\nb\n"), 2),
        ("xyz", "abc", 0, 0),
        ("", "abc", 0, 0),
    ],
)
def test_the_right_part_ends_at_a_line_or_word(
    text: str, truth: str, characters: int, keys: int
) -> None:
    assert right_part(text, truth) == (characters, keys)
