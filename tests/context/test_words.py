"""Which words code is found by."""

import pytest

from codegen_lsp.context.words import distinct_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("getUserName", ["getusername", "get", "user", "name"]),
        ("get_user_name", ["getusername", "get", "user", "name"]),
        ("HTTPServer", ["httpserver", "http", "server"]),
        ("__init__", ["init"]),
        ("sha256sum utf8", ["sha256sum", "utf8"]),
        ("x = 12 + 0x1f", ["0x1f"]),
        ("MAX_SIZE", ["maxsize", "max", "size"]),
        ("straße größe_Ärger", ["straße", "größeärger", "größe", "ärger"]),
        ("名前.変数", ["名前", "変数"]),
        ("a_b", ["ab"]),
        ("A" * 65, []),
        ("", []),
    ],
)
def test_an_identifier_gives_its_whole_and_its_parts(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_words_come_as_often_as_they_stand_there() -> None:
    assert words("pay pay_now") == ["pay", "paynow", "pay", "now"]


def test_distinct_words_come_once() -> None:
    assert distinct_words(["pay pay_now", "NOW later"]) == ["pay", "paynow", "now", "later"]
