"""The retriever over a commit's files."""

from pathlib import Path

import pytest

from codegen_lsp.context import indexing
from codegen_lsp.text import Snapshot
from finetune.corpus import SourceFile
from finetune.examples import draw_examples
from finetune.tree_folder import around_tree, write_tree
from tests.context.indexed import readings_in_process
from tests.scripted_models import QWEN, TOKENIZER

TILL = (
    "class Till:\n"
    '    """Holds money."""\n\n'
    "    def __init__(self) -> None:\n"
    "        self.total = 0\n\n"
    "    def pay_the_amount(self, amount: int, currency: str) -> None:\n"
    '        """Add to what is held."""\n'
    "        self.total += amount\n"
)
USE = "from shop.till import Till\n\n\ndef main() -> None:\n    till = Till()\n    till.\n"


@pytest.fixture(autouse=True)
def _index_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "readings", readings_in_process)
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))


def test_files_of_the_tree_are_shown_even_if_all_around_is_ignored(tmp_path: Path) -> None:
    around_it = tmp_path / "repository"
    (around_it / ".git").mkdir(parents=True)
    (around_it / ".gitignore").write_text("*\n", encoding="utf-8")
    folder = around_it / "out" / "shop"
    write_tree([SourceFile("shop/till.py", "python", TILL)], folder)
    around = around_tree(folder)
    snapshot = Snapshot((folder / "main.py").as_uri(), 0, "python", USE)
    context = around.choose(snapshot, len(USE) - 1)
    assert context is not None
    assert context.repository == "shop"
    assert any("def pay_the_amount" in piece.text for piece in context.pieces)


def test_examples_show_other_files_but_not_their_own_middle(tmp_path: Path) -> None:
    use = USE.replace("till.\n", "till.pay_the_amount(1, 'EUR')\n    print(till.total)\n")
    files = [
        SourceFile("shop/till.py", "python", TILL),
        SourceFile("main.py", "python", use),
    ]
    write_tree(files, tmp_path / "shop")
    drawn = draw_examples(
        files,
        TOKENIZER,
        QWEN,
        seed=0,
        epoch=0,
        count=80,
        around=around_tree(tmp_path / "shop"),
        context_share=1.0,
    )
    shown = [example for example in drawn if example.has_context and example.path == "main.py"]
    assert shown
    for example in drawn:
        prompt = TOKENIZER.decode(example.ids[: -example.num_labels])
        middle = TOKENIZER.decode(example.ids[-example.num_labels :])
        lines = [line.strip() for line in middle.split("\n")[1:-1] if len(line.strip()) > 12]
        assert not any(line in prompt for line in lines)


def test_a_tree_is_not_written_into_a_folder_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        write_tree([], tmp_path)
