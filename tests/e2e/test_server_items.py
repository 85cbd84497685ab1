"""What `textDocument/inlineCompletion` answers, held against the document that it is applied to."""

from collections.abc import Iterator

import pytest

from codegen_lsp.evaluate.json_rpc import Message
from tests.e2e.editor import CARET, Editor

SEVERAL = f'# scripted: text="a" text="b" text="c"\nx = {CARET}\n'


@pytest.fixture(scope="module", params=["utf-8", "utf-16", "utf-32"])
def speaking(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Editor]:
    """A server that counts positions in each of the three encodings."""
    with Editor(tmp_path_factory.mktemp("speaking")) as client:
        client.initialize(encodings=["unknown", request.param, "utf-16"])
        assert client.position_encoding == request.param
        client.wait_ready()
        yield client
        client.leave()


def test_while_typing_one_item_and_when_asked_several(editor: Editor) -> None:
    assert editor.texts(editor.put(SEVERAL)) == ["a"]
    assert editor.texts(editor.put(SEVERAL), invoked=True) == ["a", "b", "c"]


def test_asking_after_an_automatic_answer_gives_several(editor: Editor) -> None:
    place = editor.put(SEVERAL)
    assert editor.texts(place) == ["a"]
    assert editor.texts(place, invoked=True) == ["a", "b", "c"]
    assert editor.texts(place, invoked=True) == ["a", "b", "c"]
    assert editor.why(place)["source"] == "cache"


def test_going_on_after_several_gives_one(editor: Editor) -> None:
    place = editor.put(SEVERAL)
    assert editor.texts(place, invoked=True) == ["a", "b", "c"]
    assert editor.texts(place) == ["a"]
    assert editor.why(place)["source"] == "cache"


@pytest.mark.parametrize(
    ("line", "invoked", "candidates", "multiline"),
    [("x = ", False, 1, "auto"), ("x = ", True, 3, "auto"), ("    ", True, 3, "always")],
)
def test_options_of_each_trigger(
    editor: Editor, line: str, invoked: bool, candidates: int, multiline: str
) -> None:
    place = editor.put(f"# scripted: report=request\n{line}{CARET}\n")
    (text,) = editor.texts(place, invoked=invoked)
    assert f'"candidates": {candidates}' in text
    assert f'"multiline": "{multiline}"' in text


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_several_lines(editor: Editor, line_end: str) -> None:
    said = '"return 1' + line_end.replace("\r", "\\r").replace("\n", "\\n") + '    else"'
    before = line_end.join([f"# scripted: text={said}", "if x:", "    "])
    place = editor.put(before + CARET + line_end + "y")
    (item,) = editor.items(place)
    assert editor.apply(place.text, item) == (
        before + "return 1" + line_end + "    else" + line_end + "y"
    )


def test_items_have_a_command_and_no_filter_text(editor: Editor) -> None:
    items = editor.items(editor.put(SEVERAL), invoked=True)
    assert [set(item) for item in items] == [{"insertText", "range", "command"}] * 3
    assert {item["command"]["command"] for item in items} == {"codegen.accept"}
    assert len({item["command"]["arguments"][0] for item in items}) == 3


def test_silence_is_an_empty_list_with_a_reason(editor: Editor) -> None:
    place = editor.put(f"# scripted: reason=stray_indent\n{CARET}")
    assert editor.ask(place).wait() == {"items": []}
    why = editor.why(place)
    assert why["decision"] == "silent"
    assert why["reason"]["code"] == "stray_indent"
    assert why["reason"]["meaning"] in why["summary"]
    assert why["suggestions"] == []


def test_explanation_of_a_suggestion(editor: Editor) -> None:
    place = editor.put(f'# scripted: text="abc" delay_ms=20\n{CARET}')
    assert editor.texts(place, invoked=True) == ["abc"]
    why = editor.why(place)
    assert (why["decision"], why["reason"], why["source"]) == ("suggested", None, "model")
    assert (why["uri"], why["version"], why["position"]) == (place.uri, 1, place.position)
    assert (why["trigger"], why["timingsMs"]["waited"]) == ("invoked", 0)
    counted = {"prompt": 10, "cached": 4, "prefilled": 6, "generated": 2}
    assert why["tokens"] == {**counted, "drafted": 0, "accepted": 0}
    assert sum(each["tokens"] for each in why["context"]) == why["tokens"]["prompt"]
    assert why["timingsMs"]["total"] >= why["timingsMs"]["decode"] == 20
    assert editor.run("codegen.explain", place.uri, place.position) == why
    assert editor.explain(place.uri, place.position).wait() == why
    assert editor.explain(place.uri, {"line": 0, "character": 0}).wait()["decision"] == "none"


@pytest.mark.parametrize(
    ("line", "said", "replaces", "after"),
    [
        pytest.param(f's = "🙂"; f({CARET})  # 🙂', "x)", 1, 's = "🙂"; f(x)  # 🙂', id="bracket"),
        pytest.param(f"🙂 = f([{CARET}])🙂", "x])", 2, "🙂 = f([x])🙂", id="two"),
        pytest.param(f'🙂("{CARET}🙂")🙂', 'é🙂")', 3, '🙂("é🙂")🙂', id="emoji gives way"),
        pytest.param(f"🙂{CARET}🙂", "é", 0, "🙂é🙂", id="nothing gives way"),
        pytest.param(f"f({CARET})", "x)", 1, "f(x)", id="ascii"),
    ],
)
def test_accepting_doubles_nothing(
    speaking: Editor, line: str, said: str, replaces: int, after: str
) -> None:
    quoted = said.replace('"', '\\"')
    head = f'# scripted: text="{quoted}" replaces={replaces}\r\n'
    place = speaking.put(f"{head}{line}\r\n")
    (item,) = speaking.items(place)
    assert item["range"]["start"] == place.position
    assert speaking.apply(place.text, item) == f"{head}{after}\r\n"


def test_both_ends_agree_on_a_text_edited_among_emoji(speaking: Editor) -> None:
    place = speaking.put(f"# scripted: report=request\n🙂 = '{CARET}🙂'\n")
    text = place.text
    for version, new in enumerate(("é", "🙂", "x\ny🙂"), start=2):
        span = {"start": place.position, "end": place.position}
        speaking.change(place.uri, version, span, new)
        text = speaking.apply(text, {"range": span, "insertText": new})
    line = text.index("🙂'\n")
    caret = speaking.place(place.uri, text[:line] + CARET + text[line:])
    (report,) = speaking.texts(caret)
    assert f'"offset": {line}' in report
    assert f'"characters": {len(text)}' in report


def test_the_suggestion_extends_the_selected_item(speaking: Editor) -> None:
    head = '# scripted: text="(1)"\n'
    place = speaking.put(f"{head}🙂.ap{CARET}  # 🙂")
    selected = _selected(place.line, place.character - 2, place.character, "append")
    (item,) = speaking.items(place, selected=selected)
    assert item["insertText"] == "append(1)"
    assert item["range"] == selected["range"]
    assert speaking.apply(place.text, item) == head + "🙂.append(1)  # 🙂"


def test_the_selected_item_may_replace_what_is_behind_the_cursor(speaking: Editor) -> None:
    head = '# scripted: text="1)" replaces=1\n'
    place = speaking.put(f"{head}🙂.ap{CARET}nd)🙂")
    selected = _selected(place.line, place.character - 2, place.character + 2, "append(")
    (item,) = speaking.items(place, selected=selected)
    assert item["insertText"] == "append(1)"
    assert item["range"]["start"] == selected["range"]["start"]
    assert speaking.apply(place.text, item) == head + "🙂.append(1)🙂"


def test_the_model_sees_the_selected_item(editor: Editor) -> None:
    place = editor.put(f"# scripted: report=request\nx.ap{CARET}nd\n")
    selected = _selected(1, 2, 6, "appendix")
    (item,) = editor.items(place, selected=selected)
    assert item["insertText"].startswith("appendix{")
    assert f'"offset": {place.text.index("ap") + len("appendix")}' in item["insertText"]
    assert f'"characters": {len(place.text) + 4}' in item["insertText"]


@pytest.mark.parametrize(
    "selected",
    [
        pytest.param((0, 0, 1), id="another line"),
        pytest.param((1, 0, 3), id="before the cursor"),
        pytest.param((1, 5, 9), id="behind the cursor"),
    ],
)
def test_a_selection_elsewhere_is_ignored(editor: Editor, selected: tuple[int, int, int]) -> None:
    place = editor.put(f'# scripted: text="(1)"\nx.ap{CARET}       # y')
    (item,) = editor.items(place, selected=_selected(*selected, "append"))
    assert item["insertText"] == "(1)"
    assert item["range"] == {"start": place.position, "end": place.position}


def _selected(line: int, start: int, end: int, text: str) -> Message:
    span = {
        "start": {"line": line, "character": start},
        "end": {"line": line, "character": end},
    }
    return {"range": span, "text": text}
