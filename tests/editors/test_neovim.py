"""The language server in a real Neovim 0.12, with the client that is built into it."""

import os
import shutil
from pathlib import Path

import psutil
import pytest

from tests.editors.neovim_case import (
    REAL_SERVER,
    ROOT,
    SCRIPTED_SERVER,
    files_of_the_user,
    run_case,
)
from tests.editors.screen import screen_of

pytestmark = pytest.mark.editors


@pytest.fixture(scope="session")
def nvim() -> str:
    """The Neovim to test with; one that is missing fails the tests."""
    path = os.environ.get("CODEGEN_LSP_NVIM", str(ROOT / ".venv/neovim/nvim"))
    if shutil.which(path) is None:
        pytest.fail(f"no Neovim at {path}: run `make test-editors`")
    return path


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Neovim's and the server's files of the user are in a folder of the test's own."""
    for name, value in files_of_the_user(tmp_path).items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "accepted_while_typing",
        "several_lines",
        "behind_characters_of_several_bytes",
        "a_bracket_is_not_doubled",
        "a_late_answer_is_not_shown",
        "an_answer_for_a_line_that_is_gone_is_not_shown",
        "the_rest_stays_while_typing_along",
        "silence_takes_the_old_text_away",
        "nothing_is_shown_when_it_is_off",
        "a_code_action_writes_the_docstring",
        "opening_quotes_bring_the_docstring",
    ],
)
def test_scripted_model(nvim: str, environment: Path, name: str) -> None:
    run_case(nvim, environment, name, SCRIPTED_SERVER)


@pytest.mark.model
def test_real_model(nvim: str, environment: Path) -> None:
    patient = {"CODEGEN_LSP_TEST_PATIENCE_MS": "120000"}
    run_case(nvim, environment, "real_model", REAL_SERVER, variables=patient)


def test_no_process_is_left_behind(
    nvim: str, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_TEST_RUN", str(environment))
    run_case(nvim, environment, "accepted_while_typing", SCRIPTED_SERVER)
    left = [each for each in psutil.process_iter() if _belongs_to(each, str(environment))]
    _, alive = psutil.wait_procs(left, timeout=30)
    assert alive == []


def _belongs_to(process: psutil.Process, run: str) -> bool:
    """Whether `process` was started within `run`."""
    try:
        inherited: dict[str, str] = process.environ()
    except psutil.Error:
        return False
    return process.pid != os.getpid() and inherited.get("CODEGEN_LSP_TEST_RUN") == run


START = """
    vim.o.swapfile = false
    vim.lsp.handlers.didChangeStatus = function(_, status)
        vim.g.is_ready = status.kind == 'Normal' and not status.busy
    end
    vim.lsp.start({ name = 'codegen-lsp', cmd = ..., root_dir = vim.fn.getcwd() })
    vim.lsp.inline_completion.enable()
    vim.keymap.set('i', '<Tab>', function()
        return vim.lsp.inline_completion.get() and '' or '<Tab>'
    end, { expr = true })
"""


def test_what_a_person_sees(nvim: str, environment: Path) -> None:
    script = r'# scripted: text="[\n    \"né\",\n]"'
    file = environment / "sample.py"
    file.write_text(f"{script}\nnames =\nprint(names)\n", encoding="utf-8")
    seen = [script, "names = [", '    "né",', "]", "print(names)"]
    with screen_of(nvim, file) as screen:
        screen.lua(START, SCRIPTED_SERVER)
        screen.wait_for("model", lambda: screen.lua("return vim.g.is_ready"))
        screen.type("2GA ")
        screen.wait_for("ghost text", lambda: screen.rows()[:5] == seen)
        assert screen.buffer() == [script, "names = ", "print(names)"]
        screen.type("<Tab>")
        screen.wait_for("accepted text", lambda: screen.buffer() == seen)
        screen.wait_for("the same on the screen", lambda: screen.rows()[:5] == seen)
