"""How the output must begin, and how it may not: driven by chance among what is permitted."""

import random

import pytest

from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.opening import Opening, OpeningConstraint

TRICKY = " \n  #\t# ax # x #\n\n  \n\t\n return retu"


def drive(tokenizer: Tokenizer, constraint: OpeningConstraint, seed: int) -> bytes:
    """What chance writes under `constraint` until more than white space is there."""
    chance = random.Random(seed)
    written = b""
    while not written.strip() and len(written) < 40:
        allowed = constraint.allowed()
        if allowed is None:
            allowed = sorted(set(tokenizer.encode(TRICKY)) - set(constraint.barred()))
        id_ = chance.choice(list(allowed))
        constraint.advance(id_)
        written += tokenizer.token_bytes(id_)
    return written


@pytest.mark.parametrize("forced", [b"", b"  ", b"\t", b"    "])
def test_output_does_not_begin_with_what_is_unwanted(tokenizer: Tokenizer, forced: bytes) -> None:
    for seed in range(40):
        written = drive(tokenizer, OpeningConstraint(tokenizer, forced, Opening(["#", "\n"])), seed)
        assert written.startswith(forced)
        assert b"\n" not in written[: len(written) - len(written.lstrip())]
        assert not written.strip().startswith(b"#")


def test_what_is_refused_is_not_written_whatever_space_leads(tokenizer: Tokenizer) -> None:
    for seed in range(40):
        written = drive(tokenizer, OpeningConstraint(tokenizer, b"", Opening(refused="#")), seed)
        assert written.strip() != b"#"


def test_what_is_refused_is_not_written_with_a_line_end_behind_it_either(qwen: Tokenizer) -> None:
    (with_line_end,) = qwen.encode('"""\n')
    barred = OpeningConstraint(qwen, b"", Opening(refused='"""')).barred()
    assert with_line_end in barred
    assert not set(qwen.encode('"""A')) <= set(barred)


def test_after_the_first_word_everything_is_permitted(tokenizer: Tokenizer) -> None:
    constraint = OpeningConstraint(tokenizer, b"", Opening(["#"]))
    assert constraint.barred()
    constraint.advance(tokenizer.encode("a")[0])
    assert constraint.allowed() is None
    assert not constraint.barred()


def test_a_marker_that_the_user_typed_is_written_again(tokenizer: Tokenizer) -> None:
    constraint = OpeningConstraint(tokenizer, b" #", Opening(["#"]))
    written = [tokenizer.token_bytes(id_) for id_ in constraint.allowed() or ()]
    assert b" " in written
    assert all(text == b" " or text.startswith(b" #") for text in written)


def test_what_is_forced_is_never_unwanted(tokenizer: Tokenizer) -> None:
    for seed in range(20):
        constraint = OpeningConstraint(tokenizer, b"\n  ", Opening(["\n", "#"]))
        assert constraint.allowed()
        assert drive(tokenizer, constraint, seed).startswith(b"\n  ")


def test_something_is_allowed_whatever_white_space_is_forced(tokenizer: Tokenizer) -> None:
    opening = Opening(["\n", "#"], required=["x"])
    for forced in (b"\n", b"\n    ", b" \n\t", b"\xe2\x80\x83 "):
        assert OpeningConstraint(tokenizer, forced, opening).allowed()


@pytest.mark.parametrize("forced", [b"", b"  ", b"\t "])
def test_only_what_is_required_may_come_first(tokenizer: Tokenizer, forced: bytes) -> None:
    for seed in range(20):
        constraint = OpeningConstraint(tokenizer, forced, Opening(required=["x", "#"]))
        written = drive(tokenizer, constraint, seed)
        assert written.startswith(forced)
        assert written.strip() in (b"", b"x", b"#")
        assert not written.strip() or constraint.allowed() is None
