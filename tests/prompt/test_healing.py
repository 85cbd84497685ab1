import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as Library
from tokenizers import decoders, models, pre_tokenizers

from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.healing import heal
from codegen_lsp.prompt.opening import OpeningConstraint

CODE = (
    "class Shop:\n    def total(self) -> int:\n        return self.app.total\n\n\n"
    "def add(first, second):\n    return first + second\n"
)
TEXTS = (
    st.text()
    | st.text("self.ap \t\n(é👍", max_size=20)
    | st.integers(0, len(CODE)).map(lambda end: CODE[:end])
)


def drive(tokenizer: Tokenizer, forced: bytes, chooser: random.Random) -> bytes:
    constraint = OpeningConstraint(tokenizer, forced)
    written = b""
    while (allowed := constraint.allowed()) is not None:
        chosen = chooser.choice(allowed)
        constraint.advance(chosen)
        written += tokenizer.token_bytes(chosen)
    return written


def healed(tokenizer: Tokenizer, text: str) -> tuple[str, str]:
    result = heal(tokenizer, text, tokenizer.encode(text))
    return tokenizer.decode(result.ids), result.forced.decode()


@given(text=TEXTS)
def test_kept_ids_and_forced_bytes_are_the_text(tokenizer: Tokenizer, text: str) -> None:
    result = heal(tokenizer, text, tokenizer.encode(text))
    kept = b"".join(map(tokenizer.token_bytes, result.ids))
    assert kept + result.forced == text.encode()


@given(text=TEXTS, seed=st.integers(0, 1_000))
def test_whatever_is_generated_begins_with_the_forced_bytes(
    tokenizer: Tokenizer, text: str, seed: int
) -> None:
    forced = heal(tokenizer, text, tokenizer.encode(text)).forced
    assert drive(tokenizer, forced, random.Random(seed)).startswith(forced)


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("return self.app", "app"),
        ("x = retu", "retu"),
        ("def add(first):\n    ", "    "),
        ("def add(first):\n\t\t", "\t\t"),
        ("call(first, [", "["),
        ("x = naïve_π", "naïve_π"),
        ("x = 'e\u0301", "\u0301"),
        ("'👨‍👩", "👨‍👩"),
    ],
)
def test_the_run_at_the_cursor_is_taken_back(tokenizer: Tokenizer, text: str, run: str) -> None:
    kept, forced = healed(tokenizer, text)
    assert kept + forced == text
    assert forced.endswith(run)
    # no more goes than the tokens that reach into the run
    assert len(tokenizer.encode(forced)) <= len(tokenizer.encode(run)) + 1


@pytest.mark.parametrize("text", ["", "\n", "x = 1\n", "x = 1\n\n\n"])
def test_nothing_is_taken_back_at_the_start_of_a_line(tokenizer: Tokenizer, text: str) -> None:
    assert healed(tokenizer, text) == (text, "")


def test_of_a_very_long_word_only_the_end_is_taken_back(tokenizer: Tokenizer) -> None:
    _, forced = healed(tokenizer, "x = " + "abc_" * 10_000)
    assert 64 <= len(forced) < 80


def test_control_tokens_are_never_allowed(tokenizer: Tokenizer) -> None:
    allowed = OpeningConstraint(tokenizer, b"<|fim_prefix|>").allowed()
    assert allowed is not None
    assert set(tokenizer.control_ids.values()).isdisjoint(allowed)
    assert {tokenizer.token_bytes(id_)[:1] for id_ in allowed} == {b"<"}


def test_a_token_may_go_on_beyond_the_forced_bytes(tokenizer: Tokenizer) -> None:
    constraint = OpeningConstraint(tokenizer, b"re")
    beyond = tokenizer.encode("return")[0]
    assert tokenizer.token_bytes(beyond) == b"ret"
    assert beyond in (constraint.allowed() or ())
    constraint.advance(beyond)
    assert constraint.allowed() is None


def test_without_a_token_for_every_byte_nothing_is_taken_back() -> None:
    vocabulary = {"ab": 0, "a": 1, "Ġ": 2}
    library = Library(models.BPE(vocabulary, []))
    library.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    library.decoder = decoders.ByteLevel()
    tokenizer = Tokenizer(library)
    assert heal(tokenizer, "ab", [0]).ids == [0]
    assert heal(tokenizer, "ab", [0]).forced == b""
    assert heal(tokenizer, "a ", [1, 2]).forced == b" "


@pytest.mark.model
def test_qwen_takes_back_the_dot_that_is_one_token_with_the_word(qwen: Tokenizer) -> None:
    assert healed(qwen, "return self.app") == ("return self", ".app")
    assert healed(qwen, "def f():\n    ") == ("def f():\n", "    ")
    assert healed(qwen, "def f():\n    retu") == ("def f():\n   ", " retu")


@pytest.mark.model
@pytest.mark.parametrize("text", ["x = 'é👍 <|fim_pre", "\t\tself.", "print(f'{a:>", "漢字"])
def test_qwen_output_begins_with_the_forced_bytes(qwen: Tokenizer, text: str) -> None:
    result = heal(qwen, text, qwen.encode(text))
    assert result.forced
    for seed in range(5):
        assert drive(qwen, result.forced, random.Random(seed)).startswith(result.forced)
