"""What follows an accepted suggestion is there before it is asked for."""

import time

from tests.e2e.conftest import Start
from tests.e2e.editor import CARET

DEADLINE_S = 30


def test_after_accepting_the_next_suggestion_is_remembered(start: Start) -> None:
    editor = start("--prefetch", "true")
    deadline = time.monotonic() + DEADLINE_S
    source = None
    while source != "cache":  # a request that comes too early ends the prefetch
        assert time.monotonic() < deadline
        place = editor.put(f"# scripted: text=abc\n{CARET}")
        assert editor.texts(place) == ["abc"]
        time.sleep(0.05)
        place = editor.type(place, 2, f"# scripted: text=abc\nabc{CARET}")
        assert editor.texts(place) == ["abc"]
        source = editor.why(place)["source"]


def test_switched_off_nothing_is_completed_ahead(start: Start) -> None:
    editor = start("--prefetch", "false")
    place = editor.put(f"# scripted: text=abc\n{CARET}")
    assert editor.texts(place) == ["abc"]
    assert len(editor.log_of("abc")) == 1
