"""The `eval` command with a model that writes what the test says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.cli import main
from codegen_lsp.completion import pipeline
from codegen_lsp.engine.scripted import ScriptedEngine
from codegen_lsp.prompt import build
from codegen_lsp.prompt import model as model_module
from codegen_lsp.prompt.model import Model
from tests.scripted_models import TOKENIZER, script, scripted_model

ROW = {"language": "python", "prefix": "total = ", "suffix": "\n"}
ROWS = [
    ROW | {"id": "first", "middle": "first + second\n"},
    ROW | {"id": "second", "middle": "second\n"},
    ROW | {"id": "third", "middle": "third\n"},
]

Run = Callable[..., int]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    return path


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the models that were loaded; each completes with `first + second`."""
    names: list[str] = []

    def load_model(name: str, **_: object) -> Model:
        names.append(name)
        return scripted_model([script("total = ", "first + second\n")] * len(ROWS))

    monkeypatch.setattr(model_module, "load_model", load_model)
    return names


def test_reports_one_json_object_and_writes_the_predictions(
    data: Path, tmp_path: Path, loads: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["eval", str(data), "--json", "--filters", "off", "--predictions", str(out)]) == 0
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert (report["shown_rate"], report["silences"]) == (1.0, {})
    assert (report["cases"], report["skipped_rows"]) == (3, 0)
    assert report["exact_match"] == pytest.approx(1 / 3, abs=1e-4)
    assert "3/3" in captured.err  # the progress bar
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["first", "second", "third"]
    facts = ("id", "prediction", "exact_match", "edit_similarity", "is_right", "is_shown")
    assert [rows[0][name] for name in facts] == [
        "first",
        "first + second",
        True,
        100.0,
        True,
        True,
    ]
    assert len(loads) == 1


def test_the_table_is_for_people(
    data: Path, loads: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", str(data), "--model", "some", "--filters", "off"]) == 0
    table = " ".join(capsys.readouterr().out.split())
    assert table.startswith("cases 3 rows skipped 0 exact match, first line 0.333 (0.000 ")
    assert " shown 1.000 first line right 0.333 all of it right 0.333 characters saved 14 " in table
    assert table.endswith(" ms")
    assert loads == ["some"]


def test_malformed_rows_are_named_skipped_and_counted(
    data: Path, loads: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    data.write_text("{\n" + data.read_text("utf-8") + '{"id": "x"}\n', "utf-8")
    assert main(["eval", str(data), "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["cases"] == 3
    assert json.loads(captured.out)["skipped_rows"] == 2
    assert f"{data}:1: not JSON" in captured.err
    assert f"{data}:5: no text under" in captured.err
    assert loads


def test_limit(data: Path, loads: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", str(data), "--json", "--limit", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == 2
    assert loads


def test_a_moved_cursor_is_where_the_seed_says(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def load_model(name: str, **_: object) -> Model:
        del name
        return scripted_model([[]] * 3)

    def prefixes(*arguments: str) -> list[str]:
        asked.clear()
        assert main(["eval", str(data), "--cursor", "random-in-line", *arguments]) == 0
        return list(asked)

    build_prompt = build.build_prompt

    def recording(tokenizer: Any, fim: Any, prefix: str, *rest: Any, **more: Any) -> object:
        asked.append(prefix)
        return build_prompt(tokenizer, fim, prefix, *rest, **more)

    monkeypatch.setattr(pipeline, "build_prompt", recording)
    monkeypatch.setattr(model_module, "load_model", load_model)
    first = prefixes("--seed", "1")
    assert all(prefix.startswith("total = ") and len(prefix) > 8 for prefix in first)
    assert prefixes("--seed", "1", "--limit", "2") == first[:2]
    assert prefixes("--seed", "2") != first


SHOP = {"filename": "shop.py", "retrieved_chunk": "def total(items): ...", "score": 9.5}
PROJECT = "store\nshop.py\ndef total(items): ...\nmain.py\n"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> ScriptedEngine:
    """The engine of the model that is loaded next, which remembers what it was asked."""
    model = scripted_model([[]] * 100)
    monkeypatch.setattr(model_module, "load_model", lambda name, **_: model)
    assert isinstance(model.engine, ScriptedEngine)
    return model.engine


def prompts(engine: ScriptedEngine, *arguments: str) -> list[str]:
    """What each case's prompt says, without sentinels, in one more run with `arguments`."""
    engine.requests.clear()
    assert main(["eval", *arguments]) == 0
    return [TOKENIZER.decode(request.prompt_ids) for request in engine.requests]


def test_what_a_row_says_of_other_files_is_shown_on_demand(
    data: Path, engine: ScriptedEngine
) -> None:
    more = {"repository": "store", "file": "main.py", "crossfile_list": [SHOP]}
    rows = [ROWS[0] | more, ROWS[1]]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    first, second = prompts(engine, str(data))
    assert prompts(engine, str(data), "--row-context") == [PROJECT + first, second]


def test_what_the_repository_says_is_shown_unless_it_is_not_wanted(
    data: Path, tmp_path: Path, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    project = tmp_path / "store"
    project.mkdir()
    (project / "shop.py").write_text("def order_total(items):\n    return sum(items)\n")
    (project / "main.py").write_text("import shop\n\nhidden = 1\n")
    row = ROWS[0] | {"path": "main.py", "prefix": "import shop\n\ntotal = shop.order"}
    data.write_text(json.dumps(row) + "\n", "utf-8")
    (with_context,) = prompts(engine, str(data), "--repository", str(project))
    (without,) = prompts(engine, str(data), "--repository", str(project), "--no-context")
    assert with_context.endswith("main.py\n" + without)
    assert "shop.py\ndef order_total(items)" in with_context.replace(without, "")
    assert "hidden" not in with_context


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--no-context"], "--repository"),
        (["--repository", "no-such-folder"], "there is no such folder"),
        (["--repository", "."], "'path'"),
    ],
)
def test_context_that_cannot_be_had_is_refused(
    data: Path,
    arguments: list[str],
    complaint: str,
    engine: ScriptedEngine,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["eval", str(data), *arguments]) == 2
    assert complaint in capsys.readouterr().err
    assert engine.requests == []


@pytest.mark.parametrize(
    ("content", "arguments", "complaint"),
    [
        ("", [], "holds no case"),
        ("{\n[]\n", [], "holds no case"),
        (None, [], "cannot read"),
        ("ok", ["--predictions", "."], "cannot write"),
        ("ok", ["--predictions", "none/out.jsonl"], "cannot write"),
    ],
)
def test_usage_errors_come_before_the_model_is_loaded(
    data: Path,
    loads: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    content: str | None,
    arguments: list[str],
    complaint: str,
) -> None:
    monkeypatch.chdir(data.parent)
    if content is None:
        data.unlink()
    elif content != "ok":
        data.write_text(content, "utf-8")
    assert main(["eval", str(data), *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    message = captured.err.splitlines()[-1]
    assert message.startswith("codegen-lsp: error: ")
    assert complaint in message
    assert loads == []


@pytest.mark.parametrize("number", ["0", "-1", "two", "9" * 5000])
@pytest.mark.parametrize("arguments", [["eval", "x", "--limit"], ["bench", "engine", "--rounds"]])
def test_counts_are_positive(
    arguments: list[str], number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        main([*arguments, number])
    assert raised.value.code == 2
    assert "is not a positive number" in capsys.readouterr().err.splitlines()[-1]


def test_the_cases_are_not_overwritten(
    data: Path, loads: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = data.read_bytes()
    assert main(["eval", str(data), "--predictions", str(data)]) == 2
    assert "would overwrite" in capsys.readouterr().err
    assert data.read_bytes() == before
    assert loads == []
