"""From a repository to a report and an active adapter, with a tiny random model."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from codegen_lsp.cli import main
from codegen_lsp.models.active_adapters import active_adapter, list_adapters
from codegen_lsp.models.adapters import read_adapter
from codegen_lsp.models.catalogue import DEFAULT_MODEL
from finetune import running
from finetune.evaluation.outcomes import Outcome
from finetune.evaluation.verdict import Verdict, judge
from tests.adapters import tiny_base
from tests.finetune.repositories import commit, module

SETTINGS = """
rank = 2
max_epochs = 1
cases = 6
validation_cases = 2
sweep_cases = 2
scales = [0.5, 1.0]
general_cases = 2
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    names = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")
    commit(folder, {f"{name}.py": module(name) for name in names})
    return folder


@pytest.fixture
def arguments(base: Path, repository: Path, tmp_path: Path) -> list[str]:
    config = tmp_path / "settings.toml"
    config.write_text(SETTINGS)
    given = [str(repository), "--model", str(base), "--config", str(config)]
    return [*given, "--out", str(tmp_path / "out"), "--device", "cpu"]


def test_a_run_leaves_a_report_an_adapter_and_a_manifest(
    base: Path,
    repository: Path,
    arguments: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["finetune", "run", *arguments, "--plain"]) == 0
    said = capsys.readouterr()
    assert "not switched on: too few to tell: 6 cases of " in said.out
    assert "step " in said.err
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert report["cases"] == 6
    assert set(report["arms"]) == {"base", "base + retrieval", "tuned", "tuned + retrieval"}
    assert set(report["scales"]) == {"0.0", "0.5", "1.0"}
    assert report["facts"]["tokens"] > report["facts"]["tokens_with_loss"] > 0
    assert "<svg" in (tmp_path / "out/report.html").read_text()
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    learnt = {each["path"] for each in manifest["learnt"]}
    assert learnt.isdisjoint(manifest["held_out"])
    assert len(learnt) + len(manifest["held_out"]) == 8
    adapter = read_adapter(tmp_path / "out/adapter")
    assert (adapter.rank, adapter.base, adapter.format_id) == (2, str(base), "qwen2.5-coder")
    assert report["facts"]["adapter"] == adapter.id
    assert active_adapter(repository, str(base)) is None


def test_the_same_command_goes_on_and_does_nothing_twice(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["finetune", "run", *arguments, "--plain"]) == 0
    first = (tmp_path / "out/report.json").read_text()
    outcomes = next((tmp_path / "out/outcomes").glob("*/tuned.jsonl"))
    lines = outcomes.read_text().splitlines(keepends=True)
    outcomes.write_text("".join(lines[:3]) + lines[3][:20])  # killed while it was written
    capsys.readouterr()
    assert main(["finetune", "run", *arguments, "--plain"]) == 0
    said = capsys.readouterr().err
    assert "tuned: 3 cases" in said
    assert "base: " not in said
    assert "step " not in said
    assert outcomes.read_text() == "".join(lines)
    second = json.loads((tmp_path / "out/report.json").read_text())
    assert second["arms"] == json.loads(first)["arms"]


def test_a_winner_of_the_model_in_the_settings_completes_from_now_on(  # noqa: PLR0917 - fixtures
    base: Path,
    repository: Path,
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(running, "judge", _always_better)
    monkeypatch.setenv("CODEGEN_LSP_MODEL", f"./{base.name}")
    monkeypatch.chdir(base.parent)
    model = arguments.index("--model")
    without_model = arguments[:model] + arguments[model + 2 :]
    assert main(["finetune", "run", *without_model]) == 0
    adapter = read_adapter(tmp_path / "out/adapter")
    assert adapter.base == str(base)  # it can be found from elsewhere
    said = capsys.readouterr().out
    assert said.endswith(f"the adapter {adapter.id} completes in {repository} from now on\n")
    assert active_adapter(repository, str(base)) is not None


def test_a_winner_of_another_model_does_not_claim_to_complete(
    base: Path,
    repository: Path,
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(running, "judge", _always_better)
    assert main(["finetune", "run", *arguments]) == 0
    said = capsys.readouterr().out
    assert "from now on" not in said
    assert f"completes only where the settings name the model {base} instead of" in said
    assert active_adapter(repository, str(base)) is not None
    assert active_adapter(repository, DEFAULT_MODEL) is None


def _always_better(*outcomes: Sequence[Outcome]) -> Verdict:
    return replace(judge(*outcomes), is_better=True)


def test_an_adapter_is_activated_by_force_only(  # noqa: PLR0917 - fixtures
    base: Path,
    repository: Path,
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_MODEL", str(base))
    assert main(["finetune", "run", *arguments]) == 0
    given = [str(tmp_path / "out"), "--repository", str(repository)]
    assert main(["finetune", "activate", *given]) == 2
    assert "is not better: " in capsys.readouterr().err
    assert main(["finetune", "activate", *given, "--force", "--scale", "0.8"]) == 0
    active = active_adapter(repository, str(base))
    assert active is not None
    assert (active.forced, active.scale) == (True, 0.8)
    assert main(["finetune", "list", str(repository)]) == 0
    assert f"active for {base} (forced: its gain is not proved)" in capsys.readouterr().out
    assert main(["finetune", "deactivate", str(repository)]) == 0
    assert active_adapter(repository, str(base)) is None
    assert [each.name for each in list_adapters(repository)] == [active.id]
    by_id = ["finetune", "activate", active.id, "--repository", str(repository)]
    assert main(by_id) == 2  # the adapter keeps what its report has found
    assert "is not better: " in capsys.readouterr().err


def test_denied_files_are_not_learnt(
    base: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / ".codegen-lsp.toml").write_text('denied_files = ["alpha.py"]\n')
    assert main(["finetune", "inspect", str(repository), "--model", str(base), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [each["path"] for each in said["rejected"]] == ["alpha.py"]


def test_exports_and_the_script_for_vllm(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["finetune", "run", *arguments]) == 0
    run = str(tmp_path / "out")
    assert main(["finetune", "export", run, str(tmp_path / "peft"), "--peft"]) == 0
    assert (tmp_path / "peft/adapter_config.json").exists()
    assert main(["finetune", "export", run, str(tmp_path / "merged"), "--merged"]) == 0
    assert (tmp_path / "merged/config.json").exists()
    assert main(["finetune", "export", run, str(tmp_path / "merged"), "--merged"]) == 2
    assert "exists" in capsys.readouterr().err
    assert main(["finetune", "serve-config", "vllm", run]) == 0
    assert "--lora-modules" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (["--time-limit", "soon"], "is no time such as"),
        (["--device", "cuda:7"], "this machine has none"),
        (["--since", "yesteryear"], "yesteryear"),
    ],
)
def test_bad_arguments_are_one_line(
    arguments: list[str], change: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(["finetune", "run", *arguments, *change])
    except SystemExit as exit_:  # argparse
        status = int(str(exit_.code))
    assert status == 2
    error = capsys.readouterr().err.strip()
    assert says in error.splitlines()[-1]
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rank = 0", "setting rank"),
        ("rnak = 8", "setting rnak"),
        ("rank = ", "not valid TOML"),
        ("scales = [3.0]", "setting scales.0"),
        ("seed = 99999999999999999999999", "setting seed"),
        ("learning_rate = inf", "setting learning_rate"),
        ("cases = 99999999999999999999999", "setting cases"),
    ],
)
def test_bad_settings_are_named(
    arguments: list[str], tmp_path: Path, text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text(text)
    assert main(["finetune", "run", *arguments]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"model_type": "qwen2",', "config.json cannot be read"),
        ("[]", "config.json is no model configuration"),
        ('{"max_position_embeddings": "many"}', "misstates max_position_embeddings: 'many'"),
    ],
)
def test_a_broken_configuration_of_the_model_is_one_line(  # noqa: PLR0917 - fixtures
    base: Path,
    arguments: list[str],
    tmp_path: Path,
    text: str,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(base, broken)
    (broken / "config.json").write_text(text)
    assert main(["finetune", "run", *arguments, "--model", str(broken)]) == 3
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1


def test_an_evaluation_that_is_refused_leaves_what_was_measured(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["finetune", "run", *arguments]) == 0
    measured = sorted((tmp_path / "out/outcomes").rglob("*.jsonl"))
    assert measured
    assert main(["finetune", "eval", *arguments, "--seed", "3"]) == 2
    assert "give the same again" in capsys.readouterr().err
    assert sorted((tmp_path / "out/outcomes").rglob("*.jsonl")) == measured


def test_what_cannot_be_learnt_is_refused(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["finetune", "run", str(empty), *arguments[1:]]) == 2
    assert "git init" in capsys.readouterr().err
    commit(empty, {"only.py": module("only")})
    assert main(["finetune", "run", str(empty), *arguments[1:]]) == 2
    assert "a second file is needed" in capsys.readouterr().err


def test_inspect_and_estimate_say_what_would_be_done(
    base: Path,
    repository: Path,
    arguments: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["finetune", "inspect", str(repository), "--model", str(base), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert len(said["kept"]) == 8
    assert (said["rejected"], said["tokens"] > 0) == ([], True)
    assert main(["finetune", "estimate", *arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "GB; training at most 60 minutes" in lines[0]
    assert [line.partition(":")[0] for line in lines[1:]] == ["training", "measuring"]
    assert main(["finetune", "estimate", *arguments, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["cases"], figures["bare_cases"]) == (2 * 6 + 2, 2 * 6 + 2 * 2)
    assert figures["tokens_per_second"] > 0
    assert figures["steps"] == -(-figures["examples"] // 4)  # of one epoch
    assert not (tmp_path / "out").exists()


def test_an_adapter_is_not_judged_by_what_another_split_taught_it(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["finetune", "run", *arguments]) == 0
    (tmp_path / "settings.toml").write_text(SETTINGS.replace("cases = 6", "cases = 30"))
    capsys.readouterr()
    assert main(["finetune", "run", *arguments]) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert "with another held-out cases, split: give the same again" in error
    assert error.endswith(f"or remove {tmp_path / 'out'} to begin anew")


def test_without_a_case_nothing_is_trained(
    repository: Path, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(repository, {"new.py": "x\n"})
    assert main(["finetune", "run", *arguments, "--since", "HEAD~1", "--plain"]) == 2
    error = capsys.readouterr().err
    assert "name an earlier date with --since" in error
    assert "step " not in error
    assert not (tmp_path / "out").exists()


def test_inspect_shows_the_split_that_is_trained(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = arguments[: arguments.index("--out")]
    assert main(["finetune", "inspect", *given, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert main(["finetune", "run", *arguments]) == 0
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    assert said["split"]["held_out"] == manifest["held_out"]
    assert (said["split"]["cases"], said["split"]["validation_cases"]) == (6, 2)
