"""What the model's process is told of the user's folders, and when."""

from pathlib import Path

from codegen_lsp.completion import sticky
from codegen_lsp.config import Settings
from codegen_lsp.server.documents import Change, Documents
from codegen_lsp.server.folders import JUMP_LINES, PAUSE_S, SOURCE_FILES, Folders
from codegen_lsp.server.recent_edits import RecentEdits
from codegen_lsp.syntax.languages import language_of, languages_with_grammar
from codegen_lsp.text import Encoding, RecentEdit
from codegen_lsp.worker.messages import Workspace

SHOP, TILL = Path("/shop"), Path("/till")


class Told:
    """Folders and everything that was told of them."""

    def __init__(self, *folders: Path, settings: Settings | None = None) -> None:
        self.all: list[Workspace] = []
        self.now = 0.0
        self.documents = Documents(Encoding.UTF16)
        edits = RecentEdits(self.documents, lambda: self.now)
        settings = settings or Settings(context=True)
        self.folders = Folders(folders, self.all.append, settings, edits, lambda: self.now)

    def open(self, name: str, text: str) -> str:
        """Open /shop/`name` as the editor does; returns its URI."""
        uri = f"file:///shop/{name}"
        self.documents.open(uri, "python", 1, text)
        self.folders.touched(uri)
        return uri

    def edit(self, uri: str, text: str) -> None:
        """Replace the whole document."""
        self.folders.touched(uri)
        self.documents.change(uri, 2, [Change(None, text)])

    @property
    def latest(self) -> Workspace:
        return self.all[-1]


def test_folders_come_and_go() -> None:
    told = Told(SHOP)
    told.folders.tell()
    assert told.latest == Workspace((SHOP,))
    told.folders.change(["file:///till", "file:///shop", "http://elsewhere"], [])
    assert list(told.latest.folders) == [SHOP, TILL]
    told.folders.change([], ["file:///shop"])
    assert list(told.latest.folders) == [TILL]


def test_the_newest_of_a_few_recent_files_comes_first() -> None:
    told = Told(SHOP)
    for number in range(40):
        told.folders.touched(f"file:///shop/{number}.py")
    told.folders.touched("file:///shop/35.py")
    assert told.latest.recent[:3] == tuple(SHOP / f"{name}.py" for name in (35, 39, 38))
    assert len(told.latest.recent) == len(set(told.latest.recent)) == 16


def test_typing_in_one_document_tells_nothing_more() -> None:
    told = Told(SHOP)
    for uri in ["file:///shop/a.py"] * 5 + ["untitled:1"] * 5 + ["file:///shop/a.py"] * 5:
        told.folders.touched(uri)
    assert len(told.all) == 1


def test_switched_off_no_file_is_read_but_denied_ones_are_known() -> None:
    told = Told(SHOP)
    told.folders.tell()
    told.folders.change_settings(Settings(context=False, denied_files=["*.sql"]))
    off = Workspace((SHOP,), (), ("*.sql",), context=False)
    assert told.latest == off
    told.folders.touched("file:///shop/a.py")
    assert told.latest == off
    told.folders.change_settings(Settings(context=True, denied_files=["*.sql"]))
    assert told.latest == Workspace((SHOP,), (SHOP / "a.py",), ("*.sql",))


def test_denied_files_are_told_without_a_folder_too() -> None:
    told = Told(settings=Settings(denied_files=["*.sql"]))
    told.folders.tell()
    assert told.all == [Workspace((), (), ("*.sql",))]


def test_without_a_folder_nothing_is_told() -> None:
    told = Told()
    told.folders.tell()
    told.folders.touched("file:///shop/a.py")
    assert told.all == []


def test_edits_are_told_when_the_user_turns_to_another_document() -> None:
    told = Told(SHOP)
    till, main = told.open("till.py", "def pay(sum): ...\n"), told.open("main.py", "")
    told.folders.asked(till, 0)
    told.edit(till, "def pay(total): ...\n")
    told.folders.asked(till, 0)
    assert [each for each in told.all if each.edits] == []
    told.folders.asked(main, 0)
    edit = RecentEdit(SHOP / "till.py", "def pay(sum): ...", "def pay(total): ...")
    assert told.latest.edits == (edit,)


def test_in_one_document_edits_are_told_at_pauses_and_jumps_only() -> None:
    told = Told(SHOP)
    uri = told.open("main.py", "x = 0\n" + "\n" * 50)
    told.folders.asked(uri, 0)
    count = len(told.all)
    for number in range(10):
        told.now += 0.5
        told.edit(uri, f"x = {number}0\n" + "\n" * 50)
        told.folders.asked(uri, 0)
    assert len(told.all) == count
    told.now += 2.5
    told.folders.asked(uri, 0)
    assert [edit.after for edit in told.latest.edits] == ["x = 90"]
    told.edit(uri, "x = 91\n" + "\n" * 50)
    told.folders.asked(uri, 41)
    assert [edit.after for edit in told.latest.edits] == ["x = 91"]
    assert len(told.all) == count + 2


def test_the_model_chooses_anew_at_the_same_pauses_and_jumps() -> None:
    assert (PAUSE_S, JUMP_LINES) == (sticky.PAUSE_S, sticky.JUMP_LINES)


def test_switched_off_no_edits_are_told() -> None:
    told = Told(SHOP, settings=Settings(context=False))
    uri, other = told.open("main.py", "x = 1\n"), told.open("other.py", "")
    told.edit(uri, "x = 2\n")
    told.folders.asked(other, 0)
    assert [each for each in told.all if each.edits] == []
    told.folders.change_settings(Settings(context=True))
    told.edit(uri, "x = 3\n")
    told.folders.asked(uri, 0)
    assert [(edit.before, edit.after) for edit in told.latest.edits] == [("x = 2", "x = 3")]
    told.folders.change_settings(Settings(context=False))
    assert told.latest.edits == ()


def test_files_of_every_language_with_a_grammar_are_watched() -> None:
    extensions = SOURCE_FILES.partition("{")[2].rstrip("}").split(",")
    watched = {language_of(Path(f"x.{extension}")) for extension in extensions}
    assert watched == set(languages_with_grammar())
