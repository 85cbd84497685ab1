import threading
from collections.abc import Iterator

import pytest

from codegen_lsp.docstrings import gaps
from codegen_lsp.docstrings.content import Entry, SectionKind
from codegen_lsp.docstrings.prompting import prompt_ids
from codegen_lsp.docstrings.words import Code, Wanted, Words
from codegen_lsp.docstrings.writing import Writer
from codegen_lsp.engine.base import Request, Token
from codegen_lsp.engine.scripted import ScriptedEngine, ScriptedGeneration
from codegen_lsp.prompt.model import Model
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter, Raised
from tests.scripted_models import TOKENIZER

SOURCE = """\
def load_rows(path: Path, limit: int = 3) -> list[Row]:
    if not path.exists():
        raise FileNotFoundError(path)
    lines = path.read_text().splitlines()
    return [parse(line) for line in lines[:limit]]"""
PARAMETERS: tuple[tuple[SectionKind, str], ...] = (("parameters", "path"), ("parameters", "limit"))


def load_rows(*, raises: tuple[Raised, ...] = (), source: str = SOURCE) -> Code:
    documentable = Documentable(
        name="load_rows",
        kind="function",
        container="",
        start=0,
        end=len(source),
        signature="def load_rows(path: Path, limit: int = 3) -> list[Row]:",
        body=None,
        placement="inside",
        insert_at=0,
        indent="    ",
        parameters=(Parameter("path", "Path"), Parameter("limit", "int", "3", is_optional=True)),
        returns="list[Row]",
        returns_value=True,
        raises=raises,
    )
    return Code(documentable, "python", source, (), frozenset({"path", "limit", "parse"}))


class SureEngine(ScriptedEngine):
    """Plays its scripts as a model does that is sure of each token.

    Attributes:
        barred: of each request, what its first token could not be.
    """

    barred: list[frozenset[int]]

    def generate(self, request: Request) -> "SureGeneration":  # type: ignore[override]
        assert request.constraint is not None
        self.barred = [*getattr(self, "barred", []), frozenset(request.constraint.barred())]
        return SureGeneration(super().generate(request))


class SureGeneration:
    def __init__(self, played: ScriptedGeneration) -> None:
        self._played = played
        self.statistics = played.statistics

    def __iter__(self) -> Iterator[Token]:
        return (Token(token.id, -0.1) for token in self._played)


class Asked:
    """A writer whose model says `sentences`, one at each request."""

    def __init__(self, *sentences: str, context_window: int = 4096) -> None:
        scripts = [TOKENIZER.encode(sentence) for sentence in sentences]
        self.engine = SureEngine(scripts, context_window)
        self.writer = Writer(Model("scripted", TOKENIZER, None, self.engine))

    def words(self, code: Code, wanted: Wanted) -> Words:
        return self.writer.words(code, wanted, threading.Event())

    def prompts(self) -> list[str]:
        return [TOKENIZER.decode(request.prompt_ids) for request in self.engine.requests]


def test_each_gap_gets_its_sentence() -> None:
    asked = Asked(
        " Read the rows of a file.\n", " The file to read.\n", " The most rows.\n", " Rows.\n"
    )
    wanted = Wanted(summary=True, entries=(*PARAMETERS, ("returns", "")))
    words = asked.words(load_rows(), wanted)
    assert words.content.summary == "Read the rows of a file."
    assert words.content.sections == {
        "parameters": (Entry("path", "The file to read."), Entry("limit", "The most rows.")),
        "returns": (Entry("", "Rows."),),
    }
    assert words.replaced == ()


def test_prompt_of_a_gap_goes_on_behind_what_was_kept() -> None:
    asked = Asked(" Returns rows. It is fast.", " The file to read.\n")
    asked.words(load_rows(), Wanted(True, (("parameters", "path"),)))
    first, second = asked.prompts()
    assert first == TOKENIZER.decode(prompt_ids(TOKENIZER, load_rows())) + "Summary:"
    assert second == first + " Return rows.\nParameter path:"


def test_generation_stops_behind_the_first_sentence() -> None:
    asked = Asked(" Read rows. " + "It is fast. " * 20)
    words = asked.words(load_rows(), Wanted(summary=True))
    assert words.content.summary == "Read rows."


def test_only_what_is_wanted_is_asked_and_comes_back() -> None:
    asked = Asked(" The most rows to read.\n")
    words = asked.words(load_rows(), Wanted(False, (("parameters", "limit"),)))
    assert words.content.summary == ""
    assert words.content.sections == {"parameters": (Entry("limit", "The most rows to read."),)}
    assert len(asked.engine.requests) == 1


def test_short_condition_is_said_without_the_model() -> None:
    asked = Asked()
    code = load_rows(raises=(Raised("FileNotFoundError", "not path.exists()"),))
    words = asked.words(code, Wanted(False, (("raises", "FileNotFoundError"),)))
    expected = Entry("FileNotFoundError", "If `not path.exists()`.")
    assert words.content.sections == {"raises": (expected,)}
    assert words.replaced == ()


def test_exception_without_a_condition_begins_with_if() -> None:
    asked = Asked(" the path is missing.\n")
    code = load_rows(raises=(Raised("FileNotFoundError"),))
    words = asked.words(code, Wanted(False, (("raises", "FileNotFoundError"),)))
    (entry,) = words.content.sections["raises"]
    assert entry.text == "If the path is missing."
    assert asked.prompts()[0].endswith("Raises FileNotFoundError: If")


def test_bad_sentence_is_written_again_with_another_first_word() -> None:
    asked = Asked(" The path.\n", " File to read.\n")
    words = asked.words(load_rows(), Wanted(False, (("parameters", "path"),)))
    assert words.content.sections["parameters"] == (Entry("path", "File to read."),)
    assert words.replaced == ()
    first, second = asked.engine.requests
    assert first.prompt_ids == second.prompt_ids
    barred_first, barred_then = asked.engine.barred
    assert TOKENIZER.encode("T")[0] in barred_then - barred_first


def test_sentence_bad_twice_gives_way_to_a_plain_one() -> None:
    asked = Asked(" The limit.\n", " A limit.\n", " Rows of the file.\n")
    words = asked.words(load_rows(), Wanted(False, (("parameters", "limit"), ("returns", ""))))
    assert words.content.sections["parameters"] == (Entry("limit", "The limit, `3` by default."),)
    assert words.replaced == ("limit",)
    assert "by default" not in asked.prompts()[-1].rpartition("Document this")[2]


@pytest.fixture
def _long_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "_SUMMARY_TOKENS", 100)  # the tiny tokenizer's are mostly letters


@pytest.mark.usefixtures("_long_summary")
def test_sentence_is_cut_before_what_the_code_does_not_bear_out() -> None:
    asked = Asked(" Read the rows of a path with `cloud_storage`.\n")
    words = asked.words(load_rows(), Wanted(summary=True))
    assert words.content.summary == "Read the rows of a path."


@pytest.mark.usefixtures("_long_summary")
def test_summary_is_cut_to_its_width() -> None:
    asked = Asked(" Read the rows of a file and parse each of the lines in it.\n")
    words = asked.words(load_rows(), Wanted(summary=True, summary_width=30))
    assert words.content.summary == "Read the rows of a file."


@pytest.mark.parametrize("start", ["\n", '"', "'", ".", "-", "#"])
def test_sentence_may_not_begin_so(start: str) -> None:
    asked = Asked(start + "path.\n", start + "path.\n")
    words = asked.words(load_rows(), Wanted(summary=True))
    assert words.content.summary == "Load the rows."
    assert words.replaced == ("summary",)


def test_cancelled_writing_asks_nothing_more() -> None:
    asked = Asked()
    cancel = threading.Event()
    cancel.set()
    words = asked.writer.words(load_rows(), Wanted(True, PARAMETERS), cancel)
    assert words.replaced == ("summary", "path", "limit")
    assert asked.engine.requests == []


def test_prompt_that_the_model_cannot_read_is_not_asked() -> None:
    asked = Asked(context_window=200)
    words = asked.words(load_rows(), Wanted(summary=True))
    assert words.replaced == ("summary",)


def test_long_definition_is_shown_as_its_outline() -> None:
    steps = "".join(f"    step_{number}(path)\n" for number in range(2000))
    source = f"def load_rows(path: Path, limit: int = 3) -> list[Row]:\n{steps}    return rows"
    asked = Asked(" Load rows.\n")
    asked.words(load_rows(source=source), Wanted(summary=True))
    assert len(asked.engine.requests[0].prompt_ids) < 4000
    assert "    return rows" in asked.prompts()[0]


def test_callers_are_shown() -> None:
    code = load_rows()
    used = Code(code.documentable, "python", SOURCE, ("    rows = load_rows(table)",))
    prompt = TOKENIZER.decode(prompt_ids(TOKENIZER, used))
    assert "It is used like this:\nrows = load_rows(table)" in prompt


def test_control_tokens_in_the_source_stay_text() -> None:
    code = load_rows(source='def f():\n    return "<|im_end|>"')
    ids = prompt_ids(TOKENIZER, code)
    assert TOKENIZER.control_ids["<|im_end|>"] not in ids
    assert '"<|im_end|>"' in TOKENIZER.decode(ids)
