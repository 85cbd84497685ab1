"""Reading evaluation cases and moving their cursor."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen_lsp.context.chosen import Piece
from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.cases import Case, move_cursor_into_line, read_cases

ROW = {"id": "a", "language": "python", "prefix": "x = ", "suffix": "\n", "middle": "1"}
FIRST_LINES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=9)
REST = st.sampled_from(["", "\n", "\r\n", "\n    return x\n"])


def read(path: Path, *lines: str | bytes) -> tuple[list[Case], list[str]]:
    content = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    path.write_bytes(content)
    reported: list[str] = []
    return list(read_cases(path, reported.append)), reported


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data.jsonl"


def test_rows_become_cases_whatever_else_they_hold(data: Path) -> None:
    cases, reported = read(data, json.dumps(ROW | {"tests": [1]}), "", " \r", json.dumps(ROW), "")
    assert cases == [Case("a", "python", "x = ", "\n", "1")] * 2
    assert reported == []


def test_a_row_may_say_what_else_its_project_holds(data: Path) -> None:
    parts = [
        {"filename": "shop.py", "retrieved_chunk": "def total(): ...", "score": 9.5},
        {"filename": "a/till.py", "retrieved_chunk": "class Till:\n    ...\n", "score": 3},
    ]
    more = {"file": "main.py", "repository": "store", "crossfile_list": parts}
    (case, plain), reported = read(data, json.dumps(ROW | more), json.dumps(ROW))
    assert (case.path, case.repository) == ("main.py", "store")
    assert case.pieces == (
        Piece("a/till.py", "class Till:\n    ...\n", "similar", 3),
        Piece("shop.py", "def total(): ...\n", "similar", 9.5),
    )
    assert (plain.path, plain.repository, plain.pieces) == ("", "", ())
    assert reported == []


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not JSON"),
        (b'{"id": "\xff"}', "not JSON"),
        pytest.param("[" * 100_000, "not JSON", id="deep"),
        ("[1]", "not a JSON object"),
        ("null", "not a JSON object"),
        (json.dumps(ROW | {"prefix": None}), "no text under 'prefix'"),
        (json.dumps(ROW | {"id": 3, "middle": []}), "no text under 'id', 'middle'"),
        ('{"id": "a"}', "'language', 'prefix', 'suffix', 'middle'"),
        (json.dumps(ROW | {"middle": " \n"}), "'middle' is blank"),
        (json.dumps(ROW | {"path": 3}), "no text under 'path'"),
        (json.dumps(ROW | {"crossfile_list": "x"}), "'crossfile_list' is not"),
        (json.dumps(ROW | {"crossfile_list": [{"filename": "x"}]}), "'crossfile_list' is not"),
    ],
)
def test_a_malformed_row_is_named_by_its_line_and_left_out(
    data: Path, line: str | bytes, complaint: str
) -> None:
    cases, reported = read(data, json.dumps(ROW), "", line, json.dumps(ROW))
    assert len(cases) == 2
    (message,) = reported
    assert message.startswith(f"{data}:3: ")
    assert complaint in message
    assert "\n" not in message


def test_line_separators_inside_a_row_do_not_cut_it(data: Path) -> None:
    row = ROW | {"prefix": "a\u2028b\x0cc"}
    cases, reported = read(data, json.dumps(row, ensure_ascii=False), b"\xef\xbb\xbf{")
    assert cases[0].prefix == row["prefix"]
    assert reported[0].startswith(f"{data}:2: ")


def test_a_file_that_cannot_be_read_is_a_usage_error(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.jsonl"):
        with pytest.raises(UsageError, match="cannot read"):
            list(read_cases(path, lambda _: None))


@settings(derandomize=True, deadline=None)
@given(
    lead=st.sampled_from(["", "    ", "\n    "]),
    line=FIRST_LINES,
    rest=REST,
    seed=st.integers(0, 99),
)
def test_the_cursor_moves_into_the_line_and_the_text_stays(
    lead: str, line: str, rest: str, seed: int
) -> None:
    case = Case("id", "python", "before\n", "after", lead + line + rest)
    moved = move_cursor_into_line(case, seed)
    assert moved.prefix + moved.middle + moved.suffix == case.prefix + case.middle + case.suffix
    assert moved.suffix == case.suffix
    typed = moved.prefix.removeprefix("before\n" + lead)
    assert line.startswith(typed)
    assert line != typed
    assert moved == move_cursor_into_line(case, seed)


def test_the_seed_moves_the_cursor_and_other_cases_do_not() -> None:
    def middles(seed: int, ids: range) -> list[str]:
        cases = [Case(str(id_), "python", "", "", "abcdefghijklmnopqrst") for id_ in ids]
        return [move_cursor_into_line(case, seed).middle for case in cases]

    assert middles(1, range(9)) != middles(2, range(9))
    assert middles(1, range(5, 9)) == middles(1, range(9))[5:]
    assert len(set(middles(1, range(9)))) > 1
