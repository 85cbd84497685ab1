"""Code of other files that is like the code at the cursor, and imports out of sight."""

from collections.abc import Sequence

import pytest

from codegen_lsp.context.bindings import Binding
from codegen_lsp.context.excerpts import Excerpt, hidden_imports, similar
from codegen_lsp.context.library import Library
from codegen_lsp.context.place import Place, place_at
from codegen_lsp.context.records import Chunk, Symbol


class Shelf:
    """An index that finds the same chunks whatever is looked for."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._chunks = list(chunks)

    def symbols(self, names: Sequence[str], limit: int) -> list[Symbol]:
        del names, limit
        return []

    def symbols_of(self, file: str) -> list[Symbol]:
        del file
        return []

    def search(self, terms: Sequence[str], limit: int) -> list[Chunk]:
        del terms
        return self._chunks[:limit]


def at(text: str) -> Place:
    place = place_at("python", text.replace("|", "", 1), text.index("|"))
    assert place is not None
    return place


def found(code: str, *chunks: Chunk, recent: Sequence[str] = ()) -> list[Excerpt]:
    """What of `chunks` is like the code at the `|`."""
    place = at(code)
    return list(similar(place, Library(Shelf(chunks), "main.py", place), recent))


def chunk(text: str, file: str = "shop.py", line: int = 101) -> Chunk:
    return Chunk(file, line, line + text.count("\n"), text, 1.0)


CODE = "register(alpha, beta, gamma, delta)|\n"


def test_code_of_recent_files_counts_for_more_and_needs_less_in_common() -> None:
    like, unlike = "outcome = alpha + beta\n", "outcome = alpha + 1\n"
    chunks = [chunk(like, "a.py"), chunk(like, "b.py"), chunk(unlike, "c.py")]
    usual = found(CODE, *chunks)
    assert [(each.file, each.source) for each in usual] == [
        ("a.py", "similar"),
        ("b.py", "similar"),
    ]
    recent = found(CODE, *chunks, recent=["b.py", "c.py"])
    assert [each.file for each in recent] == ["b.py", "a.py", "c.py"]
    assert [each.source for each in recent] == ["recent", "similar", "recent"]
    assert recent[0].score == pytest.approx(1.25 * usual[1].score)
    assert recent[1] == usual[0]


def test_lines_are_cut_where_no_bracket_is_open() -> None:
    arguments = ["    alpha,", "    beta,", "    gamma,", "    delta,", "    1,", "    2,"]
    uses = [f"delta(alpha, {n})" for n in range(7)]
    padding = [f"pad_{n} = 0" for n in range(10)]
    lines = [*padding, "outcome = other(", *arguments, ")", *uses, *padding]
    (excerpt,) = found(CODE, chunk("\n".join(lines) + "\n"))
    assert excerpt.line == 111
    assert excerpt.text.split("\n") == ["outcome = other(", *arguments, ")", *uses]


def test_a_short_chunk_is_shown_whole() -> None:
    text = "def f():\n    register(alpha, beta)\n    gamma(delta)"
    (excerpt,) = found(CODE, chunk(f"{text}\n"))
    assert (excerpt.line, excerpt.text, excerpt.source) == (101, text, "similar")
    assert excerpt.score == pytest.approx(0.7)


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    return alpha.something_else()\n",  # one name in five
        "alpha\nbeta\ngamma\nregister\ndelta\n".replace("register", "x"),  # no line that tells
        CODE.replace("|", ""),
    ],
    ids=["hardly alike", "short lines", "a copy"],
)
def test_code_that_says_nothing_new_is_not_shown(text: str) -> None:
    assert found(CODE, chunk(text)) == []


def test_code_of_few_names_is_like_anything() -> None:
    assert found("alpha(beta|)\n", chunk("def f():\n    alpha(beta, gamma)\n")) == []


def test_the_most_alike_comes_first_then_by_file_and_line() -> None:
    less = "def f():\n    register(alpha, beta)\n"
    more = "def f():\n    register(alpha, beta, gamma, delta, more)\n"
    chunks = [chunk(less, "b.py"), chunk(less, "a.py", 9), chunk(less, "a.py", 5), chunk(more)]
    places = [(each.file, each.line) for each in found(CODE, *chunks)]
    assert places == [("shop.py", 101), ("a.py", 5), ("a.py", 9), ("b.py", 101)]


def test_the_files_own_chunks_are_not_shown() -> None:
    assert found(CODE, chunk("register(alpha, beta, gamma, delta, 1)\n", "main.py")) == []


# Imports

HEAD = "import inside\nimport near\nimport far\n"
SCROLLED = "pass\n" * 700


def binding(alias: str, *files: str) -> Binding:
    return Binding(alias, "", alias, HEAD.index(alias) - len("import "), files)


@pytest.mark.parametrize(
    ("filler", "told"), [(SCROLLED, {"import inside", "import near"}), ("", set())]
)
def test_imports_out_of_sight_are_told_if_they_may_be_needed(filler: str, told: set[str]) -> None:
    place = at(f"{HEAD}{filler}near.use(|)\n")
    bound = [binding("inside", "inside.py"), binding("near"), binding("far")]
    library = Library(Shelf([]), "main.py", place)
    excerpts = list(hidden_imports(place, library, bound))
    assert {each.text for each in excerpts} == told
    assert {each.file for each in excerpts} <= {"main.py"}
