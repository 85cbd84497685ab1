"""What the real server counts, and what it never does: hold code, or stand in the way."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Command
from tests.e2e.editor import CARET, Editor, Place

PLANTED_URI = "file:///planted_folder/planted_name.py"


@contextmanager
def served(folder: Path, workspace: Path | None = None, **environ: Any) -> Iterator[Editor]:
    """An editor with a server; both are gone afterwards, and everything is written."""
    with Editor(folder, **environ) as editor:
        editor.initialize(None, None, workspace)
        editor.wait_ready()
        yield editor
        editor.leave()


def stats(command: Command, folder: Path) -> Any:
    """What `codegen-lsp stats --json` says of the server whose folder is `folder`."""
    done = command("stats", "--json", CODEGEN_LSP_DATA_DIR=str(folder / "data"))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def document(text: str, name: str = "planted_identifier") -> str:
    return f"# scripted: text={json.dumps(text)}\n{name} = {CARET}\n"


def accept(editor: Editor, place: Place, item: Any, version: int = 2) -> str:
    """Insert the item as an editor does, then say so; returns the text."""
    text = editor.apply(place.text, item)
    editor.change(place.uri, version, None, text)
    editor.run(item["command"]["command"], *item["command"]["arguments"])
    return text


def wait_for(command: Command, folder: Path, count: int) -> Any:
    """The statistics, once so many suggestions are in them."""
    deadline = time.monotonic() + 60
    while (found := stats(command, folder))["total"]["suggestions"] < count:
        assert time.monotonic() < deadline, found
    return found


def test_what_became_of_each_suggestion(command: Command, tmp_path: Path) -> None:
    with served(tmp_path) as editor:
        for outcome in ("accepted", "rejected", "partial", "ignored", "sent"):
            place = editor.put(document("planted_call(1)"))
            (item,) = editor.items(place)
            shown = {"item": {"command": item["command"]}}
            if outcome != "sent":
                editor.notify("textDocument/didShowCompletion", shown)
            if outcome == "accepted":
                accept(editor, place, item)
            elif outcome == "rejected":
                editor.run("codegen.reject", *item["command"]["arguments"])
            elif outcome == "partial":
                editor.notify(
                    "textDocument/didPartiallyAcceptCompletion", shown | {"acceptedLength": 7}
                )
            elif outcome == "ignored":
                text = document("planted_call(1)").replace(CARET, f"12345{CARET}")
                editor.items(editor.type(place, 2, text))
        editor.items(editor.put(f"# scripted: reason=cuts_off\n{CARET}"))
    found = stats(command, tmp_path)
    total = found["total"]
    # The request that went another way than the ignored suggestion got one of its own.
    assert total["suggestions"] == 6
    assert {key: total[key] for key in ("shown", "accepted", "partially_accepted")} == {
        "shown": 4,
        "accepted": 1,
        "partially_accepted": 1,
    }
    assert (total["rejected"], total["ignored"]) == (1, 1)
    assert total["accepted_characters"] == len("planted_call(1)") + 7
    assert total["inserted_characters"] == len("planted_call(1)") + len("12345")
    assert found["silences"] == {"cuts_off": 1}
    assert list(found["languages"]) == ["python"]
    assert found["latency_ms"]["model"]["p50"] > 0
    assert (total["prompt_tokens"], total["cached_tokens"]) == (60, 24)


def test_what_is_kept_after_half_a_minute(command: Command, tmp_path: Path) -> None:
    with served(tmp_path, SCRIPTED_KEPT_AFTER_S="2") as editor:
        place = editor.put(document("one two three"))
        (item,) = editor.items(place)
        text = accept(editor, place, item)
        editor.change(place.uri, 3, None, text.replace("= one two", "= one 2"))
        total = wait_for(command, tmp_path, 1)["total"]
    assert (total["accepted_characters"], total["observed_characters"]) == (13, 13)
    assert total["kept_characters"] == 10


def test_typing_along_counts_once(command: Command, tmp_path: Path) -> None:
    with served(tmp_path) as editor:
        head = '# scripted: text="foo"\n'
        place = editor.put(f"{head}{CARET}")
        for version, typed in enumerate(("f", "fo"), start=2):
            editor.items(place)
            place = editor.type(place, version, f"{head}{typed}{CARET}")
        (item,) = editor.items(place)
        assert item["insertText"] == "o"
    total = stats(command, tmp_path)["total"]
    assert (total["suggestions"], total["offered_characters"]) == (1, 3)


def test_what_was_made_ahead_is_told_apart(command: Command, tmp_path: Path) -> None:
    with served(tmp_path, CODEGEN_LSP_PREFETCH="true") as editor:
        deadline = time.monotonic() + 30
        source = None
        while source != "cache":  # a request that comes too early ends the prefetch
            assert time.monotonic() < deadline
            place = editor.put(f'# scripted: text="foo"\nx = {CARET}')
            (item,) = editor.items(place)
            time.sleep(0.05)
            text = accept(editor, place, item)
            assert editor.texts(editor.place(place.uri, text + CARET)) == ["foo"]
            source = editor.why(place)["source"]
    total = stats(command, tmp_path)["total"]
    assert (total["remembered"], total["prefetched"]) == (1, 1)


@pytest.mark.parametrize("language", ["python", "planted/language planted_identifier"])
def test_neither_code_nor_names_are_in_the_database(
    command: Command, tmp_path: Path, language: str
) -> None:
    folder = tmp_path / "planted_workspace"
    folder.mkdir()
    with served(tmp_path, folder) as editor:
        place = editor.put(document("planted_call(1)"), language, PLANTED_URI)
        (item,) = editor.items(place)
        accept(editor, place, item)
        editor.items(editor.put("# scripted: reason=empty\nplanted_silence = " + CARET))
    assert stats(command, tmp_path)["total"]["accepted"] == 1
    for file in (tmp_path / "data").iterdir():
        assert not re.search(rb"planted|scripted|file:|tmp", file.read_bytes()), file


def test_nothing_is_counted_where_the_setting_says_so(tmp_path: Path) -> None:
    with served(tmp_path, CODEGEN_LSP_STATISTICS="false") as editor:
        place = editor.put(document("foo"))
        (item,) = editor.items(place)
        accept(editor, place, item)
        assert editor.why(place)["suggestions"][0]["outcome"] == "accepted"
    assert not (tmp_path / "data").exists()


def test_switching_it_off_while_connected(command: Command, tmp_path: Path) -> None:
    with served(tmp_path) as editor:
        editor.items(editor.put(document("foo")))
        editor.notify(
            "workspace/didChangeConfiguration", {"settings": {"codegen-lsp": {"statistics": False}}}
        )
        editor.settle()
        editor.items(editor.put(f"# scripted: reason=empty\n{CARET}"))
    assert not (tmp_path / "data").exists()


def test_two_servers_at_once(command: Command, tmp_path: Path) -> None:
    with served(tmp_path) as one, served(tmp_path) as other:
        for editor in (one, other) * 3:
            editor.items(editor.put(document("foo")))
    assert stats(command, tmp_path)["total"]["suggestions"] == 6


@pytest.mark.parametrize("fault", ["damaged", "no folder"])
def test_a_database_that_cannot_be_written_disturbs_nothing(tmp_path: Path, fault: str) -> None:
    data, file = tmp_path / "data", tmp_path / "data/statistics.db"
    if fault == "damaged":
        data.mkdir()
        file.write_bytes(b"planted rubbish " * 300)
    else:
        data.write_text("a file where the folder should be")
    with served(tmp_path, SCRIPTED_KEPT_AFTER_S="0") as editor:
        for _ in range(5):
            place = editor.put(document("foo"))
            (item,) = editor.items(place)
            accept(editor, place, item)
    assert editor.stderr.read_text().count("statistics cannot be written") == 1
    assert fault != "damaged" or file.read_bytes() == b"planted rubbish " * 300


def test_ignored_is_what_explain_says(tmp_path: Path) -> None:
    with served(tmp_path) as editor:
        place = editor.put(document("foo"))
        editor.items(place)
        explained = editor.why(place)
        editor.items(editor.type(place, 2, document("foo").replace(CARET, f"bar{CARET}")))
        first = editor.request(
            "codegen/explain",
            {"textDocument": {"uri": place.uri}, "position": explained["position"]},
        )
        assert [each["outcome"] for each in first["suggestions"]] == ["ignored"]
