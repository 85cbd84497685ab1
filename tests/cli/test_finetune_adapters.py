"""Which adapters the commands switch on, list and export, and which they refuse."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.cli import main
from codegen_lsp.cli.finetune_listing import runs_folder
from codegen_lsp.models.active_adapters import active_adapter, adapters_folder
from codegen_lsp.models.adapters import read_adapter, seal
from finetune.git import first_commit
from tests.adapters import make_adapter, tiny_base
from tests.finetune.repositories import commit, git

BETTER = {"is_better": True, "reason": "better by +9.0 points"}
WORSE = {"is_better": False, "reason": "no gain that chance could not bring"}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_base(tmp_path_factory.mktemp("base") / "ours")


@pytest.fixture
def project(tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose settings name `base`."""
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODEGEN_LSP_MODEL", str(base))
    commit(tmp_path / "project", {"main.py": "total = 1\n"})
    return tmp_path / "project"


@pytest.fixture
def adapter(tmp_path: Path, base: Path, project: Path) -> Path:
    """One that was proved better in `project`."""
    folder = make_adapter(tmp_path / "adapter", base, name=str(base))
    record(folder, repository="project", first_commit=first_commit(project), verdict=BETTER)
    return folder


def record(folder: Path, **facts: Any) -> None:
    file = folder / "codegen.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | facts))


def activate(project: Path, adapter: Path | str, *options: str) -> int:
    return main(["finetune", "activate", str(adapter), "--repository", str(project), *options])


def test_what_is_proved_here_is_switched_on(
    project: Path, base: Path, adapter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert activate(project, adapter) == 0
    active = active_adapter(project, str(base))
    assert active is not None
    assert not active.forced
    said = f"the adapter {active.id} completes in {project} from now on\n"
    assert capsys.readouterr().out == said


def test_a_moved_clone_is_the_same_repository(
    project: Path, base: Path, adapter: Path, tmp_path: Path
) -> None:
    clone = tmp_path / "elsewhere" / "clone"
    git(tmp_path, "clone", "--quiet", str(project), str(clone))
    commit(clone, {"more.py": "count = 2\n"})
    assert activate(clone, adapter) == 0
    assert active_adapter(clone, str(base)) is not None
    assert active_adapter(project, str(base)) is None


@pytest.mark.parametrize(
    ("facts", "options", "says"),
    [
        ({"verdict": None}, (), "no report has proved"),
        ({"verdict": WORSE}, (), "is not better: no gain"),
        ({"verdict": BETTER | {"is_better": "false"}}, (), "is not better"),
        ({"repository": "another", "first_commit": "0" * 40}, (), "in the repository another, "),
        ({"first_commit": None}, (), "whose first commit is not that of"),
        ({}, ("--scale", "0.8"), "proved better at scale 1, not 0.8"),
    ],
)
def test_what_is_not_proved_here_needs_force(  # noqa: PLR0917 - fixtures and cases
    project: Path,
    base: Path,
    adapter: Path,
    facts: dict[str, Any],
    options: tuple[str, ...],
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    record(adapter, **facts)
    assert activate(project, adapter, *options) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.endswith("; --force makes it active all the same\n")
    assert active_adapter(project, str(base)) is None
    assert activate(project, adapter, *options, "--force") == 0
    active = active_adapter(project, str(base))
    assert active is not None
    assert active.forced
    assert main(["finetune", "list", str(project)]) == 0
    assert "(forced: its gain is not proved)" in capsys.readouterr().out


def test_a_folder_without_history_is_another_project(
    project: Path, adapter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    record(adapter, first_commit=None)
    assert activate(plain, adapter) == 2
    assert "whose first commit is not that of" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"base": "another-model"}, "trained for another-model, and the model is"),
        ({"base_sha256": "00"}, "trained for "),
        ({"format_id": "starcoder2"}, "trained for the prompt format starcoder2"),
    ],
)
def test_one_for_another_model_is_refused_even_by_force(  # noqa: PLR0917 - fixtures and cases
    project: Path,
    base: Path,
    adapter: Path,
    facts: dict[str, Any],
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    record(adapter, **facts)
    for options in ((), ("--force",)):
        assert activate(project, adapter, *options) == 2
        error = capsys.readouterr().err
        assert says in error
        assert "--force" not in error
    assert active_adapter(project, str(base)) is None


def test_a_base_that_was_moved_is_the_same(
    project: Path, base: Path, adapter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "moved").mkdir()
    moved = tmp_path / "moved" / base.name
    moved.symlink_to(base, target_is_directory=True)
    monkeypatch.setenv("CODEGEN_LSP_MODEL", str(moved))
    assert activate(project, adapter) == 0
    active = active_adapter(project, str(moved))
    assert active is not None
    assert active.model == str(moved)


def test_another_model_than_the_settings_name_is_said(
    project: Path,
    base: Path,
    adapter: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_MODEL", "someone/model")
    monkeypatch.chdir(base.parent)
    assert activate(project, adapter, "--model", f"./{base.name}") == 0
    said = capsys.readouterr().out
    assert "from now on" not in said
    assert f"completes only where the settings name the model {base} instead of" in said
    assert active_adapter(project, str(base)) is not None
    monkeypatch.setenv("CODEGEN_LSP_MODEL", str(base))
    monkeypatch.setenv("CODEGEN_LSP_ADAPTER", "false")
    assert activate(project, adapter) == 0
    assert "only where the settings set `adapter` to true" in capsys.readouterr().out


def remove(folder: Path, name: str) -> None:
    (folder / name).unlink()


def truncate(folder: Path) -> None:
    file = folder / "adapter_model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])


def make_record_a_folder(folder: Path) -> None:
    remove(folder, "codegen.json")
    (folder / "codegen.json").mkdir()


@pytest.mark.parametrize(
    "damage",
    [
        truncate,
        make_record_a_folder,
        lambda folder: remove(folder, "codegen.json"),
        lambda folder: (folder / "codegen.json").write_text("{oops"),
        lambda folder: (folder / "adapter_config.json").write_text('{"r": 4}'),
    ],
)
def test_damage_is_told_as_damage(
    project: Path,
    adapter: Path,
    damage: Callable[[Path], object],
    capsys: pytest.CaptureFixture[str],
) -> None:
    damage(adapter)
    for options in ((), ("--force",)):
        assert activate(project, adapter, *options) == 3
        error = capsys.readouterr().err
        assert f"the adapter in {adapter} is damaged" in error
        assert "--force" not in error
    assert main(["finetune", "export", str(adapter), str(adapter / "out"), "--peft"]) == 3


@pytest.mark.parametrize("name", ["no/such/folder", "0123456789ab", "x" * 5000])
def test_what_is_not_there_is_said(
    project: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert activate(project, name) == 2
    error = capsys.readouterr().err
    assert f"there is no folder '{name}'" in error
    assert "--force" not in error


@pytest.mark.parametrize("scale", ["nan", "-7", "0", "2.5"])
def test_a_scale_out_of_range_is_refused_everywhere(
    project: Path, adapter: Path, tmp_path: Path, scale: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (
        ["activate", str(adapter), "--repository", str(project)],
        ["export", str(adapter), str(tmp_path / "out"), "--merged"],
        ["export", str(adapter), str(tmp_path / "out"), "--gguf"],
    ):
        assert main(["finetune", *command, f"--scale={scale}"]) == 2
        assert "expected a number above 0 and up to 2" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_exported_is_one_line(
    project: Path, adapter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert main(["finetune", "export", str(adapter), out, "--peft", "--scale", "0.5"]) == 2
    assert "--scale is for --merged and --gguf" in capsys.readouterr().err
    assert main(["finetune", "export", str(tmp_path / "none"), out, "--peft"]) == 2
    assert f"there is no {tmp_path / 'none'};" in capsys.readouterr().err


def test_a_repository_that_is_no_text_still_has_a_name(
    adapter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(adapter, repository=5)
    assert main(["finetune", "serve-config", "vllm", str(adapter)]) == 0
    assert f"5-{read_adapter(adapter).id}=" in capsys.readouterr().out


def test_runs_are_listed_with_what_came_of_them(
    project: Path, base: Path, adapter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = runs_folder(project)
    (runs / "begun").mkdir(parents=True)
    for name, verdict in (("won", BETTER), ("lost", WORSE), ("unmeasured", None)):
        made = make_adapter(runs / name / "adapter", base, name=str(base), seed=len(name))
        record(made, verdict=verdict)
    (runs / "damaged" / "adapter").mkdir(parents=True)
    assert main(["finetune", "list", str(project), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["adapters"] == []
    said = {Path(row["folder"]).name: row["verdict"] for row in found["runs"]}
    assert said.pop("damaged").startswith("unusable: the adapter in ")
    assert said == {
        "begun": "not trained to the end",
        "won": "better by +9.0 points",
        "lost": "not better: no gain that chance could not bring",
        "unmeasured": "not measured to the end",
    }
    assert activate(project, adapter) == 0
    capsys.readouterr()
    assert main(["finetune", "list", str(project)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(f"active for {base}")
    assert len(lines) == 6
    assert "has no adapter" not in "".join(lines)


def test_a_damaged_choice_is_told(
    project: Path, adapter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert activate(project, adapter) == 0
    (adapters_folder(project) / "active.json").write_text("{")
    assert main(["finetune", "list", str(project)]) == 3
    assert "active.json is damaged" in capsys.readouterr().err


def test_one_for_another_model_than_that_of_the_settings_is_told_without_loading_it(
    project: Path,
    adapter: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_MODEL", "someone/model")  # is not on this machine
    assert activate(project, adapter) == 2
    assert "and the model is someone/model; choose that one with --model" in capsys.readouterr().err


def test_a_verdict_that_came_later_is_found_by_the_id(
    project: Path, base: Path, adapter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(adapter, verdict=None)
    assert activate(project, adapter, "--force") == 0
    record(adapter, verdict=BETTER)
    assert activate(project, adapter) == 0
    assert activate(project, read_adapter(adapter).id) == 0
    active = active_adapter(project, str(base))
    assert active is not None
    assert not active.forced
    assert "--force" not in capsys.readouterr().err


def test_switching_one_on_loads_no_torch(project: Path, base: Path, adapter: Path) -> None:
    code = (
        "import sys; from codegen_lsp.cli import main;"
        f" main(['finetune', 'activate', {str(adapter)!r}, '--repository', {str(project)!r}]);"
        " print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60
    )
    assert "completes in" in done.stdout
    assert "torch" not in done.stdout.split()


def test_an_export_for_peft_tells_no_path(
    project: Path, base: Path, adapter: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (adapter / "adapter_config.json").write_text(
        (adapter / "adapter_config.json").read_text().replace('"tiny"', json.dumps(str(base)))
    )
    seal(adapter, base=str(base), base_sha256="00", format_id="qwen2.5-coder")
    assert main(["finetune", "export", str(adapter), str(out), "--peft"]) == 0
    texts = [file.read_text() for file in out.iterdir() if file.suffix != ".safetensors"]
    assert len(texts) == 3
    assert not any(str(base.parent) in text for text in texts)
    assert all(base.name in text for text in texts)
    assert read_adapter(out).id == read_adapter(adapter).id
