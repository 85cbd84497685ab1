"""A person types, sees ghost text and accepts it: the installed extension in a real VS Code."""

import re
from pathlib import Path

import pytest

from codegen_lsp.models.folders import cache_folder
from tests.editors.vscode.driver import (
    HERE,
    Drive,
    real_server,
    said,
    scripted_server,
    type_into,
)

pytestmark = pytest.mark.editors


def test_a_person_types_sees_and_accepts(drive: Drive, package: Path, tmp_path: Path) -> None:
    script = '# scripted: text="return a + b"\n'
    done = type_into(
        drive,
        package,
        tmp_path,
        script,
        {"type": "def add(a, b):\n"},
        {"ghost": "return a + b"},
        {"shot": "ghost_text"},
        {"press": "Tab"},
        {"file": f"{script}def add(a, b):\n    return a + b"},
        {"shot": "accepted"},
    )
    assert done.returncode == 0, said(done)


def test_a_word_and_a_line_are_accepted(drive: Drive, package: Path, tmp_path: Path) -> None:
    script = '# scripted: text="né += 🎉 * 2\\nprint(né)"\n'
    done = type_into(
        drive,
        package,
        tmp_path,
        f"{script}naïve = '🎉';",
        {"type": " "},
        {"ghost": "né += 🎉 * 2\nprint(né)"},
        {"press": "Control+ArrowRight"},
        {"ghost": " += 🎉 * 2\nprint(né)"},
        {"shot": "a_word_accepted"},
        {"press": "Control+Alt+L"},
        {"ghost": "print(né)"},
        {"shot": "a_line_accepted"},
        {"press": "Tab"},
        {"file": f"{script}naïve = '🎉'; né += 🎉 * 2\nprint(né)"},
        keybindings=[{"key": "ctrl+alt+l", "command": "codegen-lsp.acceptLine"}],
    )
    assert done.returncode == 0, said(done)


def test_a_code_action_writes_the_docstring(drive: Drive, package: Path, tmp_path: Path) -> None:
    lines = ("def add(a, b):", '    # scripted: sentence="Add é."', "    return a + b", "")
    docstring = (
        *('    """Add é.', "", "    Args:", "        a: Add é.", "        b: Add é."),
        *("", "    Returns:", "        Add é.", '    """'),
    )
    done = type_into(
        drive,
        package,
        tmp_path,
        "\n".join(lines),
        {"press": "Control+Home"},
        {"run": "codegen-lsp: Generate Docstring"},
        {"see": "Args:"},
        {"shot": "docstring"},
        {"file": "\n".join((lines[0], *docstring, *lines[1:]))},
        {"run": "codegen-lsp: Show Statistics"},
        {"pause": 1500},
        {"shot": "statistics"},
    )
    assert done.returncode == 0, said(done)


def test_fast_typing_loses_no_key_and_shows_nothing_for_an_older_text(
    drive: Drive, package: Path, tmp_path: Path
) -> None:
    script = "# scripted: report=request delay_ms=30\n"
    typed = "the quick brown fox jumps over the lazy dog " * 5
    done = type_into(
        drive,
        package,
        tmp_path,
        script,
        {"watch": True},
        {"type": typed[:200], "delayMs": 15},
        {"pause": 1000},
        {"fresh": len(script)},
        {"file": script + typed[:200]},
        # A selected word would go before the suggestion.
        settings={"editor.wordBasedSuggestions": "off"},
    )
    assert done.returncode == 0, said(done)


def test_late_answers_are_not_shown(drive: Drive, package: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    script = f"# scripted: report=request touch={asked} delay_ms=700\n"
    # At the end of a word VS Code 1.139 waits no longer than 750 ms, and then opens its own menu.
    typed = "a question that goes on = "
    done = type_into(
        drive,
        package,
        tmp_path,
        script,
        {"watch": True},
        {"type": typed[0]},
        {"made": str(asked)},
        # Slowly enough for each text to be asked about, and too fast for the answer.
        {"type": typed[1:], "delayMs": 250},
        {"newest": len(script) + len(typed)},
        {"shot": "late_answer"},
        {"fresh": len(script)},
        settings={"editor.wordBasedSuggestions": "off"},
    )
    assert done.returncode == 0, said(done)


def test_how_long_ghost_text_takes_after_the_answer(
    drive: Drive, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = tmp_path / "answers"
    monkeypatch.setenv("TIMED_ANSWERS", str(answers))
    done = type_into(
        drive,
        package,
        tmp_path,
        "# scripted: report=request\n",
        {"watch": True},
        {"type": "the quick brown fox jumps over the lazy dog", "delayMs": 250},
        {"pause": 1000},
        {"delays": str(answers)},
        settings={"editor.wordBasedSuggestions": "off"},
        server=scripted_server(tmp_path, HERE / "timed_server.py"),
    )
    assert done.returncode == 0, said(done)
    print(re.search("ghost text after .*", done.stdout)[0])  # type: ignore[index]  # noqa: T201


def test_nothing_is_seen_of_a_server_that_does_not_offer_suggestions(
    drive: Drive, package: Path, tmp_path: Path
) -> None:
    done = type_into(
        drive,
        package,
        tmp_path,
        '# scripted: text="return a + b"\n',
        {"type": "def add(a, b):\n"},
        {"ghost": "return a + b"},
        server=scripted_server(tmp_path, HERE / "dumb_server.py"),
        patienceMs=10_000,
    )
    assert done.returncode == 1
    assert "waited in vain for the ghost text return a + b" in done.stdout, said(done)


TIDY = {
    "breadcrumbs.enabled": False,
    "editor.fontSize": 15,
    "editor.occurrencesHighlight": "off",
    "window.commandCenter": False,
    "workbench.activityBar.location": "hidden",
    "workbench.layoutControl.enabled": False,
}


@pytest.mark.model
@pytest.mark.parametrize("drive", ["1.139"], indirect=True)
def test_with_the_real_model(
    drive: Drive, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(cache_folder()))  # HOME is another
    content = (
        "def chunks(items: list[str], size: int) -> list[list[str]]:\n"
        "    return [items[start : start + size] for start in range(0, len(items), size)]\n"
        "\n\n"
        "def median(numbers: list[float]) -> float:\n"
        '    """The middle one of numbers; '
        'of an even count, the mean of the two in the middle."""\n'
        "    "
    )
    done = type_into(
        drive,
        package,
        tmp_path,
        content,
        {"run": "View: Toggle Primary Side Bar Visibility"},
        {"run": "codegen-lsp: Suggest Now"},
        {"glimpse": "return"},
        {"shot": "real_model"},
        {"press": "Tab"},
        {"save": "return", "after": content},
        {"press": "Control+Home"},
        {"run": "codegen-lsp: Generate Docstring"},
        {"see": "Args:"},
        {"shot": "real_docstring"},
        {"save": "Args:"},
        server=real_server(tmp_path),
        settings=TIDY,
    )
    assert done.returncode == 0, said(done)
    compile((tmp_path / "typed/sample.py").read_text("utf-8"), "sample.py", "exec")
