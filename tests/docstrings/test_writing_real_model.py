"""The default model writes: every sentence is one, and passes the checks it was written under."""

import threading
from dataclasses import replace

import pytest

from codegen_lsp.docstrings.claims import Claim
from codegen_lsp.docstrings.gaps import gaps_of
from codegen_lsp.docstrings.truth import fault
from codegen_lsp.docstrings.words import Code, Wanted
from codegen_lsp.docstrings.writing import Writer
from codegen_lsp.engine.base import Engine, Generation, Request, Statistics
from codegen_lsp.prompt.model import Model
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter, Raised

pytestmark = pytest.mark.model

SOURCE = """\
def read_settings(path: Path, section: str | None = None, *, strict: bool = False) -> dict:
    settings = {}
    for line in path.read_text().splitlines():
        name, equals, value = line.partition("=")
        if not equals and strict:
            raise ValueError(f"not a setting: {line}")
        if section is None or name.startswith(section):
            settings[name.strip()] = value.strip()
    return settings"""
CODE = Code(
    Documentable(
        name="read_settings",
        kind="function",
        container="",
        start=0,
        end=len(SOURCE),
        signature=SOURCE.partition("\n")[0],
        body=None,
        placement="inside",
        insert_at=0,
        indent="    ",
        parameters=(
            Parameter("path", "Path"),
            Parameter("section", "str | None", "None", is_optional=True),
            Parameter("strict", "bool", "False", "keyword-only", is_optional=True),
        ),
        returns="dict",
        returns_value=True,
        raises=(Raised("ValueError", "not equals and strict", "not a setting: {line}"),),
    ),
    "python",
    SOURCE,
    (),
    frozenset({"read_settings", "path", "section", "strict", "settings", "line", "name", "value"}),
)
WANTED = Wanted(
    summary=True,
    entries=(
        ("parameters", "path"),
        ("parameters", "section"),
        ("parameters", "strict"),
        ("returns", ""),
        ("raises", "ValueError"),
    ),
)


def test_default_model_says_what_the_code_shows(default_model: Model) -> None:
    words = Writer(default_model).words(CODE, WANTED, threading.Event())
    content = words.content
    assert content.summary.startswith(("Read", "Get", "Parse", "Load", "Extract", "Return"))
    assert "setting" in content.summary
    assert [entry.name for entry in content.sections["parameters"]] == ["path", "section", "strict"]
    assert content.sections["parameters"][2].text.startswith("Whether")
    assert content.sections["raises"][0].text == "If `not equals and strict`."
    sentences = [content.summary, *(e.text for part in content.sections.values() for e in part)]
    for gap, sentence in zip(gaps_of(CODE.documentable, WANTED), sentences, strict=True):
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert gap.title in words.replaced or fault(Claim(sentence, gap, CODE)) is None


class Recording:
    """The model's engine; keeps the statistics of each request."""

    def __init__(self, engine: Engine) -> None:
        self.context_window = engine.context_window
        self.statistics: list[Statistics] = []
        self._engine = engine

    def holds_two(self, num_tokens: int) -> bool:
        return self._engine.holds_two(num_tokens)

    def generate(self, request: Request) -> Generation:
        generation = self._engine.generate(request)
        self.statistics.append(generation.statistics)
        return generation


def test_definition_is_read_once_for_all_its_sentences(default_model: Model) -> None:
    engine = Recording(default_model.engine)
    Writer(replace(default_model, engine=engine)).words(CODE, WANTED, threading.Event())
    read = [each.prompt_tokens - each.cached_tokens for each in engine.statistics]
    assert len(read) >= 5
    assert max(read[1:]) < 40
    assert max(read[1:]) < engine.statistics[0].prompt_tokens // 8
