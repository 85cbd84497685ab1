"""Files of every kind, completed by the real model within this process."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.cli import main
from codegen_lsp.engine.base import Generation, Request
from codegen_lsp.models.catalogue import DEFAULT_MODEL
from codegen_lsp.prompt import model as model_module
from codegen_lsp.prompt.model import Model

pytestmark = pytest.mark.model

Complete = Callable[..., dict[str, Any]]


@pytest.fixture
def complete(
    default_model: Model,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> Complete:
    """`complete(content, "1:1", *options, name="x.py")`: the object that `--json` prints."""
    monkeypatch.setattr(model_module, "load_model", lambda *_, **__: default_model)

    def run(content: bytes, place: str, *options: str, name: str = "x.py") -> dict[str, Any]:
        path = tmp_path / name
        path.write_bytes(content)
        assert main(["complete", f"{path}:{place}", "--json", *options]) == 0
        out, err = capfdbinary.readouterr()
        assert err == b""
        found: dict[str, Any] = json.loads(out)
        assert (found["reason"] is None) == bool(found["text"])
        return found

    return run


@pytest.fixture
def requests(default_model: Model, monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """Every request that the engine is given."""
    seen: list[Request] = []
    generate = default_model.engine.generate

    def recording(request: Request) -> Generation:
        seen.append(request)
        return generate(request)

    monkeypatch.setattr(default_model.engine, "generate", recording)
    return seen


@pytest.mark.parametrize(
    ("content", "place"),
    [
        pytest.param(b"", "1:1", id="empty"),
        pytest.param(b"\n", "1:1", id="one empty line"),
        pytest.param(b"\xef\xbb\xbf", "1:1", id="only a byte order mark"),
        pytest.param(b"import os\n\n\ndef f(x):\n    return x\n", "1:1", id="at the very start"),
        pytest.param(b"   \t  ", "1:4", id="white space"),
        pytest.param(b"\x0c\x0b\x1b[0m\x7f\n", "1:3", id="control characters"),
        pytest.param(b"x = 1\rprint(\r", "2", id="old line ends"),
        pytest.param("x = '\u2028\u0085'\n".encode(), "1", id="unicode line separators"),
    ],
)
@pytest.mark.parametrize("multiline", ["auto", "always"])
def test_answers_with_a_text_or_a_reason(
    complete: Complete, content: bytes, place: str, multiline: str
) -> None:
    options = ("--multiline", multiline, "--max-new-tokens", "8")
    assert complete(content, place, *options)["model"] == DEFAULT_MODEL


@pytest.mark.parametrize(
    ("unit", "name"),
    [("1, ", "x.py"), ("a", "x.py"), ("[", "x.py"), ("🙂", "x.py"), ("{", "x.js"), (" ", "x.js")],
)
def test_five_megabytes_on_one_line(complete: Complete, unit: str, name: str) -> None:
    count = 5_000_000 // len(unit.encode())
    middle = count * len(unit) // 2
    content = (unit * count).encode()
    options = ("--multiline", "always", "--max-new-tokens", "4")
    found = complete(content, f"1:{middle + 1}", *options, name=name)
    assert found["range"]["start"]["character"] == middle * (2 if unit == "🙂" else 1)
    assert found["prompt_tokens"] < 1500


def test_latin_1_is_read_as_such(complete: Complete) -> None:
    content = "résumé = 'é'\nprint(résu".encode("latin-1")
    found = complete(content, "2")
    assert found["range"]["start"] == {"line": 1, "character": 10}
    assert found["text"].startswith("mé")


def test_a_byte_order_mark_is_no_column(
    complete: Complete, default_model: Model, requests: list[Request]
) -> None:
    content = b"\xef\xbb\xbfwidth = 3\nprint(wid"
    assert complete(content, "1:6")["range"]["start"] == {"line": 0, "character": 5}
    assert complete(content, "2")["text"].startswith("th")
    prompts = [default_model.tokenizer.decode(request.prompt_ids) for request in requests]
    assert prompts
    assert not any("\ufeff" in prompt for prompt in prompts)


@pytest.mark.parametrize("multiline", ["auto", "always"])
def test_crlf_stays_crlf(
    complete: Complete, default_model: Model, requests: list[Request], multiline: str
) -> None:
    content = b"class Stack:\r\n    def __init__(self):\r\n        self.items = []\r\n\r\n"
    content += b"    def push(self, item):\r\n        self.items.append(item)\r\n\r\n"
    content += b"    def pop(self):"
    text = complete(content, "8", "--multiline", multiline)["text"]
    assert text.count("\n") == text.count("\r") == text.count("\r\n") > 0
    assert "\r" not in default_model.tokenizer.decode(requests[0].prompt_ids)


def test_tabs_stay_tabs(complete: Complete) -> None:
    content = b"def area(width, height):\n\tproduct = width * height\n\treturn pro"
    assert complete(content, "3:12")["text"] == "duct"


def test_the_range_counts_utf_16(complete: Complete) -> None:
    content = 'family = "👩‍👩‍👧 e\u0301 🙂"; print(fam'.encode()
    found = complete(content, "1")
    start = {"line": 0, "character": 10 + 8 + 1 + 2 + 1 + 2 + 1 + 1 + 1 + 9}
    assert found["range"] == {"start": start, "end": start}
    assert found["text"].startswith("ily")


def test_without_a_final_newline(complete: Complete) -> None:
    content = b"def area(width, height):\n    return width * hei"
    assert complete(content, "2")["text"] == "ght"


@pytest.mark.parametrize(
    ("name", "multiline"), [("x.zig", "always"), ("x.txt", "never"), ("x", "always")]
)
def test_languages_without_a_grammar(complete: Complete, name: str, multiline: str) -> None:
    content = b"fn area(width: u32, height: u32) u32 {\n    return width * hei"
    options = ("--multiline", multiline, "--max-new-tokens", "8")
    assert complete(content, "2", *options, name=name)["text"].startswith("ght")


def test_control_tokens_in_the_file_are_text(
    complete: Complete, default_model: Model, requests: list[Request]
) -> None:
    controls = default_model.tokenizer.control_ids
    fim_format = default_model.fim_format
    assert fim_format is not None
    names = "".join(f"# {name} {name}\n" for name in controls)
    before = names + "def area(width, height):\n    return width * hei"
    found = complete((before + "\n\n" + names).encode(), str(before.count("\n") + 1))
    (request,) = requests
    counts = Counter(id_ for id_ in request.prompt_ids if id_ in controls.values())
    assert counts == Counter(controls[name] for name in fim_format.sentinels)
    assert request.stop_ids == frozenset(controls.values())
    assert found["text"] == "ght"


def test_a_cursor_inside_and_behind_a_control_token(
    complete: Complete, default_model: Model, requests: list[Request]
) -> None:
    controls = default_model.tokenizer.control_ids
    line = "MIDDLE = '<|fim_middle|>"
    for column in (len(line) - 5, len(line) + 1):
        complete(line.encode(), f"1:{column}")
        counts = Counter(id_ for id_ in requests[-1].prompt_ids if id_ in controls.values())
        assert set(counts.values()) == {1}
        assert len(counts) == 3


def test_candidates_differ(complete: Complete) -> None:
    content = b"import random\n\n\ndef roll():\n    # "
    candidates = complete(content, "5", "--candidates", "3")["candidates"]
    assert 1 < len(candidates) <= 3
    assert len(set(candidates)) == len(candidates)


@pytest.mark.parametrize("limit", [1, 3])
def test_max_new_tokens(complete: Complete, limit: int) -> None:
    content = b"def area(width, height):"
    found = complete(content, "1", "--max-new-tokens", str(limit), "--multiline", "always")
    assert found["completion_tokens"] == limit


def test_truncated_weights_are_named_with_their_remedy(
    default_model_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "models" / DEFAULT_MODEL
    folder.mkdir(parents=True)
    for file in default_model_folder.iterdir():
        (folder / file.name).symlink_to(file)
    weights = folder / "model.safetensors"
    weights.unlink()
    weights.write_bytes(b"\0" * 1000)
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path))
    source = tmp_path / "x.py"
    source.write_text("x = ", "utf-8")
    assert main(["complete", f"{source}:1"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "model.safetensors is truncated: 1,000 of " in err
    assert f"`codegen-lsp model pull {DEFAULT_MODEL}` mends it" in err
