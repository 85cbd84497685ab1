"""Documents of every kind, and what is remembered of them: typed-along suggestions, rhythm."""

from typing import Any

import pytest

from tests.e2e.conftest import Start
from tests.e2e.editor import CARET, Editor, Place

SIMPLE = f"# scripted: text=abc\n{CARET}"


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1",
        "file:///a%20folder/%C3%A9%F0%9F%99%82.py",
        "file:///a folder/é🙂.py",
        "vscode-notebook-cell:/x.ipynb#W0sZmlsZQ%3D%3D",
        "",
        "nonsense",
    ],
)
def test_uris_name_documents_as_they_are(editor: Editor, uri: str) -> None:
    place = editor.put(SIMPLE, uri=uri)
    assert editor.texts(place) == ["abc"]
    assert editor.why(place)["uri"] == uri
    editor.close(uri)


def test_many_documents(editor: Editor) -> None:
    places = [editor.put(f"# scripted: text=of{each}\n{CARET}") for each in range(100)]
    pending = [editor.ask(place) for place in places]
    texts = [item["insertText"] for each in pending for item in each.wait()["items"]]
    assert texts == [f"of{each}" for each in range(100)]
    for place in places:
        editor.close(place.uri)


def test_a_closed_document_is_forgotten(editor: Editor) -> None:
    place = editor.put(SIMPLE)
    assert editor.texts(place) == ["abc"]
    editor.close(place.uri)
    assert editor.why(place)["decision"] == "none"
    assert editor.texts(place) == []
    editor.put(SIMPLE, uri=place.uri)
    assert editor.texts(place) == ["abc"]
    assert editor.why(place)["source"] == "model"


def test_opening_again_replaces_the_document(editor: Editor) -> None:
    place = editor.put(SIMPLE)
    assert editor.texts(place) == ["abc"]
    editor.put(SIMPLE.replace("abc", "def"), uri=place.uri)
    assert editor.texts(place) == ["def"]


def test_cells_of_notebooks_are_documents(editor: Editor) -> None:
    first, second = (editor.place(f"cell:/n#{each}", SIMPLE) for each in (1, 2))
    notebook = {"uri": "file:///n.ipynb", "notebookType": "jupyter-notebook", "version": 1}
    cell = {"kind": 2, "document": first.uri}
    params: dict[str, Any] = {"notebookDocument": notebook | {"cells": [cell]}}
    editor.notify("notebookDocument/didOpen", params | {"cellTextDocuments": [_cell(first)]})
    assert editor.texts(first) == ["abc"]

    array = {"start": 1, "deleteCount": 0, "cells": [{"kind": 2, "document": second.uri}]}
    _change_cells(editor, {"structure": {"array": array, "didOpen": [_cell(second)]}})
    assert editor.texts(second) == ["abc"]

    span = {"start": {"line": 0, "character": 17}, "end": {"line": 0, "character": 20}}
    document = {"uri": first.uri, "version": 2}
    content = {"document": document, "changes": [{"range": span, "text": "def"}]}
    _change_cells(editor, {"textContent": [content]})
    assert editor.texts(first) == ["def"]
    assert editor.why(first)["version"] == 2

    _change_cells(editor, {"data": [cell]})
    array = {"start": 1, "deleteCount": 1}
    _change_cells(editor, {"structure": {"array": array, "didClose": [{"uri": second.uri}]}})
    assert editor.why(second)["decision"] == "none"
    closed = {"notebookDocument": {"uri": notebook["uri"]}}
    editor.notify("notebookDocument/didClose", closed | {"cellTextDocuments": [{"uri": first.uri}]})
    assert editor.why(first)["decision"] == "none"


def test_what_is_typed_along_needs_no_model(editor: Editor) -> None:
    said = "alpha1(beta)"
    head, tail = f"# scripted: text={said}\n", "\n\ny = 1\n"
    place = editor.put(head + CARET + tail)
    assert editor.texts(place) == [said]
    for version in range(2, len(said) + 1):
        typed = said[: version - 1]
        place = editor.type(place, version, head + typed + CARET + tail)
        assert editor.texts(place) == [said.removeprefix(typed)]
        why = editor.why(place)
        assert (why["source"], why["tokens"]["prompt"]) == ("cache", 0)
    assert len(editor.log_of(said)) == 1
    place = editor.type(place, 50, head + "alpha" + CARET + "\n\ny = 2\n")
    assert editor.texts(place) == [said]
    assert editor.why(place)["source"] == "model"
    assert len(editor.log_of(said)) == 2


def test_a_bracket_that_the_editor_closed_gives_way(editor: Editor) -> None:
    head = "# scripted: text=alpha2(beta)\n"
    place = editor.put(f"{head}{CARET}\n")
    assert editor.texts(place) == ["alpha2(beta)"]
    place = editor.type(place, 2, f"{head}alpha2({CARET})\n")
    (item,) = editor.items(place)
    assert editor.why(place)["source"] == "cache"
    assert editor.apply(place.text, item) == f"{head}alpha2(beta)\n"
    assert len(editor.log_of("alpha2(beta)")) == 1


def test_an_edit_above_asks_the_model_again(editor: Editor) -> None:
    place = editor.put(f"x = 1\n# scripted: text=alpha3\n{CARET}")
    assert editor.texts(place) == ["alpha3"]
    place = editor.type(place, 2, f"x = 2\n# scripted: text=alpha3\na{CARET}")
    assert editor.texts(place) == ["alpha3"]
    assert len(editor.log_of("alpha3")) == 2


def test_fast_typing_asks_the_model_less_often_than_the_editor_asks(start: Start) -> None:
    editor = start(options={"debounceMs": 300})
    head, keys = "# scripted: text=burst\n", 40
    place = editor.put(head + CARET)
    pending = []
    for count in range(1, keys + 1):
        place = editor.type(place, count + 1, head + "x" * count + CARET)
        pending.append(editor.ask(place))
    assert len(pending[-1].wait()["items"]) == 1
    assert len(editor.log_of("burst")) < keys
    for count in range(keys + 1, keys + 5):
        place = editor.type(place, count + 1, head + "x" * count + CARET)
    assert editor.texts(place, invoked=True) == ["burst"]
    assert editor.why(place)["timingsMs"]["waited"] == 0


def _cell(place: Place) -> dict[str, Any]:
    return {"uri": place.uri, "languageId": "python", "version": 1, "text": place.text}


def _change_cells(editor: Editor, cells: dict[str, Any]) -> None:
    notebook = {"uri": "file:///n.ipynb", "version": 2}
    params = {"notebookDocument": notebook, "change": {"cells": cells}}
    editor.notify("notebookDocument/didChange", params)
