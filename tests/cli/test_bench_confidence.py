"""`bench confidence`: what it fits, writes and takes up again, with a model that is scripted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.cli import main
from codegen_lsp.completion.confidence import MEANINGS
from codegen_lsp.evaluate import confidence_bench
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.confidence_fit import Judged

CODE = "def f(x):\n    y = x\n    return y\n\n\ndef g(x):\n    z = f(x)\n    return z\n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[str, str]:
    for name in ("train", "other"):
        (tmp_path / name).mkdir()
        for number in range(20):
            (tmp_path / name / f"m{number}.py").write_text(CODE, encoding="utf-8")
    return str(tmp_path / "train"), str(tmp_path / "other")


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the cases that were completed; every second one is right, and likelier."""
    asked: list[str] = []

    def judge(
        model: object, folder: Path, cases: list[Case], advance: Any
    ) -> Iterator[tuple[str, Judged]]:
        for case in cases:
            asked.append(f"{folder.name}/{case.id}")
            advance()
            number = len(asked)
            found = dict.fromkeys(MEANINGS, 0.0) | {"mean_logprob": -1.0 - 2 * (number % 2)}
            right = number % 2 == 0 or number % 20 == 1
            shown = None if number % 7 == 0 else found
            yield case.id, Judged(folder.name, "python", shown, right, 10, False, False, right, 10)

    monkeypatch.setattr(confidence_bench, "judge", judge)
    monkeypatch.setattr("codegen_lsp.prompt.model.load_model", lambda *_, **__: None)
    return asked


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["bench", "confidence", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_it_is_fitted_to_some_projects_and_judged_by_others(
    folders: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train, other = folders
    out = tmp_path / "model.json"
    figures = run(capsys, other, "--train", train, "--places", "20", "--write", str(out))
    assert figures["suggestions"] == 17
    assert figures["places"] == 20
    assert figures["languages"] == {"python": 17}
    assert figures["thresholds"]["quiet"]["lift"] > 1.2
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["features"]["mean_logprob"]["weight"] > 0
    assert written["trained_on"] == {"projects": ["train"], "suggestions": 18, "seed": 0}


def test_an_ended_run_goes_on_from_its_rows(
    folders: tuple[str, str], tmp_path: Path, judged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    first = run(capsys, folders[1], "--places", "12", "--rows", str(rows))
    lines = rows.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(judged) == len(lines) == 12
    assert run(capsys, folders[1], "--places", "12", "--rows", str(rows)) == first
    assert len(judged) == 12
    rows.write_text("".join(lines[:7]), encoding="utf-8")
    run(capsys, folders[1], "--places", "12", "--rows", str(rows))
    assert len(judged) == 17


def test_the_table_is_for_people(
    folders: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "confidence", folders[1], "--places", "10"]) == 0
    table = capsys.readouterr().out
    assert [line.split()[0] for line in table.splitlines()[7:10]] == ["quiet", "balanced", "eager"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such-folder"], "no-such-folder is not a folder"),
        (["{other}", "--train", "no-such-folder"], "no-such-folder is not a folder"),
        (["{other}", "--write", "x.json"], "name projects to fit it to with --train"),
        (["{other}", "--rows", "{other}/m1.py"], "does not hold rows of this benchmark"),
    ],
)
def test_what_cannot_be_done_is_a_usage_error(
    arguments: list[str],
    message: str,
    folders: tuple[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = [each.format(other=folders[1]) for each in arguments]
    assert main(["bench", "confidence", *given]) == 2
    assert message in capsys.readouterr().err
