"""What earlier outcomes on this machine do to what the real server shows."""

import json
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.completion.confidence import MEANINGS
from codegen_lsp.statistics import database
from codegen_lsp.statistics.records import Outcome
from tests.e2e.conftest import Command, Start
from tests.e2e.editor import CARET, Editor
from tests.e2e.test_server_statistics import served, stats
from tests.statistics.test_recalibration import ACCEPTED, REJECTED

CONFIDENCE = 0.31  # of whatever the scripted model doubts
DOUBTED = f'# scripted: text="abc" doubtful=1\nx = {CARET}'


def confidence_file(folder: Path, threshold: float) -> Path:
    """A model with 0.8 / 3 for mean_logprob, which is -3 for what is doubted, and one threshold."""
    weights = {name: {"weight": 0.8 / 3 if name == "mean_logprob" else 0.0} for name in MEANINGS}
    thresholds = dict.fromkeys(("quiet", "balanced", "eager"), threshold)
    file = folder / "confidence.json"
    file.write_text(json.dumps({"features": weights, "bias": 0.0, "thresholds": thresholds}))
    return file


def prepare(folder: Path, *, is_kept: bool) -> None:
    """A user who has kept, or rejected, all of 600 suggestions."""
    record = replace(ACCEPTED if is_kept else REJECTED, day=date.today(), confidence=CONFIDENCE)
    with database.opened(folder / "data/statistics.db", create=True) as connection:
        database.write(connection, [record] * 600)


def settled(editor: Editor) -> tuple[list[str], Any]:
    """What is shown once the database was read, and what is said of it."""
    deadline = time.monotonic() + 30
    while True:
        place = editor.put(DOUBTED)
        texts = editor.texts(place)
        explained = editor.why(place)
        if "modelConfidence" in explained:
            return texts, explained
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("is_kept", "threshold", "shown"), [(True, 0.4, ["abc"]), (False, 0.3, [])]
)
def test_who_kept_such_suggestions_sees_them_and_who_did_not_does_not(
    start: Start, tmp_path: Path, is_kept: bool, threshold: float, shown: list[str]
) -> None:
    prepare(tmp_path, is_kept=is_kept)
    editor = start(SCRIPTED_CONFIDENCE=str(confidence_file(tmp_path, threshold)))
    texts, explained = settled(editor)
    assert texts == shown
    assert explained["modelConfidence"] == pytest.approx(CONFIDENCE, abs=0.001)
    assert (explained["confidence"] >= threshold) is is_kept
    assert explained["threshold"] == threshold
    assert (explained["worth"] >= threshold) is is_kept
    place = editor.put(DOUBTED)
    assert editor.texts(place, invoked=True) == ["abc"]
    if not is_kept:
        assert editor.texts(editor.put(DOUBTED)) == []
        assert explained["reason"]["code"] == "low_confidence"


@pytest.mark.parametrize("fault", ["statistics off", "damaged"])
def test_without_outcomes_the_shipped_model_holds(start: Start, tmp_path: Path, fault: str) -> None:
    prepare(tmp_path, is_kept=True)
    if fault == "damaged":
        (tmp_path / "data/statistics.db").write_bytes(b"rubbish " * 1000)
    editor = start(
        SCRIPTED_CONFIDENCE=str(confidence_file(tmp_path, 0.4)),
        CODEGEN_LSP_STATISTICS="false" if fault == "statistics off" else "true",
    )
    if fault == "damaged":
        deadline = time.monotonic() + 30
        while "statistics cannot be read" not in editor.stderr.read_text("utf-8"):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    place = editor.put(DOUBTED)
    assert editor.texts(place) == []
    explained = editor.why(place)
    assert explained["confidence"] == pytest.approx(CONFIDENCE, abs=0.001)
    assert "modelConfidence" not in explained


def test_what_the_server_records_is_what_it_recalibrates_by(
    command: Command, tmp_path: Path
) -> None:
    model = confidence_file(tmp_path, 0.1)
    with served(tmp_path, SCRIPTED_CONFIDENCE=str(model)) as editor:
        place = editor.put(DOUBTED)
        (item,) = editor.items(place)
        editor.run("codegen.reject", *item["command"]["arguments"])
    found = stats(command, tmp_path)
    assert found["total"]["rejected"] == 1
    assert found["recalibration"]["outcomes"] == 1
    assert 0.49 < found["recalibration"]["of_half"] < 0.5
    with database.opened(tmp_path / "data/statistics.db", create=False) as connection:
        ((outcome, confidence),) = connection.execute("SELECT outcome, confidence FROM suggestions")
    assert (outcome, confidence) == (Outcome.REJECTED, pytest.approx(CONFIDENCE, abs=0.001))
