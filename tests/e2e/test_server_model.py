"""The main path with nothing scripted: the real command and the real default model."""

import ast
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.evaluate.lsp_client import replace
from tests.e2e.editor import CARET, REAL, Editor


@pytest.mark.model
def test_a_sum_is_completed_and_typed_along(default_model_folder: Path, tmp_path: Path) -> None:
    cache = str(default_model_folder.parents[1])
    head = "def add(a, b):\n    return "
    environ: dict[str, Any] = {"CODEGEN_LSP_CACHE_DIR": cache, "OMP_NUM_THREADS": "1"}
    with Editor(tmp_path, command=REAL, **environ) as editor:
        editor.initialize()
        editor.wait_ready()
        place = editor.put(head + CARET)
        (item,) = editor.items(place)
        assert "a + b" in editor.apply(place.text, item)
        why = editor.why(place)
        tokens = why["tokens"]
        assert (why["decision"], why["source"]) == ("suggested", "model")
        sentinels = 3  # the tokens of the fill-in-the-middle format
        assert sum(each["tokens"] for each in why["context"]) + sentinels == tokens["prompt"]
        assert tokens["cached"] + tokens["prefilled"] == tokens["prompt"]
        assert tokens["generated"] >= 3
        place = editor.type(place, 2, head + item["insertText"][0] + CARET)
        assert editor.texts(place) == [item["insertText"][1:]]
        why = editor.why(place)
        assert (why["source"], why["tokens"]["prompt"]) == ("cache", 0)
        editor.leave()


@pytest.mark.model
def test_a_docstring_is_written_by_code_action_and_behind_its_opening_quotes(
    default_model_folder: Path, tmp_path: Path
) -> None:
    cache = str(default_model_folder.parents[1])
    head, body = (
        "def scale(values, factor: int = 2):\n",
        "    return [factor * v for v in values]\n",
    )
    environ: dict[str, Any] = {"CODEGEN_LSP_CACHE_DIR": cache, "OMP_NUM_THREADS": "1"}
    action = {
        "codeActionLiteralSupport": {},
        "dataSupport": True,
        "resolveSupport": {"properties": ["edit"]},
    }
    with Editor(tmp_path, command=REAL, **environ) as editor:
        editor.initialize({"textDocument": {"codeAction": action}, "workspace": {}})
        editor.wait_ready()
        place = editor.put(head + CARET + body)
        ends = {"start": place.position, "end": place.position}
        params = {"textDocument": {"uri": place.uri}, "range": ends, "context": {"diagnostics": []}}
        (offered,) = editor.request("textDocument/codeAction", params)
        (edit,) = editor.request("codeAction/resolve", offered)["edit"]["changes"][place.uri]
        written = replace(place.text, edit["range"], edit["newText"], editor.position_encoding)
        place = editor.put(f'{head}    """{CARET}"""\n{body}')
        (item,) = editor.items(place)
        assert editor.apply(place.text, item) == written
        editor.leave()
    (function,) = ast.parse(written).body
    lines = (ast.get_docstring(function) or "").splitlines()  # type: ignore[arg-type]
    assert lines[0].endswith(".")
    assert [line.partition(":")[0] for line in lines[1:] if line.endswith(":")] == [
        "Args",
        "Returns",
    ]
    assert [line.split(":")[0].strip() for line in lines[3:5]] == ["values", "factor"]
    assert written.replace(f"{written.partition(head)[2].partition(body)[0]}", "") == head + body
