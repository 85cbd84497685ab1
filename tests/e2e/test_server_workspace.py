"""Other files of the workspace: what is chosen from them, when, and when nothing is."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.e2e.conftest import Start
from tests.e2e.editor import CARET, REAL, Editor

SHOP = "def order_total(items, discount):\n    return sum(items) - discount\n"
MAIN = f"from {{module}} import order_total\n\n# scripted: report=context\ntotal = order_{CARET}\n"


class Open(Protocol):
    """Starts a server with a workspace of `folders`, and waits until they are indexed."""

    def __call__(
        self, *folders: Path, options: Any = None, indexed: bool = True, **environ: Any
    ) -> Editor: ...


@pytest.fixture
def workspace(start: Start, tmp_path: Path) -> Open:
    def begin(*folders: Path, options: Any = None, indexed: bool = True, **environ: Any) -> Editor:
        cache = {"CODEGEN_LSP_CACHE_DIR": str(tmp_path / "cache"), "CODEGEN_LSP_CONTEXT": "true"}
        editor = start(options=options, folder=folders[0], **cache | environ)
        if len(folders) > 1:
            change_folders(editor, added=folders[1:])
        if indexed:
            editor.wait_indexed(*(folder.name for folder in folders))
        return editor

    return begin


def project(folder: Path, module: str = "shop", text: str = SHOP) -> Path:
    """A folder with a module to import from, and a file that does so."""
    folder.mkdir(parents=True)
    (folder / f"{module}.py").write_text(text)
    (folder / "main.py").write_text("# on disk it is another text\n")
    return folder


def change_folders(editor: Editor, added: Any = (), removed: Any = ()) -> None:
    event = {"added": described(added), "removed": described(removed)}
    editor.notify("workspace/didChangeWorkspaceFolders", {"event": event})


def described(folders: Any) -> list[dict[str, str]]:
    return [{"uri": folder.as_uri(), "name": folder.name} for folder in folders]


def chosen(editor: Editor, file: Path, module: str = "shop") -> dict[str, str]:
    """Texts of the pieces that are chosen for an import of `module` in `file`, by their paths."""
    place = editor.put(MAIN.format(module=module), uri=file.as_uri())
    (text,) = editor.texts(place)
    context = json.loads(text)["chosen"]
    return {piece["path"]: piece["text"] for piece in context["pieces"]} if context else {}


def soon(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_an_imported_file_defines_is_chosen(workspace: Open, tmp_path: Path) -> None:
    shop = project(tmp_path / "store")
    editor = workspace(shop)
    soon(lambda: "order_total(items, discount)" in chosen(editor, shop / "main.py")["shop.py"])


def test_what_was_edited_in_another_file_is_chosen_without_being_saved(
    workspace: Open, tmp_path: Path
) -> None:
    shop = project(tmp_path / "store")
    (shop / "till.py").write_text("def pay(euros):\n    return euros\n")
    editor = workspace(shop)
    till = editor.put(
        f"def pay(euros):\n    return euros\n{CARET}", uri=(shop / "till.py").as_uri()
    )
    soon(lambda: "till.py" not in chosen(editor, shop / "main.py"))
    editor.type(till, 2, f"def pay(euros, currency):\n    return euros\n{CARET}")
    editor.texts(editor.put(f"# scripted: text=abc\n{CARET}"))  # the user turns elsewhere
    diff = "- def pay(euros):\n+ def pay(euros, currency):"
    soon(lambda: chosen(editor, shop / "main.py").get("till.py") == diff)


def test_saved_and_removed_files_are_looked_at_again(workspace: Open, tmp_path: Path) -> None:
    shop = project(tmp_path / "store")
    editor = workspace(shop)
    file = shop / "shop.py"
    file.write_text(SHOP.replace("discount", "rebate"))
    editor.notify("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})
    soon(lambda: "items, rebate" in chosen(editor, shop / "main.py").get("shop.py", ""))
    file.unlink()
    changes = [{"uri": file.as_uri(), "type": 3}]
    editor.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    soon(lambda: chosen(editor, shop / "main.py") == {})


def test_each_file_knows_its_own_folder_and_a_removed_one_is_forgotten(
    workspace: Open, tmp_path: Path
) -> None:
    shop = project(tmp_path / "a" / "store")
    bank = project(tmp_path / "b" / "bank", "bank", SHOP.replace("discount", "interest"))
    editor = workspace(shop, bank)
    soon(lambda: "shop.py" in chosen(editor, shop / "main.py"))
    soon(lambda: "interest" in chosen(editor, bank / "main.py", "bank").get("bank.py", ""))
    change_folders(editor, removed=[bank])
    soon(lambda: chosen(editor, bank / "main.py", "bank") == {})
    assert "shop.py" in chosen(editor, shop / "main.py")
    editor.wait_indexed("store")
    assert editor.indexed() == {"store"}


def test_a_file_outside_every_folder_gets_nothing(workspace: Open, tmp_path: Path) -> None:
    shop = project(tmp_path / "store")
    elsewhere = project(tmp_path / "elsewhere")
    editor = workspace(shop)
    soon(lambda: "shop.py" in chosen(editor, shop / "main.py"))
    assert chosen(editor, elsewhere / "main.py") == {}


def test_a_home_folder_is_not_read_but_completed_in(workspace: Open, tmp_path: Path) -> None:
    home = project(tmp_path / "home")
    editor = workspace(home, indexed=False, HOME=str(home), USERPROFILE=str(home))
    assert chosen(editor, home / "main.py") == {}
    soon(lambda: "holds the home folder" in editor.stderr.read_text("utf-8"))
    assert editor.texts(editor.put(f"# scripted: text=abc\n{CARET}")) == ["abc"]
    assert editor.request("codegen/explain", {})["workspace"] == []


def test_switched_off_nothing_is_read_and_switched_on_it_is(
    workspace: Open, tmp_path: Path
) -> None:
    shop = project(tmp_path / "store")
    editor = workspace(shop, indexed=False, CODEGEN_LSP_CONTEXT="false")
    assert chosen(editor, shop / "main.py") == {}
    assert not (tmp_path / "cache" / "index").exists()
    settings = {"codegen-lsp": {"context": True}}
    editor.notify("workspace/didChangeConfiguration", {"settings": settings})
    editor.wait_indexed("store")
    soon(lambda: "shop.py" in chosen(editor, shop / "main.py"))


def test_files_that_a_setting_denies_are_not_read(workspace: Open, tmp_path: Path) -> None:
    shop = project(tmp_path / "store")
    editor = workspace(shop, options={"denied_files": ["shop.py"]})
    assert chosen(editor, shop / "main.py") == {}


def test_a_restarted_worker_knows_the_workspace(workspace: Open, tmp_path: Path) -> None:
    shop = project(tmp_path / "store")
    editor = workspace(shop)
    since = len(editor.notifications)
    editor.texts(editor.put(f"# scripted: exit=1\n{CARET}"))
    editor.wait_ready(since)
    soon(lambda: "shop.py" in chosen(editor, shop / "main.py"))


def test_a_client_that_can_watches_source_files(start: Start, tmp_path: Path) -> None:
    watches = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
    editor = start(capabilities=watches, folder=tmp_path)
    soon(lambda: bool(editor.asked_by_server("client/registerCapability")))
    (asked,) = editor.asked_by_server("client/registerCapability")
    (registration,) = asked["registrations"]
    assert registration["method"] == "workspace/didChangeWatchedFiles"


@pytest.mark.model
def test_the_model_writes_what_another_file_wants(
    default_model_folder: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "models").symlink_to(default_model_folder.parent)
    store = tmp_path / "store"
    store.mkdir()
    parameters = "parcel, *, carrier_code, insured_cents"
    (store / "shipping.py").write_text(f"def ship({parameters}):\n    raise NotImplementedError\n")
    text = f"from shipping import ship\n\n\ndef send(parcel):\n    ship(parcel, {CARET}"
    environ = {
        "CODEGEN_LSP_CACHE_DIR": str(cache),
        "CODEGEN_LSP_CONTEXT": "true",
        "OMP_NUM_THREADS": "1",
    }
    with Editor(tmp_path, command=REAL, **environ) as editor:
        editor.initialize(folder=store)
        editor.wait_ready()
        editor.wait_indexed("store")
        place = editor.put(text, uri=(store / "main.py").as_uri())
        suggested = editor.texts(place, invoked=True)  # however sure the model is
        why = editor.why(place)
        assert [each.get("path") for each in why["context"]] == ["shipping.py", None, None]
        assert why["context"][0]["tokens"] > 0
        assert any(f"{name}=" in suggested[0] for name in ("carrier_code", "insured_cents")), why
        typed = editor.type(place, 2, text.replace(CARET, f"in{CARET}"))
        editor.texts(typed)
        assert editor.why(typed)["tokens"]["prefilled"] < 10
        editor.leave()
