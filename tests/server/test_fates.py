"""What becomes of suggestions, from the events of a client and the edits in its document."""

import asyncio
from typing import Any, cast

import pytest

from codegen_lsp.completion.confidence import MEANINGS, shipped
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.engine.base import Statistics
from codegen_lsp.server import fates
from codegen_lsp.server.backoff import Backoff
from codegen_lsp.server.documents import Change, Documents
from codegen_lsp.server.fates import Fates
from codegen_lsp.server.history import Answer, History
from codegen_lsp.server.recording import Recorder, language_code
from codegen_lsp.statistics.records import Outcome, SuggestionRecord
from codegen_lsp.text import Encoding, Position

URI = "file:///secret/name.py"
FEATURES = dict.fromkeys(MEANINGS, 0.0)
CONFIDENCE = shipped().confidence(FEATURES)


class Records:
    """Stands for a recorder."""

    def __init__(self) -> None:
        self.suggestions: list[SuggestionRecord] = []
        self.silences: list[tuple[str, str, Reason]] = []
        self.characters = 0

    def suggestion(self, record: SuggestionRecord) -> None:
        self.suggestions.append(record)

    def silence(self, language: str, trigger_kind: str, reason: Reason) -> None:
        self.silences.append((language, trigger_kind, reason))

    def inserted(self, language: str, characters: int) -> None:
        assert language == "python"
        self.characters += characters


class Scene:
    """A document with the cursor behind its text, which may have more below."""

    def __init__(self, text: str = "x = ", below: str = "\n") -> None:
        self.documents, self.history, self.records = Documents(Encoding.UTF16), History(), Records()
        self.backoff = Backoff()
        recorder = cast("Recorder", self.records)
        self.fates = Fates(self.documents, self.history, self.backoff, recorder)
        self.documents.open(URI, "python", 1, text + below)
        self.cursor = len(text)

    @property
    def text(self) -> str:
        document = self.documents.get(URI)
        assert document is not None
        return document.snapshot().text

    def edit(self, start: int, end: int, text: str) -> None:
        """Put `text` in place of what is from `start` to `end`; the cursor goes behind it."""
        document = self.documents.get(URI)
        assert document is not None
        places = document.position_at(start), document.position_at(end)
        edits = self.documents.change(URI, document.version + 1, [Change(places, text)])
        self.fates.edited(URI, edits)
        self.cursor = start + len(text)

    def type(self, text: str) -> None:
        self.edit(self.cursor, self.cursor, text)

    def answer(self, *texts: str, replaces: int = 0, **facts: Any) -> tuple[str, ...]:
        """Answer a request at the cursor; returns the ids."""
        document = self.documents.get(URI)
        assert document is not None
        cost = Statistics(100, 90)
        suggestions = tuple(
            Suggestion(text, self.cursor, replaces, None, None, cost, None, (), 0.0, FEATURES)
            for text in texts
        )
        ids = self.history.new_ids(suggestions)
        place = document.position_at(self.cursor)
        origin = suggestions[0] if suggestions else None
        known: dict[str, Any] = {"source": "model", "total_ms": 12.3456} | facts
        answer = Answer(
            URI, document.version, place, known.pop("is_invoked", False), 0.0, suggestions, ids,
            origin=origin, **known,
        )  # fmt: skip
        self.history.add(answer)
        return ids

    def note(self, id_: str, outcome: Outcome, length: int = 0) -> None:
        self.history.note(id_, outcome, length)

    def end(self) -> SuggestionRecord:
        """Close the document; its one suggestion."""
        self.fates.close()
        (record,) = self.records.suggestions
        return record

    async def wait(self) -> SuggestionRecord:
        """The one suggestion whose time is over."""
        while not self.records.suggestions:
            await asyncio.sleep(0.001)
        (record,) = self.records.suggestions
        return record


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute is over as soon as the test waits."""
    monkeypatch.setattr(fates, "KEPT_AFTER_S", 0.0)


async def test_a_suggestion_that_nobody_speaks_of_was_sent() -> None:
    scene = Scene()
    scene.answer("foo(1)")
    record = scene.end()
    assert (record.outcome, record.is_shown) == (Outcome.SENT, False)
    assert (record.characters, record.accepted_characters, record.kept_characters) == (6, 0, None)
    assert (record.language, record.trigger_kind, record.extent) == ("python", "automatic", "line")
    assert (record.source, record.latency_ms) == ("model", 12.35)
    assert (record.prompt_tokens, record.cached_tokens) == (100, 90)


@pytest.mark.parametrize(
    ("facts", "source"),
    [
        ({}, "model"),
        ({"source": "cache"}, "cache"),
        ({"source": "cache", "is_ahead": True}, "prefetch"),
    ],
)
async def test_where_it_came_from(facts: dict[str, Any], source: str) -> None:
    scene = Scene()
    scene.answer("foo", **facts)
    record = scene.end()
    assert record.source == source
    assert record.prompt_tokens == (100 if source == "model" else 0)


async def test_what_was_asked_for_and_has_lines() -> None:
    scene = Scene()
    scene.answer("if a:\n    b()\n", is_invoked=True)
    record = scene.end()
    assert (record.trigger_kind, record.extent) == ("invoked", "block")
    other = Scene()
    other.answer("\n    return x\n")
    assert other.end().extent == "line"


async def test_what_was_accepted_and_left_alone_is_kept(at_once: None) -> None:
    scene = Scene(below="  # below\n")
    (id_,) = scene.answer("foo(1)")
    scene.note(id_, Outcome.SHOWN)
    scene.type("foo(1)")
    scene.note(id_, Outcome.ACCEPTED)
    record = await scene.wait()
    assert (record.outcome, record.is_shown) == (Outcome.ACCEPTED, True)
    assert (record.accepted_characters, record.kept_characters) == (6, 6)


async def test_edits_take_from_what_is_kept_only_what_they_touch(at_once: None) -> None:
    scene = Scene()
    (id_,) = scene.answer("foo(one, two)")
    scene.type("foo(one, two)")
    scene.note(id_, Outcome.ACCEPTED)
    scene.edit(0, 0, "# a line above\n")
    start = scene.text.index("one")
    scene.edit(start, start + 3, "seven")
    scene.edit(len(scene.text), len(scene.text), "more below\n")
    record = await scene.wait()
    assert (record.accepted_characters, record.kept_characters) == (13, 10)


async def test_undoing_it_keeps_nothing(at_once: None) -> None:
    scene = Scene()
    (id_,) = scene.answer("foo(1)")
    scene.type("foo(1)")
    scene.note(id_, Outcome.ACCEPTED)
    scene.edit(4, 10, "")
    assert (await scene.wait()).kept_characters == 0


async def test_clients_that_accept_first_and_insert_then(at_once: None) -> None:
    scene = Scene()
    (id_,) = scene.answer("foo(1)")
    scene.note(id_, Outcome.ACCEPTED)
    scene.type("foo(1)")
    assert (await scene.wait()).kept_characters == 6


async def test_clients_that_send_the_whole_text(at_once: None) -> None:
    scene = Scene("a = b\nx = ", "\ny = c\n")
    (id_,) = scene.answer("foo(1)")
    scene.edit(0, len(scene.text), "a = b\nx = foo(1)\ny = c\n")
    scene.note(id_, Outcome.ACCEPTED)
    scene.edit(0, len(scene.text), "a = b\nx = fo(1)\ny = c\n")
    record = await scene.wait()
    assert (record.accepted_characters, record.kept_characters) == (6, 5)
    assert scene.records.characters == 6


async def test_closers_that_give_way_to_it(at_once: None) -> None:
    scene = Scene("print(", ")\n")
    (id_,) = scene.answer("a, b)", replaces=1)
    scene.edit(6, 7, "a, b)")
    scene.note(id_, Outcome.ACCEPTED)
    assert (await scene.wait()).kept_characters == 5


async def test_what_never_arrives_is_not_known(at_once: None) -> None:
    scene = Scene()
    (id_,) = scene.answer("foo(1)")
    scene.note(id_, Outcome.ACCEPTED)
    record = await scene.wait()
    assert (record.outcome, record.kept_characters) == (Outcome.ACCEPTED, None)


async def test_what_is_closed_before_is_not_known() -> None:
    scene = Scene()
    (id_,) = scene.answer("foo(1)")
    scene.type("foo(1)")
    scene.note(id_, Outcome.ACCEPTED)
    assert scene.end().kept_characters is None


async def test_typing_along_is_one_suggestion(at_once: None) -> None:
    scene = Scene()
    scene.answer("foo(1)")
    for typed, rest in (("f", "oo(1)"), ("o", "o(1)"), ("o", "(1)")):
        scene.type(typed)
        (last,) = scene.answer(rest, source="cache")
    scene.type("(1)")
    scene.note(last, Outcome.ACCEPTED)
    record = await scene.wait()
    assert (record.outcome, record.source) == (Outcome.ACCEPTED, "model")
    assert (record.characters, record.accepted_characters, record.kept_characters) == (6, 3, 3)


async def test_an_early_id_may_be_accepted_late(at_once: None) -> None:
    scene = Scene()
    (first,) = scene.answer("foo(1)")
    scene.type("f")
    scene.answer("oo(1)", source="cache")
    scene.type("oo(1)")
    scene.note(first, Outcome.ACCEPTED)
    record = await scene.wait()
    assert (record.accepted_characters, record.kept_characters) == (6, 6)


async def test_confidence_is_recorded_where_nothing_tells_whether_it_was_shown() -> None:
    scene = Scene()
    scene.answer("foo")
    scene.type("bar")
    scene.answer("baz")
    scene.fates.close()
    assert [each.confidence for each in scene.records.suggestions] == [CONFIDENCE] * 2


async def test_confidence_in_what_was_not_shown_is_not_recorded() -> None:
    scene = Scene()
    (id_,) = scene.answer("foo")
    scene.note(id_, Outcome.SHOWN)
    scene.type("bar")
    scene.answer("baz")
    scene.fates.close()
    assert [each.confidence for each in scene.records.suggestions] == [CONFIDENCE, None]


async def test_word_by_word(at_once: None) -> None:
    scene = Scene()
    (first,) = scene.answer("foo(🙂, 1)")
    scene.type("foo(🙂")
    scene.note(first, Outcome.PARTIALLY_ACCEPTED, 6)  # UTF-16: the face has two
    (second,) = scene.answer(", 1)", source="cache")
    scene.type(", ")
    scene.note(second, Outcome.PARTIALLY_ACCEPTED, 2)
    scene.edit(0, 0, "ab")
    scene.cursor = len("abx = foo(🙂, ")
    scene.type("elsewhere")
    scene.answer()
    record = await scene.wait()
    assert record.outcome is Outcome.PARTIALLY_ACCEPTED
    assert (record.characters, record.accepted_characters, record.kept_characters) == (9, 7, 7)


async def test_one_of_several(at_once: None) -> None:
    scene = Scene()
    first, second = scene.answer("foo", "bar(1)", is_invoked=True)
    scene.type("bar(1)")
    scene.note(second, Outcome.ACCEPTED)
    scene.note(first, Outcome.REJECTED)
    record = await scene.wait()
    assert (record.outcome, record.characters) == (Outcome.ACCEPTED, 6)


async def test_a_request_that_goes_another_way_means_ignored(at_once: None) -> None:
    scene = Scene()
    (id_,) = scene.answer("foo")
    scene.type("b")
    scene.answer(reason=Reason.EMPTY)
    assert scene.history.outcome(id_) == (Outcome.IGNORED, 0)
    record = await scene.wait()
    assert (record.outcome, record.is_shown) == (Outcome.IGNORED, False)


@pytest.mark.parametrize("reason", [Reason.SUPERSEDED, Reason.OUTDATED, Reason.CANCELLED])
async def test_answers_that_came_to_nothing_decide_nothing(reason: Reason) -> None:
    scene = Scene()
    (id_,) = scene.answer("foo")
    scene.type("b")
    scene.answer(reason=reason)
    assert scene.history.outcome(id_) == (Outcome.SENT, 0)


async def test_deleting_in_front_of_it_is_another_way() -> None:
    scene = Scene("x = y")
    (id_,) = scene.answer("foo")
    scene.edit(4, 5, "")
    scene.answer(reason=Reason.EMPTY)
    assert scene.history.outcome(id_) == (Outcome.IGNORED, 0)


async def test_typing_it_out_by_hand_is_not_ignoring_it() -> None:
    scene = Scene()
    (id_,) = scene.answer("foo")
    scene.type("foo")
    scene.answer(reason=Reason.EMPTY)
    scene.type("\n")
    scene.answer("bar")
    assert scene.history.outcome(id_) == (Outcome.SENT, 0)


async def test_another_suggestion_at_the_same_place_is_another(at_once: None) -> None:
    scene = Scene()
    scene.answer("foo")
    scene.answer("bar", "foo2", is_invoked=True)
    scene.fates.close()
    assert [each.outcome for each in scene.records.suggestions] == [Outcome.SENT, Outcome.SENT]


async def test_what_comes_late_still_counts(at_once: None) -> None:
    scene = Scene()
    (id_,) = scene.answer("foo")
    scene.type("bar")
    scene.answer(reason=Reason.EMPTY)
    scene.note(id_, Outcome.REJECTED)
    record = await scene.wait()
    assert (record.outcome, record.is_shown) == (Outcome.REJECTED, True)


async def test_every_silence_is_counted_with_its_reason() -> None:
    scene = Scene()
    scene.answer(reason=Reason.REPEATS_SUFFIX)
    scene.answer(reason=Reason.DISABLED, is_invoked=True)
    unknown = Answer("file:///b", 0, Position(0, 0), False, 0.0, reason=Reason.UNKNOWN_DOCUMENT)
    scene.history.add(unknown)
    assert scene.records.silences == [
        ("python", "automatic", Reason.REPEATS_SUFFIX),
        ("python", "invoked", Reason.DISABLED),
        ("unknown", "automatic", Reason.UNKNOWN_DOCUMENT),
    ]


async def test_back_off_hears_of_automatic_suggestions_alone() -> None:
    scene = Scene()
    (asked_for,) = scene.answer("foo", is_invoked=True)
    scene.note(asked_for, Outcome.REJECTED)
    assert scene.backoff.factor(0.0) == 1
    heard: list[Outcome] = []
    scene.backoff.note = lambda outcome, now: heard.append(outcome)  # type: ignore[method-assign]
    (id_,) = scene.answer("foo")
    for outcome in (Outcome.SHOWN, Outcome.SHOWN, Outcome.REJECTED, Outcome.IGNORED):
        scene.note(id_, outcome)
    assert heard == [Outcome.SHOWN, Outcome.REJECTED]


async def test_memory_is_bounded() -> None:
    scene = Scene()
    (first,) = scene.answer("foo")
    for _ in range(300):
        scene.answer("foo", source="cache")
    assert len(scene.fates._by_id) <= 64
    scene.note(first, Outcome.SHOWN)
    assert scene.end().is_shown
    assert len(scene.fates._by_id) + len(scene.fates._all) + len(scene.fates._current) == 0


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("python", "python"),
        ("C++", "c++"),
        ("objective-c", "objective-c"),
        ("/home/me/secret.py", "other"),
        ("", "other"),
        ("x" * 31, "other"),
        ("api key = 1", "other"),
    ],
)
def test_only_what_looks_like_a_language_is_recorded(language: str, expected: str) -> None:
    assert language_code(language) == expected
