"""Several processes that share a run, from the command line, and the device of each."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors import safe_open

from codegen_lsp.errors import UsageError
from finetune.training.checkpoints import CHECKPOINT_FILE
from finetune.training.processes import Processes
from tests.adapters import tiny_base
from tests.finetune.repositories import SMALL_RUN, commit, module
from tests.finetune.training_toys import LAUNCH_TWO

IN_TURN = """
import sys, time
from pathlib import Path
from finetune.training.processes import Processes

def work():
    time.sleep(1.0 if processes.rank == 0 else 0.0)
    found = file.exists()
    file.touch()
    return found

processes, file = Processes("cpu"), Path(sys.argv[1])
found = processes.in_turn(work)
(file.parent / f"found-{processes.rank}").write_text(f"{found} {processes.device}")
"""


def launch_two(script: Path | str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *LAUNCH_TWO.split(), *str(script).split(), *map(str, arguments)],
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )


def test_one_process_keeps_the_device_that_was_asked_for() -> None:
    assert Processes("cuda:1").device == "cuda:1"
    assert Processes("mps").device == "mps"
    alone = Processes("cpu")
    assert (alone.device, alone.rank, alone.count) == ("cpu", 0, 1)
    assert alone.of_first(lambda: 3) == alone.in_turn(lambda: 3) == 3


def test_several_processes_cannot_share_one_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    class Two:
        process_index, num_processes = 1, 2

        def __init__(self, **_: object) -> None: ...

    monkeypatch.setattr("finetune.training.processes.PartialState", Two)
    with pytest.raises(UsageError, match="--device cuda:1 is one GPU, and there are 2 processes"):
        Processes("cuda:1")


def test_the_first_process_prepares_and_the_others_find_what_it_wrote(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(IN_TURN)
    done = launch_two(script, tmp_path / "written")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "found-0").read_text().startswith("False cpu")
    assert (tmp_path / "found-1").read_text().startswith("True cpu")


def test_a_run_in_two_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    base, repository, out = (tmp_path / name for name in ("base", "project", "out"))
    tiny_base(base)
    names = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
    commit(repository, {f"{name}.py": module(name) for name in names})
    config = tmp_path / "settings.toml"
    config.write_text(SMALL_RUN)
    given = ["run", repository, "--model", base, "--config", config, "--out", out, "--plain"]
    options = [*map(str, given), "--device", "cpu", "--no-activate"]
    done = launch_two("-m codegen_lsp finetune", *options)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.count("report: ") == 1
    for said in ("the run's folder is", "training at most", "indexing project"):
        assert done.stderr.count(said) == 1, said
    with safe_open(out / "training" / CHECKPOINT_FILE, framework="pt") as file:
        assert json.loads(file.metadata()["settings"])["processes"] == 2
    report = json.loads((out / "report.json").read_text())
    assert report["facts"]["steps"] == len(report["curve"]) > 0
    tree = {file.stem for file in (out / "tree" / "project").glob("*.py")}
    assert len(tree) == report["facts"]["files_learnt"]
