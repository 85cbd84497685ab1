"""Suggestions remembered and answered as the user types along them; `|` is the cursor."""

import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.completion.suggestion_cache import SuggestionCache
from codegen_lsp.engine.base import Statistics


def suggestion(text: str, replaces: int = 0, reason: Reason | None = None) -> Suggestion:
    return Suggestion(text, 0, replaces, reason, None, Statistics(), None, (), 0.0)


def split(document: str) -> tuple[str, str]:
    prefix, _, suffix = document.partition("|")
    return prefix, suffix


def cache_of(*places: tuple[str, Sequence[Suggestion]]) -> SuggestionCache:
    cache = SuggestionCache()
    for document, suggestions in places:
        cache.put(*split(document), suggestions)
    return cache


def found(cache: SuggestionCache, document: str) -> list[tuple[str, int]]:
    """Texts and what they replace; the offset is checked on the way."""
    prefix, suffix = split(document)
    answers = cache.get(prefix, suffix)
    assert all(each.offset == len(prefix) for each in answers)
    return [(each.text, each.replaces) for each in answers]


@pytest.mark.parametrize(
    ("place", "text", "replaces", "now", "rest"),
    [
        ("x = |\n", "a + b", 0, "x = |\n", ("a + b", 0)),
        ("x = |\n", "a + b", 0, "x = a |\n", ("+ b", 0)),
        ("x = |\n", "a + b", 0, "x = a + b|\n", None),
        ("|y\n", "a + b\n", 0, "a + b|y\n", None),  # a line end alone is no suggestion
        ("x = |\n", "a + b", 0, "x = b|\n", None),
        ("x = |\n", "a + b", 0, "x =|\n", None),
        ("x = |\n", "a + b", 0, "y = a|\n", None),
        ("x = |\n", "a + b", 0, "x = a|\n\n", None),
        ("x = |\r\n", "{\r\n\t1\r\n}", 0, "x = {\r\n|\r\n", ("\t1\r\n}", 0)),
        ("é = |", "😀b", 0, "é = 😀|", ("b", 0)),
        # The editor closes what the user opens, and lets the closer be typed over.
        ("foo|\n", "(a, b)", 0, "foo(|)\n", ("a, b)", 1)),
        ("foo|\n", "(a, b)", 0, "foo(a|)\n", (", b)", 1)),
        ("foo|\n", "(a, b)", 0, "foo(|]\n", None),
        ("foo|\n", "(a, b", 0, "foo(|)\n", None),
        ("foo|\n", "(a) + c", 0, "foo(a)|\n", (" + c", 0)),
        ("foo|\n", "(a) + c", 0, "foo(a)|)\n", None),
        ("foo|\n", "(a)(c)", 0, "foo(a)(|)\n", ("c)", 1)),
        ("x = |\n", "f(['a'])", 0, "x = f(['|'])\n", ("a'])", 3)),
        ("x = |\n", "f([{'a'}])", 0, "x = f([{'|'}])\n", None),
        ("x = |\n", '"""Doc."""', 0, 'x = """|"""\n', ('Doc."""', 3)),
        ("x = |\n", "`a`", 0, "x = `|`\n", ("a`", 1)),
        ("v: Vec|\n", "<u8> = f();", 0, "v: Vec<|>\n", ("u8> = f();", 1)),
        ("f(|)", "g(a), b", 0, "f(g(|))", ("a), b", 1)),
        # What gave way from the beginning.
        ("foo(|)\n", "a)\n    x", 1, "foo(a|)\n", (")\n    x", 1)),
        ("foo(|)\n", "a)\n    x", 1, "foo(a)|\n", ("\n    x", 0)),
        ("foo(|)\n", "a)\n    x", 1, "foo(a)|)\n", ("\n    x", 1)),
        ("foo(|)\n", "a)\n    x", 1, "foo(a|\n", None),
        ("foo(|)\n", "a)[b] + c", 1, "foo(a)[|]\n", ("b] + c", 1)),
        ("foo(|)\n", "a)(b) + c", 1, "foo(a)(|)\n", ("b) + c", 1)),
        ("foo(|);\n", "a);\nx;", 2, "foo(a)|;\n", (";\nx;", 1)),
        ("foo(|);\n", "a);\nx;", 2, "foo(a);|\n", ("\nx;", 0)),
        ("foo(|)]\n", "a)\nx", 1, "foo(a)|]]\n", None),
    ],
)
def test_typing_along(
    place: str, text: str, replaces: int, now: str, rest: tuple[str, int] | None
) -> None:
    cache = cache_of((place, [suggestion(text, replaces)]))
    assert found(cache, now) == ([rest] if rest else [])


def test_newest_first_and_no_text_twice() -> None:
    cache = cache_of(
        ("x = |", [suggestion("abc"), suggestion("abd"), suggestion("z")]),
        ("x = a|", [suggestion("bd"), suggestion("be")]),
    )
    assert found(cache, "x = a|") == [("bd", 0), ("be", 0), ("bc", 0)]
    assert found(cache, "x = z|") == []
    assert found(cache, "x = |") == [("abc", 0), ("abd", 0), ("z", 0)]
    assert found(cache, "x = a|") == [("bd", 0), ("be", 0), ("bc", 0)]


def test_a_newer_answer_at_the_same_place_counts() -> None:
    cache = cache_of(("x = |", [suggestion("a")]), ("x = |", [suggestion("b")]))
    assert found(cache, "x = |") == [("b", 0)]


def test_a_silence_is_of_its_place_only() -> None:
    cache = cache_of(("x = |\n", [suggestion("", reason=Reason.EMPTY)]))
    assert [each.reason for each in cache.get("x = ", "\n")] == [Reason.EMPTY]
    for document in ("x = a|\n", "x =|\n", "x = |)\n", "x = |"):
        assert found(cache, document) == []


def test_a_silence_gives_way_to_a_text() -> None:
    silence = suggestion("", reason=Reason.EMPTY)
    for places in ([("x = |", [suggestion("ab")]), ("x = a|", [silence])],) * 2:
        assert found(cache_of(*places), "x = a|") == [("b", 0)]
        assert found(cache_of(*reversed(places)), "x = a|") == [("b", 0)]


def test_the_place_that_was_not_used_for_longest_goes_first() -> None:
    cache = SuggestionCache()
    for number in range(32):
        cache.put(f"{number:2} = ", "", [suggestion("ab")])
    assert found(cache, " 0 = a|") == [("b", 0)]
    cache.put("32 = ", "", [suggestion("ab")])
    assert found(cache, " 0 = |") == [("ab", 0)]
    assert found(cache, " 1 = |") == []
    assert found(cache, " 2 = |") == [("ab", 0)]
    assert found(cache, "32 = |") == [("ab", 0)]


def test_far_edits_count_in_large_documents() -> None:
    above, below = "above\n" * 1000, "\nbelow" * 1000
    cache = cache_of((above + "x = |" + below, [suggestion("abc" * 1000)]))
    rest = [("bc" + "abc" * 999, 0)]
    assert found(cache, above + "x = a|" + below) == rest
    assert found(cache, "A" + above[1:] + "x = a|" + below) == []
    assert found(cache, above + "x = a|" + below[:-1] + "W") == []
    assert found(cache, above + "x = a|" + below) == rest


def test_the_text_of_the_document_is_not_held() -> None:
    cache = cache_of(("secret(|)hidden", [suggestion("a)\n", 1)]))
    held = repr(list(vars(cache).items()))
    assert "secret" not in held
    assert "hidden" not in held


texts = st.text("ab(){}'\"\r\n é😀", max_size=12)


@given(prefix=texts, suffix=texts, text=texts.filter(len), data=st.data())
def test_each_character_typed_along_leaves_the_rest(
    prefix: str, suffix: str, text: str, data: st.DataObject
) -> None:
    cache = SuggestionCache()
    cache.put(prefix, suffix, [suggestion(text)])
    for end in range(len(text.rstrip())):
        (answer,) = cache.get(prefix + text[:end], suffix)
        assert (answer.text, answer.replaces) == (text[end:], 0)
        assert answer.offset == len(prefix) + end
        other = data.draw(st.sampled_from("abz(\n"))
        assume(other != text[end])
        assert not cache.get(prefix + text[:end] + other, suffix)
        assert not cache.get("z" + prefix + text[:end], suffix)
        assert not cache.get(prefix + text[:end], suffix + "z")
        assert not cache.get(prefix + text[:end], "z" + suffix)
    for end in range(len(text.rstrip()), len(text) + 1):
        assert not cache.get(prefix + text[:end], suffix)


@given(prefix=texts, suffix=texts, text=texts, now=texts, below=texts, replaces=st.integers(0, 4))
def test_whatever_is_answered_leads_to_the_same_document(
    *, prefix: str, suffix: str, text: str, now: str, below: str, replaces: int
) -> None:
    replaces = min(replaces, len(suffix))
    cache = SuggestionCache()
    cache.put(prefix, suffix, [suggestion(text, replaces)])
    for typed in (now, text[: len(now)]):
        for behind in (below, below[:2] + suffix, suffix[min(replaces, 1) :]):
            for answer in cache.get(prefix + typed, behind):
                after = prefix + typed + answer.text + behind[answer.replaces :]
                assert after == prefix + text + suffix[replaces:]


def test_it_is_light() -> None:
    heavy = ["torch", "tree_sitter", "tokenizers", "numpy", "transformers"]
    code = (
        "import sys, codegen_lsp.completion.suggestion_cache\n"
        f"sys.exit(bool(set({heavy}) & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
