"""What is not suggested unasked: the unlikely, what was taken away, and more behind a block."""

from tests.e2e.editor import CARET, Editor


def test_what_is_unlikely_is_shown_only_on_request(editor: Editor) -> None:
    place = editor.put(f'# scripted: text="abc" doubtful=1\nx = {CARET}')
    assert editor.texts(place) == []
    assert editor.reason(place) == "low_confidence"
    assert editor.texts(place, invoked=True) == ["abc"]


def test_after_an_accepted_block_nothing_comes_until_the_user_types(editor: Editor) -> None:
    block = 'def f():{}\n\n\n# scripted: text="\\n    x = 1\\n    return x"\n'
    place = editor.put(f"{block}y = {CARET}")
    (item,) = editor.items(place)
    editor.run(item["command"]["command"], *item["command"]["arguments"])
    accepted = editor.type(place, 2, f"{block}y = {item['insertText']}{CARET}")
    assert editor.texts(accepted) == []
    assert editor.reason(accepted) == "after_block"
    assert len(editor.texts(accepted, invoked=True)) == 1
    typed = editor.type(place, 3, f"{block}y = {item['insertText']}\n{CARET}")
    assert len(editor.texts(typed)) == 1


def test_the_model_hears_what_was_deleted_and_rejected(editor: Editor) -> None:
    report = "# scripted: report=request\n"
    place = editor.put(f"{report}x = compute(values){CARET}")
    shorter = editor.type(place, 2, f"{report}x = {CARET}")
    (item,) = editor.items(shorter)
    assert '"deleted": ["compute(values)"]' in item["insertText"]
    assert '"rejected": []' in item["insertText"]
    editor.run("codegen.reject", *item["command"]["arguments"])
    (again,) = editor.items(shorter)  # not from memory
    assert '"rejected": ["{' in again["insertText"]
    elsewhere = editor.put(f"{report}x = {CARET}")
    assert '"deleted": []' in editor.texts(elsewhere)[0]
