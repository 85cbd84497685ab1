"""The main path with nothing scripted: the real command and the real default model."""

from pathlib import Path
from typing import Any

import pytest

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
