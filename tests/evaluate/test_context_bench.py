"""What `bench context` makes of its predictions, and the command with the real model."""

import json
from pathlib import Path

import pytest

from codegen_lsp.cli import main
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.context_bench import Compared, cut_holes, report
from codegen_lsp.evaluate.quality import Prediction

SHOP = "def open_basket(name):\n    return [name]\n\n\ndef close_basket(basket):\n    return None\n"
USER = (
    "import shop\n\n\ndef report(name):\n    basket = shop.open_basket(name)\n    return basket\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "shop.py").write_text(SHOP, encoding="utf-8")
    (folder / "user.py").write_text(USER, encoding="utf-8")
    return folder


def compared(number: int, *, plain: bool, informed: bool) -> Compared:
    case = Case(str(number), "python", "", "", "x", f"file_{number}.py")
    first = Prediction(case.id, "", plain, 50.0, 100.0)
    second = Prediction(case.id, "", informed, 80.0, 120.0)
    return Compared("a" if number % 2 else "b", case, first, second)


def test_the_gain_is_that_of_context_over_none() -> None:
    found = report([compared(n, plain=False, informed=n % 4 > 0) for n in range(40)])
    assert (found.exact_match_without, found.exact_match_with) == (0.0, 0.75)
    assert found.gain.mean == 0.75
    assert found.gain.low > 0
    assert (found.edit_similarity_without, found.edit_similarity_with) == (50.0, 80.0)
    assert (found.median_ms_without, found.median_ms_with) == (100.0, 120.0)
    assert found.by_folder == {"b": (0.0, 0.5), "a": (0.0, 1.0)}


def test_each_folder_gives_as_many_holes(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("shop", "user"):
        (other / f"{name}.py").write_text((project / f"{name}.py").read_text(), encoding="utf-8")
    cases = cut_holes([project, other], 2, seed=0)
    assert [len(each) for each in cases.values()] == [1, 1]
    assert {case.path for each in cases.values() for case in each} == {"user.py"}


@pytest.mark.model
def test_the_real_model_is_measured(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    arguments = [str(project), "--holes", "1", "--predictions", str(out)]
    assert main(["bench", "context", *arguments]) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert json.loads(last)["cases"] == 1
    (row,) = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert row["case"]["path"] == "user.py"
    assert row["plain"]["id"] == row["informed"]["id"]


def test_what_is_no_folder_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "context", "no-such-folder"]) == 2
    assert "no-such-folder is not a folder" in capsys.readouterr().err
