import json
import os
from collections.abc import Callable
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub.errors import LocalEntryNotFoundError

from codegen_lsp.errors import (
    DamagedModelError,
    ModelUnavailableError,
    NotFetchedError,
    UnknownModelError,
)
from codegen_lsp.models import manifest, store
from codegen_lsp.models.catalogue import CatalogueEntry

WEIGHTS = b"weights" * 100


@pytest.fixture
def installed(entry: CatalogueEntry) -> Path:
    """A model folder with its manifest; what its files hold does not matter here."""
    folder = store.installed_folder(entry.name)
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", entry.file_name):
        (folder / name).write_text("{}")
    (folder / "model.safetensors").write_bytes(WEIGHTS)
    manifest.write(folder, entry.sha256, 7)
    return folder


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-50])


def lengthen(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"more")


def alter(file: Path) -> None:
    file.write_bytes(b"W" + file.read_bytes()[1:])
    os.utime(file, ns=(0, 0))  # a clock may be too coarse to tell


def test_cache_folder_follows_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path))
    assert store.installed_folder("tiny") == tmp_path / "models" / "tiny"
    monkeypatch.delenv("CODEGEN_LSP_CACHE_DIR")
    assert store.cache_folder().name == "codegen-lsp"


def test_resolve_an_installed_model(installed: Path) -> None:
    model = store.resolve("tiny")
    assert model == store.ModelFolder("tiny", installed, "qwen2.5-coder")
    assert manifest.converter_version(installed) == 7


@pytest.mark.usefixtures("entry")
def test_resolve_a_model_that_was_not_fetched() -> None:
    with pytest.raises(ModelUnavailableError, match="`codegen-lsp model pull tiny`"):
        store.resolve("tiny")


@pytest.mark.parametrize(
    "name", ["./owner/model", "../here/owner/model", "~/owner/model", "owner/model/", "{}"]
)
def test_resolve_a_local_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    here = tmp_path / "here"
    folder = here / "owner" / "model"
    folder.mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(here))
    name = name.format(folder)
    with pytest.raises(UnknownModelError, match=r"config\.json"):
        store.resolve(name)
    (folder / "config.json").write_text("{}")
    found = store.resolve(name)
    assert (found.name, found.fim_format) == (name, None)
    assert found.folder.is_absolute()
    assert found.folder.samefile(folder)


@pytest.mark.usefixtures("entry")
@pytest.mark.parametrize("name", ["owner/model", "tiny"])
def test_a_folder_of_the_project_is_not_taken_for_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def missing(hub_id: str, *, local_files_only: bool) -> str:
        raise LocalEntryNotFoundError(f"{hub_id} {local_files_only}")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", missing)
    project = tmp_path / "project"
    (project / name).mkdir(parents=True)
    (project / name / "config.json").write_text("{}")
    monkeypatch.chdir(project)
    with pytest.raises(NotFetchedError, match=rf"pull {name}` fetches it, and \./{name} is the"):
        store.resolve(name)
    assert store.resolve(f"./{name}").folder == project / name


@pytest.mark.parametrize("name", ["qwen", "a/b/c", "", "no such/folder", "/"])
def test_resolve_an_unknown_name(name: str, entry: CatalogueEntry) -> None:
    with pytest.raises(UnknownModelError, match=entry.name):
        store.resolve(name)


def test_resolve_a_hub_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cached(hub_id: str, *, local_files_only: bool) -> str:
        assert (hub_id, local_files_only) == ("owner/model", True)
        return str(tmp_path)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", cached)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelUnavailableError, match="`codegen-lsp model pull owner/model`"):
        store.resolve("owner/model")  # the weights have not arrived
    (tmp_path / "model.safetensors").write_bytes(WEIGHTS)
    assert store.resolve("owner/model") == store.ModelFolder("owner/model", tmp_path, None)


def test_resolve_a_hub_id_that_is_not_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(hub_id: str, *, local_files_only: bool) -> str:
        raise LocalEntryNotFoundError(f"{hub_id} {local_files_only}")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", missing)
    with pytest.raises(ModelUnavailableError, match="`codegen-lsp model pull owner/model`"):
        store.resolve("owner/model")


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "tiny.gguf"])
def test_a_missing_file_is_named(installed: Path, name: str) -> None:
    (installed / name).unlink()
    with pytest.raises(DamagedModelError, match=f"{name} is missing; .*model pull tiny`"):
        store.resolve("tiny")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (truncate, "truncated: 650 of 700 bytes"),
        (lengthen, "altered: 704 bytes instead of 700"),
        (alter, "altered: its checksum differs"),
    ],
)
@pytest.mark.parametrize("check", [lambda _: store.resolve("tiny"), store.verify])
def test_damage_is_named(
    installed: Path,
    damage: Callable[[Path], None],
    words: str,
    check: Callable[[Path], object],
) -> None:
    damage(installed / "model.safetensors")
    with pytest.raises(DamagedModelError, match=rf"model\.safetensors is {words}; .*pull tiny`"):
        check(installed)


def test_a_touched_file_is_still_intact(installed: Path) -> None:
    os.utime(installed / "model.safetensors", ns=(0, 0))
    assert store.resolve("tiny").folder == installed


def test_verify_reads_files_that_look_unchanged(installed: Path) -> None:
    file = installed / "model.safetensors"
    before = file.stat()
    alter(file)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(DamagedModelError, match="checksum"):
        store.verify(installed)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"files": {"config.json": {"size": 2}}}'])
def test_a_damaged_manifest(installed: Path, text: str) -> None:
    (installed / "manifest.json").write_text(text)
    with pytest.raises(DamagedModelError, match=r"manifest\.json is altered"):
        store.resolve("tiny")


def test_a_missing_manifest(installed: Path) -> None:
    (installed / "manifest.json").unlink()
    with pytest.raises(DamagedModelError, match=r"manifest\.json is missing"):
        store.resolve("tiny")


def test_remove_deletes_the_model_and_its_leftovers(installed: Path) -> None:
    leftover = store.fetch_folder("tiny")
    leftover.mkdir()
    (leftover / "tiny.gguf.partial").write_bytes(b"12345")
    expected = store.size_of(installed) + 5
    assert store.remove("tiny", lambda _: None) == expected
    assert not installed.exists()
    assert not leftover.exists()
    assert store.remove("tiny", lambda _: None) == 0


def test_an_unwritable_cache_is_an_error_of_one_line(cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    with pytest.raises(ModelUnavailableError, match="cannot change"):
        store.remove("tiny", lambda _: None)


@pytest.mark.parametrize("name", ["./missing", ".missing/x", "~nosuchuser/x", "a//b", "a/b/c", "/"])
def test_a_path_that_is_no_model_is_unknown(name: str) -> None:
    with pytest.raises(UnknownModelError):
        store.resolve(name)


@pytest.mark.parametrize(
    "change",
    [
        {"files": {}},
        {"converter_version": "seven"},
        {"files": {"model.safetensors": {"size": "700", "sha256": "", "mtime_ns": 0}}},
        {"files": {"model.safetensors": 3}},
    ],
)
def test_an_altered_manifest_is_named(installed: Path, change: dict[str, object]) -> None:
    path = installed / manifest.MANIFEST_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(DamagedModelError, match=r"manifest.json is altered.*model pull tiny"):
        store.resolve("tiny")


def test_a_hub_model_that_was_cut_off_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "one.safetensors").write_text("")
    index = {"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_, **__: str(tmp_path))
    with pytest.raises(ModelUnavailableError, match="model pull owner/name"):
        store.resolve("owner/name")
    (tmp_path / "two.safetensors").write_text("")
    assert store.resolve("owner/name").folder == tmp_path
