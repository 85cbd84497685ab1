"""What the model's process is told of the user's folders, and when."""

from pathlib import Path

from codegen_lsp.config import Settings
from codegen_lsp.server.folders import SOURCE_FILES, Folders
from codegen_lsp.syntax.languages import language_of, languages_with_grammar
from codegen_lsp.worker.messages import Workspace

SHOP, TILL = Path("/shop"), Path("/till")


class Told:
    """Folders and everything that was told of them."""

    def __init__(self, *folders: Path, settings: Settings | None = None) -> None:
        self.all: list[Workspace] = []
        self.folders = Folders(folders, self.all.append, settings or Settings(context=True))

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


def test_files_of_every_language_with_a_grammar_are_watched() -> None:
    extensions = SOURCE_FILES.partition("{")[2].rstrip("}").split(",")
    watched = {language_of(Path(f"x.{extension}")) for extension in extensions}
    assert watched == set(languages_with_grammar())
