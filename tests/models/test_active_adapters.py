"""Which adapter completes in which workspace."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from codegen_lsp.errors import DamagedModelError, DiskFullError, UsageError
from codegen_lsp.models.active_adapters import (
    activate,
    active_adapter,
    adapters_folder,
    deactivate,
    list_adapters,
)
from codegen_lsp.models.adapters import FILES, read_adapter
from codegen_lsp.models.catalogue import DEFAULT_MODEL
from tests.adapters import small_adapter


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "my project"
    folder.mkdir()
    return folder


@pytest.fixture
def trained(tmp_path: Path) -> list[Path]:
    """Two adapters for a model called "tiny"."""
    return [small_adapter(tmp_path / f"trained-{seed}", "tiny", seed) for seed in (1, 2)]


def test_an_activated_adapter_is_found_by_its_workspace_and_model(
    workspace: Path, trained: list[Path]
) -> None:
    assert active_adapter(workspace, "tiny") is None
    active = activate(workspace, trained[0], "tiny", scale=0.8)
    assert active_adapter(workspace, "tiny") == active
    assert (active.scale, active.model, active.forced) == (0.8, str(Path("tiny").absolute()), False)
    assert active.choice.folder.parent == adapters_folder(workspace)
    shutil.rmtree(trained[0])  # it was copied
    assert read_adapter(active.folder).id == active.id
    assert active_adapter(workspace, "another model") is None
    assert active_adapter(workspace.parent, "tiny") is None


def test_another_takes_its_place_and_it_is_still_there_by_its_id(
    workspace: Path, trained: list[Path]
) -> None:
    first = activate(workspace, trained[0], "tiny")
    second = activate(workspace, trained[1], "tiny", forced=True)
    assert first.id != second.id
    assert active_adapter(workspace, "tiny") == second
    assert second.forced
    again = activate(workspace, first.id, "tiny")
    assert active_adapter(workspace, "tiny") == again
    assert (again.id, again.folder) == (first.id, first.folder)
    assert list_adapters(workspace) == [first.folder, second.folder]


def test_none_is_active_any_more(workspace: Path, trained: list[Path]) -> None:
    assert not deactivate(workspace)
    active = activate(workspace, trained[0], "tiny")
    assert deactivate(workspace)
    assert active_adapter(workspace, "tiny") is None
    assert list_adapters(workspace) == [active.folder]


def test_a_link_to_a_workspace_is_that_workspace(workspace: Path, trained: list[Path]) -> None:
    link = workspace.with_name("link")
    link.symlink_to(workspace, target_is_directory=True)
    active = activate(link, trained[0], "tiny")
    assert active_adapter(workspace, "tiny") == active
    assert adapters_folder(workspace).name.startswith("my-project-")
    other = workspace.parent / "elsewhere" / workspace.name
    assert adapters_folder(other) != adapters_folder(workspace)


def test_a_model_in_a_folder_is_the_same_by_any_path(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = small_adapter(tmp_path / "made", str(tmp_path / "base"))
    monkeypatch.chdir(tmp_path)
    active = activate(workspace, trained, "./base")
    assert active.model == str(tmp_path / "base")
    assert active_adapter(workspace, "base") == active
    assert active_adapter(workspace, "./other") is None
    monkeypatch.chdir(workspace)
    assert active_adapter(workspace, "./base") is None  # it is another here
    assert active_adapter(workspace, str(tmp_path / "base")) == active


@pytest.mark.parametrize("model", [DEFAULT_MODEL, "owner/model"])
def test_a_model_with_a_name_is_no_folder(
    workspace: Path,
    trained: list[Path],
    tmp_path: Path,
    model: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    active = activate(workspace, trained[0], model)
    monkeypatch.chdir(tmp_path)
    assert active_adapter(workspace, model) == active
    assert active_adapter(workspace, f"./{model}") is None


@pytest.mark.parametrize("scale", [0.0, -1.0, 2.5, float("nan")])
def test_a_scale_out_of_range(workspace: Path, trained: list[Path], scale: float) -> None:
    with pytest.raises(UsageError, match=r"scale .*: expected a number above 0 and up to 2"):
        activate(workspace, trained[0], "tiny", scale=scale)


@pytest.mark.parametrize("id_", ["0123456789ab", "../../x", ""])
def test_an_adapter_that_the_workspace_has_not(
    workspace: Path, trained: list[Path], id_: str
) -> None:
    known = activate(workspace, trained[0], "tiny").id
    with pytest.raises(UsageError, match=f"no folder '{id_}', and no .*; there are: {known}"):
        activate(workspace, id_, "tiny")


def test_a_damaged_adapter_is_not_activated(workspace: Path, trained: list[Path]) -> None:
    (trained[0] / "codegen.json").unlink()
    with pytest.raises(DamagedModelError):
        activate(workspace, trained[0], "tiny")
    assert active_adapter(workspace, "tiny") is None
    assert list_adapters(workspace) == []


def test_a_damaged_copy_is_mended_by_activating_it_again(
    workspace: Path, trained: list[Path]
) -> None:
    copy = activate(workspace, trained[0], "tiny").folder
    (copy / "adapter_model.safetensors").write_bytes(b"")
    activate(workspace, trained[0], "tiny")
    assert read_adapter(copy).id == copy.name


def test_what_is_recorded_later_reaches_the_copy(workspace: Path, trained: list[Path]) -> None:
    first = activate(workspace, trained[0], "tiny")
    weights = first.folder / "adapter_model.safetensors"
    was = weights.stat()
    record = trained[0] / "codegen.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"verdict": "later"}))
    again = activate(workspace, trained[0], "tiny")
    assert again.folder == first.folder
    assert json.loads((again.folder / "codegen.json").read_text())["verdict"] == "later"
    assert weights.stat() == was  # they may be being loaded
    assert sorted(file.name for file in again.folder.iterdir()) == sorted(FILES)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        {"scale": "much"},
        {"scale": True},
        {"scale": 0},
        {"adapter": "../../../etc"},
        {"adapter": 3},
        {"model": None},
        {"forced": "yes"},
    ],
)
def test_a_damaged_record_is_told(
    workspace: Path, trained: list[Path], content: str | dict[str, object]
) -> None:
    activate(workspace, trained[0], "tiny")
    file = adapters_folder(workspace) / "active.json"
    if isinstance(content, dict):
        content = json.dumps(json.loads(file.read_text()) | content)
    file.write_text(content)
    with pytest.raises(DamagedModelError, match=r"active\.json is damaged: .*; activate") as caught:
        active_adapter(workspace, "tiny")
    assert "\n" not in str(caught.value)
    activate(workspace, trained[0], "tiny")
    assert active_adapter(workspace, "tiny") is not None


def test_a_full_disk_leaves_what_was_active(
    workspace: Path, trained: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    active = activate(workspace, trained[0], "tiny")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(DiskFullError, match=r"No space left .*CODEGEN_LSP_DATA_DIR"):
            activate(workspace, trained[1], "tiny")
    assert active_adapter(workspace, "tiny") == active
    assert list_adapters(workspace) == [active.folder]
    assert activate(workspace, trained[1], "tiny").id != active.id
