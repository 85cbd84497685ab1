"""`codegen-lsp stats`: tables, JSON, the page, and deleting."""

import io
import json
import re
import sys
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from codegen_lsp.cli import main
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.statistics import database
from codegen_lsp.statistics.records import Insertion, Outcome, Silence, SuggestionRecord

TODAY = date.today()


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database of statistics; there is none as yet."""
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path / "data"))
    return database.database_file()


@pytest.fixture
def counted(file: Path) -> Path:
    """Something was counted today and ten days ago."""
    with database.opened(file, create=True) as connection:
        for day in (TODAY, TODAY - timedelta(10)):
            record = SuggestionRecord(
                day, "python", "automatic", "line", "model", Outcome.ACCEPTED, True, 40, 40, 30,
                123.4, 100, 75,
            )  # fmt: skip
            silence = Silence(day, "python", "automatic", Reason.CUTS_OFF)
            database.write(connection, [record, silence, Insertion(day, "python", 160)])
    return file


class Tags(HTMLParser):
    """The tags of a page, which must be well nested, and what it would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not {"src", "href", "onload", "onclick"} & {name for name, _ in attrs}
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(tmp_path: Path, *arguments: str) -> str:
    out = tmp_path / "stats.html"
    assert main(["stats", "--html", str(out), *arguments]) == 0
    return out.read_text("utf-8")


def test_before_anything_was_counted(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stats"]) == 0
    assert capsys.readouterr().out == "nothing was counted yet\n"
    assert main(["stats", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"]["suggestions"] == 0
    assert "Nothing was counted yet" in page(tmp_path)
    assert main(["stats", "--delete", "--yes"]) == 0
    assert not file.parent.exists()


@pytest.mark.usefixtures("counted")
def test_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^python +2 +2 +2 +0 +0 +0 +75 % +25 %$", out, re.M)
    assert "accepted 100 % of the suggestions, 80 of 80 characters" in out
    assert "25 % of 320 characters were written by completion" in out
    assert "75 % of the prompts' tokens were not read again" in out
    assert re.search(r"^model +123 +123 +123 +123$", out, re.M)
    assert f"2  {Reason.CUTS_OFF.meaning} (cuts_off)" in out
    assert "confidence" not in out  # it was judged for none of them


def test_how_far_outcomes_have_moved_confidence(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.opened(file, create=True) as connection:
        record = SuggestionRecord(
            TODAY, "python", "automatic", "line", "model", Outcome.REJECTED, True, 4, 0, None, 1.0,
            1, 1, 0.5,
        )  # fmt: skip
        database.write(connection, [record] * 1200)
    assert main(["stats"]) == 0
    out = capsys.readouterr().out
    moved = "1,200 outcomes have moved confidence on this machine: 0.50 now counts as 0.27"
    assert moved in out
    assert moved in page(tmp_path)
    assert main(["stats", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["recalibration"]
    assert found == {"outcomes": 1200, "of_half": pytest.approx(0.27, abs=0.005)}


@pytest.mark.usefixtures("counted")
def test_json_of_the_last_days(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--json", "--days", "10"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["since"] == (TODAY - timedelta(9)).isoformat()
    assert list(found["days"]) == [TODAY.isoformat()]
    assert found["total"]["completion_acceptance_rate"] == 1
    assert found["total"]["kept_share"] == 0.75
    assert found["latency_ms"]["all"] == {"p50": 123.4, "p90": 123.4, "p95": 123.4, "p99": 123.4}
    assert main(["stats", "--json", "--days", "999999999999"]) == 0
    assert json.loads(capsys.readouterr().out)["total"]["suggestions"] == 2


@pytest.mark.usefixtures("counted")
def test_the_page_needs_nothing_but_itself(tmp_path: Path) -> None:
    text = page(tmp_path)
    tags = Tags(text).seen
    assert {"svg", "rect", "path", "circle", "table"} <= tags
    assert not {"script", "link", "img", "iframe"} & tags
    assert not re.search(r"https?:|url\(|@import", text)
    assert "prefers-color-scheme: dark" in text
    assert f"<title>{TODAY.isoformat()}: 1 accepted</title>" in text
    assert Reason.CUTS_OFF.meaning in text
    # Every day between the two has its place.
    assert len(set(re.findall(r'<circle class="kept-after-30-s" cx="([\d.]+)"', text))) == 2
    assert main(["stats", "--html", str(tmp_path)]) == 1


def test_what_others_wrote_into_it_is_escaped(tmp_path: Path, file: Path) -> None:
    with database.opened(file, create=True) as connection:
        evil = "<script>alert(1)</script>"
        record = SuggestionRecord(
            TODAY, evil, "automatic", "line", "model", Outcome.SENT, False, 4, 0, None, 1.0, 1, 1
        )
        database.write(connection, [record, Silence(TODAY, evil, "automatic", evil)])
    assert "script" not in Tags(page(tmp_path)).seen


def test_a_damaged_file_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.parent.mkdir()
    file.write_bytes(b"rubbish " * 1000)
    assert main(["stats"]) == 1
    message = capsys.readouterr().err
    assert str(file) in message
    assert "stats --delete" in message
    assert main(["stats", "--delete", "--yes"]) == 0
    assert main(["stats"]) == 0


@pytest.mark.parametrize("answer", ["n", "", "no way"])
def test_deleting_asks(
    counted: Path,
    answer: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed = io.StringIO(f"{answer}\ny\n")
    monkeypatch.setattr(typed, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdin", typed)
    assert main(["stats", "--delete"]) == 1
    assert counted.exists()
    assert main(["stats", "--delete"]) == 0
    assert not counted.exists()
    assert "[y/N]" in capsys.readouterr().out


def test_deleting_without_a_terminal_needs_yes(
    counted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert main(["stats", "--delete"]) == 2
    assert counted.exists()
    assert main(["stats", "--delete", "--yes"]) == 0
    assert list(counted.parent.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [("--delete", "--json"), ("--delete", "--days", "3"), ("--delete", "--html", "x")]
)
def test_deleting_is_all_or_nothing(counted: Path, arguments: tuple[str, ...]) -> None:
    assert main(["stats", *arguments]) == 2
    assert counted.exists()
