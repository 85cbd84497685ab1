"""The plugin of editors/neovim in real Neovims, 0.10 to 0.12: headless, and on a grid."""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import pytest

from tests.editors.forking import scripted_servers
from tests.editors.neovim_case import HERE, REAL_SERVER, ROOT, files_of_the_user, run_case
from tests.editors.screen import Screen, screen_of

pytestmark = pytest.mark.editors


@dataclass(frozen=True)
class Editor:
    """A Neovim, and who shows ghost text in it: the plugin itself ("own") or Neovim ("builtin")."""

    nvim: Path
    ghost: str
    server: list[str]

    def run(
        self, folder: Path, case: str, server: list[str] | None = None, **variables: str
    ) -> None:
        """Run a case of plugin_cases.lua, with the scripted server unless another is given."""
        more = {"CODEGEN_LSP_TEST_GHOST": self.ghost} | variables
        server = server or self.server
        run_case(str(self.nvim), folder, case, server, file="plugin_cases.lua", variables=more)


def _installed(version: str) -> Path:
    path = ROOT / f".venv/neovim-{version}/nvim"
    if version == "0.12":
        path = Path(os.environ.get("CODEGEN_LSP_NVIM", ROOT / ".venv/neovim/nvim"))
    folder = os.environ.get("CODEGEN_LSP_NVIM_FOLDER")  # with a folder for each older version
    return Path(folder) / version / "nvim" if folder and version != "0.12" else path


PATIENT = "120000"  # ms, for a real model on a busy machine
EDITORS = [("0.10", "own"), ("0.11", "own"), ("0.12", "own"), ("0.12", "builtin")]


@pytest.fixture(scope="module")
def scripted_server() -> Iterator[list[str]]:
    """Starts the scripted server."""
    with scripted_servers() as command:
        yield command


@pytest.fixture(params=EDITORS, ids="-".join)
def editor(request: pytest.FixtureRequest, scripted_server: list[str]) -> Editor:
    """Each Neovim in each way; one that is missing fails the tests."""
    version, ghost = request.param
    nvim = _installed(version)
    if not nvim.exists():
        pytest.fail(f"no Neovim {version} at {nvim}: run `make test-editors`")
    return Editor(nvim, ghost, scripted_server)


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Neovim's and the server's files of the user are in a folder of the test's own."""
    for name, value in files_of_the_user(tmp_path).items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.mark.parametrize(
    "case",
    [
        "accepted_with_tab",
        "several_lines",
        "behind_characters_of_several_bytes",
        "a_bracket_is_not_doubled",
        "word_by_word",
        "line_by_line",
        "what_is_typed_along_stays_and_is_not_doubled",
        "what_leaves_the_text_takes_it_away",
        "a_key_that_comes_at_once_behind_another_is_its_own",
        "what_is_not_seen_any_more_is_not_accepted",
        "a_late_answer_is_not_shown",
        "a_late_answer_is_not_shown_whatever_the_server_does",
        "an_answer_that_comes_in_normal_mode_is_not_shown",
        "dismissed",
        "candidates",
        "asked_for",
        "asked_for_after_choosing",
        "keys_do_what_they_did_where_nothing_is_shown",
        "abbreviations_are_expanded",
        "beside_nvim_cmp",
        "beside_blink_cmp",
        "accepted_in_an_expression_mapping",
        "a_tab_is_a_tab_where_nothing_is_shown",
        "a_completion_menu_has_its_keys",
        "asked_again_when_the_model_is_ready",
        "switched_off_and_on",
        "switched_off_before_the_answer",
        "commands",
        "a_docstring",
        "health",
        "health_of_a_server_within_neovim",
        "nothing_is_loaded_before_it_is_needed",
        "no_command",
        "no_model",
        "a_server_that_dies",
        "two_hundred_keys",
    ],
)
def test_plugin(editor: Editor, environment: Path, case: str) -> None:
    editor.run(environment, case)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("case", ["behind_characters_of_several_bytes", "a_bracket_is_not_doubled"])
def test_position_encodings(editor: Editor, environment: Path, case: str, encoding: str) -> None:
    if "0.10" in str(editor.nvim) and encoding != "utf-16":
        pytest.skip("Neovim 0.10 speaks UTF-16 only")
    editor.run(environment, case, CODEGEN_LSP_TEST_ENCODING=encoding)


def test_the_cases_can_fail(editor: Editor, environment: Path) -> None:
    incapable = [sys.executable, str(HERE / "incapable_server.py")]
    with pytest.raises(AssertionError, match="waited in vain for the keys"):
        editor.run(environment, "accepted_with_tab", incapable, CODEGEN_LSP_TEST_PATIENCE_MS="1000")
    with pytest.raises(AssertionError, match="as it must"):
        editor.run(environment, "a_throwing_case")


@pytest.mark.model
def test_real_model_in_the_plugin(editor: Editor, environment: Path) -> None:
    editor.run(environment, "real_model", REAL_SERVER, CODEGEN_LSP_TEST_PATIENCE_MS=PATIENT)


START = """
    local plugin, cmd, ghost_text = ...
    vim.o.swapfile = false
    vim.opt.runtimepath:prepend(plugin)
    vim.cmd.runtime('plugin/codegen.lua')
    require('codegen').setup({ cmd = cmd, ghost_text = ghost_text })
"""


def _start(screen: Screen, editor: Editor) -> None:
    """Start the plugin in a Neovim that has opened its file, and wait for the model."""
    own = "own" if editor.ghost == "own" else "auto"
    screen.lua(START, str(ROOT / "editors/neovim"), editor.server, own)
    line = "return require('codegen').statusline()"
    screen.wait_for("model", lambda: screen.lua(line) == "codegen")


def test_what_a_person_sees_and_takes(editor: Editor, environment: Path) -> None:
    script = r'# scripted: text="[\n    \"né\",\n]"'
    file = environment / "sample.py"
    file.write_text(f"{script}\nnames =\nprint(names)\n", encoding="utf-8")
    seen = [script, "names = [", '    "né",', "]", "print(names)"]
    with screen_of(str(editor.nvim), file) as screen:
        _start(screen, editor)
        screen.type("2GA ")
        screen.wait_for("ghost text", lambda: screen.rows()[:5] == seen)
        assert screen.buffer() == [script, "names = ", "print(names)"]
        screen.type("<M-Right>")
        screen.wait_for("the same, a part of it taken", lambda: screen.rows()[:5] == seen)
        assert screen.buffer()[1] == "names = ["
        screen.type("<Tab>")
        screen.wait_for("accepted text", lambda: screen.buffer() == seen)
        screen.wait_for("the same on the screen", lambda: screen.rows()[:5] == seen)
        screen.type("<Esc>:write<CR>")
        screen.wait_for("the file", lambda: file.read_text("utf-8").splitlines() == seen)


# Notes when Neovim was given the latest answer, and when it marked the ghost text.
WATCH = """
    local client = vim.lsp.get_clients({ name = 'codegen_lsp' })[1]
    local request, set_extmark = client.request, vim.api.nvim_buf_set_extmark
    client.request = function(...)
        local arguments = { ... }
        for index, argument in ipairs(arguments) do
            if type(argument) == 'function' then
                arguments[index] = function(...)
                    vim.g.answered = vim.uv.hrtime()
                    return argument(...)
                end
            end
        end
        return request(unpack(arguments))
    end
    vim.api.nvim_buf_set_extmark = function(...)
        vim.g.marked = vim.uv.hrtime()
        return set_extmark(...)
    end
"""


def _is_seen(screen: Screen, line: str) -> bool:
    return screen.rows()[1] == line


def test_how_soon_an_answer_is_seen(editor: Editor, environment: Path) -> None:
    file = environment / "sample.py"
    file.write_text('# scripted: text="left + right"\ntotal =\n', encoding="utf-8")
    marked, seen = [], []
    with screen_of(str(editor.nvim), file) as screen:
        _start(screen, editor)
        screen.lua(WATCH)
        screen.type("2GA ")
        for count in range(20):
            line = "total = " + "x" * count + "left + right"
            screen.wait_for("ghost text", partial(_is_seen, screen, line))
            now = time.monotonic_ns()
            answered, mark = screen.lua("return { vim.g.answered, vim.g.marked }")
            marked.append((mark - answered) / 1e6)
            seen.append((now - answered) / 1e6)
            screen.type("x")
    for what, times in [("marked", marked), ("seen", seen)]:
        figures = f"{what} {median(times):.1f} ms after the answer, at most {max(times):.1f} ms"
        print(figures)  # noqa: T201 - for `pytest -rP`


OWN = [each for each in EDITORS if each[1] == "own"]


@pytest.mark.parametrize("editor", OWN, ids="-".join, indirect=True)
@pytest.mark.parametrize(
    ("suggested", "line", "seen"),
    [
        (r'"a, \"é\")" replaces=1', "total()", ['total(a, "é")']),
        (r'"a): pass" replaces=1', "def f()", ["def f(a): pass"]),
        (r'"\n    a,\n)" replaces=1', "total() + 1", ["total(", "    a,", ") + 1"]),
        (r'"a,\n\tb,\n" replaces=0', "total()", ["total(a,", "    b,", ")"]),
        (r'"new" replaces=1', "total()", ["total(new"]),
    ],
)
def test_the_screen_shows_what_accepting_brings(
    editor: Editor, environment: Path, suggested: str, line: str, seen: list[str]
) -> None:
    script = f"# scripted: text={suggested}"
    file = environment / "sample.py"
    file.write_text(f"{script}\n{line}\n", encoding="utf-8")
    shown = [script, *seen]
    with screen_of(str(editor.nvim), file) as screen:
        _start(screen, editor)
        screen.type("2G0f(a")
        screen.wait_for("ghost text", lambda: screen.rows()[: len(shown)] == shown)
        assert screen.buffer() == [script, line]
        screen.type("<Tab>")
        screen.wait_for(
            "accepted text", lambda: [each.expandtabs(4) for each in screen.buffer()] == shown
        )
