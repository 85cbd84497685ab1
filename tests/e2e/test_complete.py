"""`codegen-lsp complete` as a process of its own, with the real model.

A process takes seconds to load the model, so there are few here; what depends on the file's text is
in `test_bad_input.py`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Command

pytestmark = pytest.mark.model

SOURCE = """\
def area(width, height):
    return width * height


def perimeter(width, height):
    return 2 * (width + 
"""  # noqa: W291 - the cursor is behind the space
PLACE = "6:25"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("project") / "shapes.py"
    path.write_text(SOURCE, "utf-8")
    return path


@pytest.fixture(scope="module")
def plain(command: Command, file: Path) -> subprocess.CompletedProcess[bytes]:
    return command("complete", f"{file}:{PLACE}")


def test_prints_only_the_text_to_insert(plain: subprocess.CompletedProcess[bytes]) -> None:
    assert (plain.returncode, plain.stdout, plain.stderr) == (0, b"height)", b"")


def test_streaming_prints_the_same(
    command: Command, file: Path, plain: subprocess.CompletedProcess[bytes]
) -> None:
    streamed = command("complete", f"{file}:{PLACE}", "--stream")
    assert (streamed.returncode, streamed.stdout) == (0, plain.stdout)


def test_json_is_one_object_about_the_buffer_on_standard_input(
    command: Command, tmp_path: Path, plain: subprocess.CompletedProcess[bytes]
) -> None:
    missing = tmp_path / "missing.py"
    done = command("complete", f"{missing}:{PLACE}", "--stdin", "--json", stdin=SOURCE.encode())
    assert done.returncode == 0
    found: dict[str, Any] = json.loads(done.stdout)
    cursor = {"line": 5, "character": 24}
    assert found["text"] == plain.stdout.decode()
    assert found["range"] == {"start": cursor, "end": cursor}
    assert found["reason"] is None
    assert found["model"] == "qwen2.5-coder-0.5b"
    assert found["mean_logprob"] < 0
    for name in ("prompt_tokens", "cached_tokens", "completion_tokens"):
        assert isinstance(found[name], int)
    assert (found["prompt_tokens"] > 20, found["cached_tokens"]) == (True, 0)
    timings = found["timings_ms"]
    assert set(timings) == {"load", "index", "context", "prefill", "decode", "total"}
    assert all(isinstance(value, float) and value >= 0 for value in timings.values())
    assert sum(timings.values()) - timings["total"] <= timings["total"] + 1


def test_it_knows_what_an_imported_file_wants(
    command: Command, default_model_folder: Path, tmp_path: Path
) -> None:
    cache, store = tmp_path / "cache", tmp_path / "store"
    cache.mkdir()
    (cache / "models").symlink_to(default_model_folder.parent)
    (store / ".git").mkdir(parents=True)
    parameters = "parcel, *, carrier_code, insured_cents"
    (store / "shipping.py").write_text(f"def ship({parameters}):\n    raise NotImplementedError\n")
    (store / "main.py").write_text("from shipping import ship\n\n\nship(parcel, ")
    environ = {"CODEGEN_LSP_CACHE_DIR": str(cache), "CODEGEN_LSP_CONTEXT": "true"}
    done = command("complete", f"{store}/main.py:4", "--json", **environ)
    assert (done.returncode, done.stderr) == (0, b"")
    found: dict[str, Any] = json.loads(done.stdout)
    assert any(f"{name}=" in found["text"] for name in ("carrier_code", "insured_cents"))
    assert [source.get("path") for source in found["sources"]] == ["shipping.py", None, None]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["complete", "missing.py:1:1"], 2),
        (["complete", "missing.py:1:1", "--multiline", "sometimes"], 2),
        (["complete", "--stdin", "x.py:1", "--model", "unheard-of"], 2),
        (["complete", "--stdin", "x.py:1"], 3),
    ],
)
def test_exit_status(
    command: Command, tmp_path: Path, arguments: Sequence[str], status: int
) -> None:
    done = command(*arguments, CODEGEN_LSP_CACHE_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (status, b"")
    assert b"error: " in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("place", [["model", "list"], ["complete", "--multiline", "always"]])
def test_a_reader_that_leaves_early_is_no_error(file: Path, place: list[str]) -> None:
    if place[0] == "complete":
        place = [*place, f"{file}:{PLACE}"]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "codegen_lsp", *place],
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
            timeout=300,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_output_that_cannot_be_written_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "codegen_lsp", "model", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=300,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"codegen-lsp: error: ")
    assert done.stderr.count(b"\n") == 1
