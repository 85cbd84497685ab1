"""Real files are typed into the real server: with a scripted model, and with the real one."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.cli import bench_replay, main
from codegen_lsp.evaluate.lsp_client import LspClient
from codegen_lsp.evaluate.replay_keys import Action, Fate, Keystroke, Kind, PeerAnswer
from codegen_lsp.evaluate.replay_text import Piece, Source
from codegen_lsp.evaluate.replay_typist import Typist, at_leisure, at_pace
from codegen_lsp.evaluate.server_bench import wait_until_ready

SCRIPTED = [sys.executable, str(Path(__file__).with_name("scripted_server.py"))]
ENDLESS = 10_000


@pytest.fixture
def client() -> Iterator[LspClient]:
    with LspClient([*SCRIPTED, "--debounce-ms", "0", "--prefetch", "false"]) as started:
        started.initialize()
        wait_until_ready(started)
        yield started


def typist(client: LspClient, above: str, typed: str, below: str = "\n") -> Typist:
    """Types `typed` between two texts."""
    source = Source("a.py", "python", above + typed + below)
    piece = Piece(source, len(above), len(above + typed))
    return Typist(client, "file:///replay/a.py", piece, "suffix")


def story(keystrokes: list[Keystroke]) -> list[tuple[Action, int, str]]:
    return [(each.action, each.position, each.text) for each in keystrokes]


def test_only_text_that_comes_next_is_accepted(client: LspClient) -> None:
    typing = typist(client, '# scripted: text="bcd"\n', "abcd xbce")
    at_leisure(typing, ENDLESS)
    assert typing.typed == "abcd xbce"
    assert typing.buffer.text == '# scripted: text="bcd"\nabcd xbce\n'
    keystrokes = typing.close(0)
    assert story(keystrokes) == [
        (Action.JUMP, 0, "bcd"),  # wrong: "a" comes next
        (Action.TYPED, 1, "bcd"),
        (Action.ACCEPTED, 4, "bcd"),
        (Action.TYPED, 5, "bcd"),
        (Action.TYPED, 6, "bcd"),
        (Action.TYPED, 7, "cd"),  # typed along, as "b" is how it begins
        (Action.TYPED, 8, "d"),
        (Action.TYPED, 9, "bcd"),
    ]
    assert [each.source for each in keystrokes][5:7] == ["cache", "cache"]
    assert {each.source for each in (*keystrokes[:5], keystrokes[7])} == {"model"}
    assert [each.is_new for each in keystrokes] == [True] * 5 + [False, False, True]
    assert all(each.fate is Fate.SUGGESTED and each.ms for each in keystrokes)
    assert keystrokes[0].tokens is not None
    assert (keystrokes[0].tokens.prompt, keystrokes[0].tokens.cached) == (10, 4)


def test_enter_and_silence_are_told_apart(client: LspClient) -> None:
    typing = typist(client, "# scripted: reason=empty\n", "a\nb")
    at_leisure(typing, ENDLESS)
    keystrokes = typing.close(0)
    assert [each.action for each in keystrokes] == [
        Action.JUMP,
        Action.TYPED,
        Action.ENTER,
        Action.TYPED,
    ]
    assert all(each.fate is Fate.SILENT and not each.is_new for each in keystrokes)


def test_a_text_that_goes_past_the_piece_repeats_what_is_below(client: LspClient) -> None:
    typing = typist(client, '# scripted: text="ab\\n"\n', "ab", below="\nab\n")
    at_leisure(typing, ENDLESS)
    assert [each.action for each in typing.close(0)] == [Action.JUMP, Action.TYPED, Action.TYPED]


def test_typing_stops_after_the_keys_that_were_asked_for(client: LspClient) -> None:
    typing = typist(client, "# scripted: reason=empty\n", "a" * 50)
    at_leisure(typing, 3)
    assert typing.typed == "aaa"
    assert len(typing.close(0)) == 4


def test_the_peer_is_asked_at_every_key_and_takes_turns(client: LspClient) -> None:
    heard: list[tuple[str, int]] = []

    def ask(before: str, after: str) -> PeerAnswer:
        heard.append((before + "|" + after, client.answers.total()))
        return PeerAnswer(f"answer {len(heard)}", 5.0)

    typing = typist(client, "# scripted: reason=empty\n", "abc")
    at_leisure(typing, ENDLESS, ask)
    peers = [each.peer.text for each in typing.close(0) if each.peer]
    assert peers == ["answer 1", "answer 2", "answer 3", "answer 4"]
    head = "# scripted: reason=empty\n"
    assert [text for text, _ in heard] == [f"{head}{each}|\n" for each in ("", "a", "ab", "abc")]
    # An answer and an explanation come from our server at each key: after the peer's at odd ones.
    counts = [count - heard[0][1] for _, count in heard]
    assert counts == [0, 0, 4, 4]


def test_a_person_does_not_wait_and_older_requests_are_taken_back(client: LspClient) -> None:
    typing = typist(client, '# scripted: delay_ms=2000 text="x"\n', "abc")
    at_pace(typing, ENDLESS, 0.05)
    keystrokes = typing.close(0)
    assert [each.fate for each in keystrokes] == [Fate.CANCELLED] * 3 + [Fate.SUGGESTED]
    assert all(each.ms is None and each.source is None for each in keystrokes[:3])
    assert keystrokes[3].source == "model"
    assert [each.is_new for each in keystrokes] == [False, False, False, True]


def test_what_came_in_time_is_accepted_at_the_next_key(client: LspClient) -> None:
    typing = typist(client, '# scripted: text="abcd"\n', "abcd")
    at_pace(typing, ENDLESS, 0.5)
    assert story(typing.close(0))[:2] == [(Action.JUMP, 0, "abcd"), (Action.ACCEPTED, 4, "abcd")]


def replayed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[str, dict[str, Any]]:
    """The table and the JSON object of a replay with the scripted model."""
    monkeypatch.setattr(bench_replay, "SERVER", SCRIPTED)
    assert main(["bench", "replay", *arguments]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    return "\n".join(lines), json.loads(last)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sample.py"
    path.write_text(
        '# scripted: text="return total"\n'
        "def add(values):\n    total = sum(values)\n    return total\n\n\nprint(1)\n"
    )
    return path


def test_the_command_types_both_conditions_and_ends_with_json(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = file.with_name("plot.png")
    table, figures = replayed(
        monkeypatch, capsys, str(file), "--typist-ms", "0", "--plot", str(picture)
    )
    assert set(figures["conditions"]) == {"suffix", "no-suffix"}
    assert (figures["pieces"], figures["typist_ms"], figures["seed"]) == (2, 0, 0)
    assert figures["accepted"] == 2
    assert 0 < figures["saved_ratio"] < 1
    assert figures["kv_hit_rate"] == 0.4
    assert figures["time_to_suggestion"]["jump"]["count"] == 2
    assert (figures["cancelled"], figures["late"]) == (0, 0)
    assert "after accept" in table
    assert "keystrokes saved" in table
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_json_alone_is_one_line(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--json", "--condition", "suffix", "--keys", "2", "--typist-ms", "30")
    table, figures = replayed(monkeypatch, capsys, str(file), *options)
    assert table == ""
    assert (figures["keys"], figures["typist_ms"]) == (2, 30)
    assert set(figures["conditions"]) == {"suffix"}


def test_the_server_sees_only_files_that_are_not_typed(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(file.parent / ".cache"))
    file.with_name("shop.py").write_text(file.read_text())
    arguments = (str(file.parent), "--typist-ms", "0", "--limit", "1", "--condition", "suffix")
    _, figures = replayed(monkeypatch, capsys, *arguments)
    assert figures["context_files"] == 1
    _, figures = replayed(monkeypatch, capsys, *arguments, "--no-context")
    assert figures["context_files"] is None


@pytest.mark.model
def test_the_real_model_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "shapes.py"
    path.write_text(
        "class Rectangle:\n"
        "    def __init__(self, width, height):\n"
        "        self.width = width\n"
        "        self.height = height\n"
    )
    options = ("--typist-ms", "0", "--condition", "no-suffix", "--keys", "40", "--json")
    assert main(["bench", "replay", str(path), *options]) == 0
    figures = json.loads(capsys.readouterr().out)
    times = figures["time_to_suggestion"]
    assert times["jump"]["count"] == 1
    assert times["model"]["count"] > 1
    assert sum(times[kind]["count"] for kind in Kind) == figures["requests"]
    assert figures["shown"] > 0
    assert figures["keys"] <= figures["plain_keys"]
    assert 0 < figures["kv_hit_rate"] < 1
    assert figures["prefilled_per_request"] > 0 < figures["generated_per_request"]
