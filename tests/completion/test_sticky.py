"""Other files' parts in the prompts of a typing user: to the byte the same until it may change."""

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from codegen_lsp.completion.pipeline import DEFAULT_BUDGET, Completer
from codegen_lsp.completion.sticky import JUMP_LINES, PAUSE_S
from codegen_lsp.completion.suggestion import ContextSource
from codegen_lsp.context.chosen import NOTHING, Context, Piece
from codegen_lsp.engine.kv_cache import common_prefix_length
from codegen_lsp.engine.scripted import ScriptedEngine
from codegen_lsp.text import Snapshot
from tests.scripted_models import TOKENIZER, scripted_model

SHOP = Piece("shop.py", "def total(items): ...\n", "import", 2.0)
TILL = Piece("till.py", "class Till: ...\n", "symbol", 1.0)
KEY_S = 0.2
FILE = "".join(f"line_{number} = {number}\n" for number in range(200))


def context(*pieces: Piece) -> Context:
    return Context(pieces, None, "store", "main.py")


class Typist:
    """A completer whose clock and choices are the test's, and the prompts that it was asked.

    Attributes:
        choice: what is chosen from now on; None: that takes too long.
        chosen: how often it was.
        now: on the clock, in seconds.
        answer_s: what choosing takes of it.
    """

    def __init__(self, choice: Context | None = NOTHING) -> None:
        self.choice = choice
        self.chosen = 0
        self.now = 100.0
        self.answer_s = 0.0
        model = scripted_model([[]] * 1000)
        assert isinstance(model.engine, ScriptedEngine)
        self._engine = model.engine
        self._completer = Completer(model, DEFAULT_BUDGET, self._choose, lambda: self.now)

    def _choose(self, _snapshot: Snapshot, _offset: int) -> Context | None:
        self.chosen += 1
        self.now += self.answer_s
        return self.choice

    def ask(self, text: str, *, wait: float = KEY_S, uri: str = "file:///x.py") -> list[int]:
        """Type until the buffer holds `text`, `|` being the cursor; returns the prompt's ids."""
        self.now += wait
        self._completer.complete(*place(text, uri))
        return list(self._engine.requests[-1].prompt_ids)

    def sources(self, text: str) -> list[ContextSource]:
        (suggestion,) = self._completer.complete(*place(text))
        return list(suggestion.sources)

    def idle(self, text: str, *, wait: float, cancelled: bool = False) -> list[list[int]]:
        """Prepare for going on in `text` after `wait` seconds; returns what the model has read."""
        self.now += wait
        before = len(self._engine.requests)
        cancel = threading.Event()
        if cancelled:
            cancel.set()
        self._completer.prepare(*place(text), cancel)
        return [list(request.prompt_ids) for request in self._engine.requests[before:]]

    def forget(self) -> None:
        self._completer.forget_context()


def place(text: str, uri: str = "file:///x.py") -> tuple[Snapshot, int]:
    before, _, after = text.partition("|")
    return Snapshot(uri, 0, "python", before + after), len(before)


def shows(ids: list[int]) -> str:
    """What the prompt shows before the buffer."""
    end = ids.index(TOKENIZER.control_ids["<|fim_prefix|>"])
    return TOKENIZER.decode(ids[:end])


def at_line(line: int, text: str = FILE) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:line], "|", *lines[line:]])


def test_without_context_the_prompts_are_those_of_the_buffer_alone() -> None:
    plain = scripted_model([[]] * 2)
    assert isinstance(plain.engine, ScriptedEngine)
    Completer(plain).complete(*place("x = to|\n"))
    assert Typist(NOTHING).ask("x = to|\n") == plain.engine.requests[0].prompt_ids
    assert Typist(None).ask("x = to|\n") == plain.engine.requests[0].prompt_ids


def test_while_a_user_types_only_what_was_typed_is_new() -> None:
    typist, alone = Typist(context(TILL, SHOP)), Typist(NOTHING)
    line = "total = shop.total(items, first)"
    prompts, prompts_alone = [], []
    for end in range(1, len(line) + 1):
        text = f"import shop\n{line[:end]}|\nend\n"
        prompts.append(typist.ask(text))
        prompts_alone.append(alone.ask(text))
        typist.choice = context(replace(SHOP, text=f"other {end}\n"))
    assert typist.chosen == 1
    header = "store\ntill.py\nclass Till: ...\nshop.py\ndef total(items): ...\nmain.py\n"
    assert {shows(ids) for ids in prompts} == {header}
    assert new_tokens(prompts) == new_tokens(prompts_alone)


def new_tokens(prompts: list[list[int]]) -> list[int]:
    """How many tokens of each prompt but the first stand behind what the one before began with."""
    return [len(after) - common_prefix_length(before, after) for before, after in pairwise(prompts)]


@pytest.mark.parametrize(
    "turn",
    [
        lambda typist: typist.ask(at_line(100), wait=PAUSE_S + 0.1),
        lambda typist: typist.ask(at_line(100 + JUMP_LINES + 1)),
        lambda typist: typist.ask(at_line(100 - JUMP_LINES - 1)),
        lambda typist: (typist.ask(at_line(3), uri="file:///y.py"), typist.ask(at_line(100)))[1],
        lambda typist: (typist.forget(), typist.ask(at_line(100)))[1],
    ],
    ids=["pause", "jump down", "jump up", "another document and back", "another workspace"],
)
def test_it_changes_at_a_pause_or_a_jump(turn: Callable[[Typist], list[int]]) -> None:
    typist = Typist(context(SHOP))
    typist.ask(at_line(100))
    typist.choice = context(TILL)
    assert "till.py" not in shows(typist.ask(at_line(100 + JUMP_LINES)))
    typist.ask(at_line(100))
    assert "till.py" in shows(turn(typist))


def test_a_slow_answer_is_no_pause() -> None:
    typist = Typist(context(SHOP))
    typist.answer_s = PAUSE_S + 1
    typist.ask("x|")
    typist.ask("xy|")
    assert typist.chosen == 1


@pytest.mark.parametrize(
    "same",
    [
        context(SHOP, TILL),
        context(replace(TILL, score=9.0), SHOP),
        None,
    ],
    ids=["another order", "other scores", "too slow"],
)
def test_a_choice_that_shows_the_same_changes_no_byte(same: Context | None) -> None:
    typist = Typist(context(TILL, SHOP))
    before = typist.ask("x = 1|\n")
    typist.choice = same
    assert typist.ask("x = 1|\n", wait=PAUSE_S + 1) == before
    assert typist.chosen == 2


def test_in_a_pause_the_next_prompt_is_read_ahead() -> None:
    typist = Typist(context(SHOP))
    typist.ask("x = 1|\n")
    typist.choice = context(TILL)
    (read,) = typist.idle("x = 1|\n", wait=PAUSE_S + 0.1)
    assert "till.py" in shows(read)
    typist.choice = context(SHOP, TILL)
    assert typist.ask("x = 1|\n", wait=60) == read  # one choice for one pause
    assert "shop.py" in shows(typist.ask("x = 1|\n", wait=60))


def test_a_pause_that_changes_nothing_has_nothing_read() -> None:
    typist = Typist(context(SHOP))
    typist.ask("x = 1|\n")
    assert typist.idle("x = 1|\n", wait=PAUSE_S + 0.1) == []


def test_a_key_before_the_pause_leaves_it_as_it_is() -> None:
    typist = Typist(context(SHOP))
    before = typist.ask("x = 1|\n")
    typist.choice = context(TILL)
    assert typist.idle("x = 1|\n", wait=KEY_S, cancelled=True) == []
    assert typist.ask("x = 1|\n") == before


def test_a_suggestion_tells_what_its_prompt_showed() -> None:
    sources = Typist(context(TILL, SHOP)).sources("x = to|\n")
    assert [(each.name, each.path, each.score) for each in sources] == [
        ("symbol", "till.py", 1.0),
        ("import", "shop.py", 2.0),
        ("prefix", None, None),
        ("suffix", None, None),
    ]
    assert all(each.tokens > 0 for each in sources)
