"""The spans that are drawn from a file."""

import random
from collections import Counter
from typing import get_args

import pytest

from codegen_lsp.completion.replacing import auto_closed
from finetune.corpus import SourceFile
from finetune.spans import LONGEST_LINES, MIX, Drawer, Kind, Span
from tests.finetune.repositories import module

CODE = module("shop", 8)
KINDS: tuple[Kind, ...] = get_args(Kind)


def drawn(
    code: str, kind: Kind | None = None, count: int = 200, name: str = "python"
) -> list[Span]:
    drawer, chance = Drawer(SourceFile("x", name, code)), random.Random(1)
    found = (drawer.draw(chance, {kind: 1.0} if kind else MIX) for _ in range(count))
    return [span for span in found if span is not None]


def middles(code: str, kind: Kind) -> set[str]:
    return {code[span.start : span.end] for span in drawn(code, kind)}


def test_the_kinds_come_as_often_as_they_should() -> None:
    assert sum(MIX.values()) == pytest.approx(1)
    assert set(MIX) == set(KINDS)
    counts = Counter(span.kind for span in drawn(CODE, count=4000))
    for kind, share in MIX.items():
        assert counts[kind] / 4000 == pytest.approx(share, abs=0.05)


def test_what_is_drawn_hangs_on_the_seed_alone() -> None:
    assert drawn(CODE) == drawn(CODE)


@pytest.mark.parametrize("kind", KINDS)
def test_no_middle_is_blank_long_or_leaves_a_closer_behind(kind: Kind) -> None:
    for span in drawn(CODE, kind):
        prefix, middle, suffix = CODE[: span.start], CODE[span.start : span.end], CODE[span.end :]
        assert bool(middle.strip()) == (kind != "empty")
        assert middle == "" or kind != "empty"
        assert middle.count("\n") < LONGEST_LINES
        assert auto_closed(prefix, suffix) == 0


def test_parts_of_the_tree() -> None:
    code = "def f(a):\n    b = g(a, 1)\n    return b + 1\n"
    assert "b = g(a, 1)" in middles(code, "statement")
    assert middles(code, "block") == {
        "b = g(a, 1)\n    return b + 1",
        "\n    b = g(a, 1)\n    return b + 1",
    }
    assert middles(code, "expression") == {"g(a, 1)", "b + 1"}


def test_closers_of_the_line_belong_to_arguments() -> None:
    code = "x = f(g(ab))\ny = f(\n    b,\n)\n"
    assert middles(code, "arguments") == {"g(ab))", "ab))", "\n    b,\n)"}


def test_the_rest_of_a_line_begins_at_any_of_its_characters() -> None:
    code = "    abc = 1\n\n"
    assert middles(code, "end_of_line") == {"abc = 1"[n:] for n in range(7)}


def test_the_rest_of_a_block_ends_where_it_does() -> None:
    code = "if (a) {\n  b();\n  c();\n}\nd();\n"
    for span in drawn(code, "block_end", name="javascript"):
        assert code[: span.end] == "if (a) {\n  b();\n  c();"


def test_nothing_is_missing_where_the_middle_is_empty() -> None:
    code = "total = first\n"
    places = {span.start for span in drawn(code, "empty")}
    assert len(code) - 1 in places
    assert all(not (code[at - 1].isalnum() and code[at].isalnum()) for at in places if at)


def test_nothing_is_drawn_around_what_was_taken_out() -> None:
    code = "a = 1\nKEY = 'REDACTED'\nb = 2\n"
    first = code.index("REDACTED")
    for kind in KINDS:
        for span in drawn(code, kind):
            assert not (span.start < first + 8 and first < span.end)
            assert not first < span.start < first + 8


def test_places_bound_what_is_drawn() -> None:
    start = CODE.index("def shop_3")
    end = CODE.index("def shop_4") - 3
    drawer, chance = Drawer(SourceFile("x", "python", CODE), [(start, end)]), random.Random(1)
    for _ in range(200):
        span = drawer.draw(chance)
        assert span is not None
        assert start <= span.start <= span.end <= end


@pytest.mark.parametrize("code", ["\n", "   \n\n"])
def test_a_blank_file_gives_nothing(code: str) -> None:
    assert drawn(code) == []


def test_a_language_without_a_grammar_gives_lines() -> None:
    kinds = Counter(span.kind for span in drawn("select a from b;\n" * 5, name="sql"))
    assert kinds["end_of_line"] > 100
    assert not {"statement", "block"} & set(kinds)
