"""What follows an accepted suggestion is there before it is asked for."""

import time

from tests.e2e.conftest import Start
from tests.e2e.editor import CARET

DEADLINE_S = 30
PAUSE_S = 0.05


def test_after_accepting_the_next_suggestion_is_remembered(start: Start) -> None:
    editor = start("--prefetch", "true")
    deadline = time.monotonic() + DEADLINE_S
    source = None
    while source != "cache":  # a request that comes too early ends the prefetch
        assert time.monotonic() < deadline
        place = editor.put(f"# scripted: text=abc\n{CARET}")
        assert editor.texts(place) == ["abc"]
        time.sleep(PAUSE_S)
        place = editor.type(place, 2, f"# scripted: text=abc\nabc{CARET}")
        assert editor.texts(place) == ["abc"]
        source = editor.why(place)["source"]


def test_switched_off_nothing_is_completed_ahead(start: Start) -> None:
    editor = start("--prefetch", "false")
    place = editor.put(f"# scripted: text=abc\n{CARET}")
    assert editor.texts(place) == ["abc"]
    assert len(editor.log_of("abc")) == 1


def test_after_a_silence_the_worker_prepares_for_typing_on(start: Start) -> None:
    editor = start("--prefetch", "true")
    deadline = time.monotonic() + DEADLINE_S
    prepared = None
    while not prepared:  # a request that comes too early ends it
        assert time.monotonic() < deadline
        place = editor.put(f"# scripted: reason=empty\n{CARET}")
        assert editor.texts(place) == []
        time.sleep(PAUSE_S)
        prepared = editor.report("prepared")
    assert prepared == [[place.uri, len(place.text)]]


def test_switched_off_the_worker_prepares_for_nothing(start: Start) -> None:
    editor = start("--prefetch", "false")
    for _ in range(3):
        assert editor.texts(editor.put(f"# scripted: reason=empty\n{CARET}")) == []
        time.sleep(PAUSE_S)
    assert editor.report("prepared") == []
