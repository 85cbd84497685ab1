"""The wait before an automatic request follows the rhythm of typing."""

import pytest

from codegen_lsp.server.debounce import TypingRhythm

LONGEST = 0.075


def typed(*gaps: float) -> tuple[TypingRhythm, float]:
    rhythm, now = TypingRhythm(), 100.0
    rhythm.note(now)
    for gap in gaps:
        now += gap
        rhythm.note(now)
    return rhythm, now


@pytest.mark.parametrize("gaps", [(), (0.05,)])
def test_without_a_rhythm_nothing_waits(gaps: tuple[float, ...]) -> None:
    rhythm, now = typed(*gaps)
    assert rhythm.delay(now, LONGEST) == 0
    assert TypingRhythm().delay(now, LONGEST) == 0


def test_the_faster_the_keys_the_longer_the_wait() -> None:
    delays = []
    for gap in (0.02, 0.075, 0.1, 0.15, 0.19, 0.2, 0.6):
        rhythm, now = typed(*[gap] * 5)
        delays.append(rhythm.delay(now, LONGEST))
    assert delays == pytest.approx([LONGEST, LONGEST, 0.06, 0.03, 0.006, 0, 0], abs=1e-4)


def test_what_the_editor_has_waited_already_is_taken_off() -> None:
    rhythm, now = typed(*[0.05] * 5)
    assert rhythm.delay(now + 0.03, LONGEST) == pytest.approx(LONGEST - 0.03)
    assert rhythm.delay(now + 0.2, LONGEST) == 0


def test_a_pause_ends_the_rhythm_and_old_keys_are_forgotten() -> None:
    rhythm, now = typed(*[0.05] * 5, 1.5)
    assert rhythm.delay(now, LONGEST) == 0
    rhythm, now = typed(*[0.05] * 5, *[0.5] * 6)
    assert rhythm.delay(now, LONGEST) == 0


def test_the_longest_wait_is_the_callers() -> None:
    rhythm, now = typed(*[0.05] * 5)
    assert rhythm.delay(now, 0.5) == 0.5
    assert rhythm.delay(now, 0) == 0
