"""What the cursor's own file says about what may be needed."""

import pytest

from codegen_lsp.context.place import Place, headers_above, place_at


def at(text: str) -> Place:
    """The place of the `|` in a text of Python."""
    place = place_at("python", text.replace("|", "", 1), text.index("|"))
    assert place is not None
    return place


def test_what_the_prompt_shows_is_on_both_sides() -> None:
    place = at("x = 1\n" * 1000 + "|" + "y = 2\n" * 1000)
    assert place.shown == (place.offset - 3000, place.offset + 1000)


def test_the_nearer_name_counts_more_and_what_stands_before_more_than_what_follows() -> None:
    near = at("pay(above3)\npay(above2)\n\npay(|here)\n\npay(below2)\n").near
    names = ("here", "above2", "above3", "below2")
    assert [near[name] for name in names] == [1.0, 6 / 8, 6 / 9, 6 / 9]


def test_the_name_being_typed_is_no_use() -> None:
    place = at("basket = 1\nbas|\n")
    assert place.typed == "bas"
    assert "bas" not in place.near
    assert "basket" in place.near


def test_uses_know_what_they_are_joined_to() -> None:
    found = {(use.name, use.owners) for use in at("a.b(1).c(x)\n[0].d()\n|\n").uses}
    assert {("a", ()), ("b", ("a",)), ("c", ("a", "b")), ("d", ("?",))} <= found


FAR = "\n" + "pass\n" * 60


@pytest.mark.parametrize(
    ("text", "need"),
    [
        (f"import a.bee{FAR}|\n", 0.4),
        (f"import a.bee\na.bee.go(){FAR}|\n", 0.2),
        (f"import a.bee{FAR}a.bee.go(|)\n", 0.6),
    ],
    ids=["unused", "used far away", "here"],
)
def test_an_import_that_is_not_used_yet_is_needed_somewhere(text: str, need: float) -> None:
    assert at(text).need_of("a.bee") == pytest.approx(need)


@pytest.mark.parametrize(("text", "relevance"), [("conn|\n", 1.0), ("shop.conn|\n", 0.1)])
def test_what_is_being_typed_is_relevant_unless_it_is_a_member(text: str, relevance: float) -> None:
    assert at(text).relevance("connection", 0.1) == relevance


def test_headers_are_less_indented_each_than_the_next() -> None:
    above = (
        "class A:\n    x = 1\n    def f(self):\n        y = 2\n\n        if y:\n            z()\n"
    )
    assert headers_above(above, "\n        return 3\n") == "class A:\n    def f(self):\n"
    assert headers_above(above, "done()\n") == ""


def test_of_a_long_file_its_head_and_the_headers_are_read() -> None:
    head, filler = "import one\n", "        # and so on\n" * 4000
    place = at(f"{head}class Shop:\n    def pay(self):\n        x = 1\n{filler}        x|\n")
    assert place.text.startswith(head)
    assert len(place.text) < 40_000
    assert [each.name for each in place.around] == ["Shop", "pay"]
