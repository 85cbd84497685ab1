r"""A worker process without a model, which does what the documents and the environment say.

For tests of whatever stands on the worker: give `COMMAND` to `WorkerProcess.start`, `Supervisor` or
the server in place of the real command. Completing follows the last line with a directive at or
above the cursor's line (else the suggestion is "scripted"), in any kind of comment:

    # scripted: text="return 1\n" text="return 2" delay_ms=200

    text="..."       what to suggest; repeated, the candidates. JSON strings or bare words
    reason=empty     silence, with that reason
    doubtful=1       the model was not sure of it
    replaces=1       characters behind the cursor that the text replaces
    delay_ms=200     takes so long
    wait_for=PATH    goes on once the file exists (after delay_ms)
    touch=PATH       makes the file before anything else: the test knows that the work has begun
    raise=NAME       raises that exception: of codegen_lsp.errors, or a builtin such as MemoryError
    exit=137         ends the process at once, as a crash would
    print=WORD       prints on standard output, where nothing may
    report=log       suggests JSON: for each earlier request [text, steps, finish], where steps are
                     how often it waited 10 ms and finish is "stop" or "cancelled"
    report=request   suggests JSON: what the worker was asked, and its pid
    report=prepared  suggests JSON: URI and offset of each place to be prepared for, so far
    report=text      suggests JSON: the whole text that the worker was given
    report=context   suggests JSON: what would be chosen from other files (really chosen), and how
                     often what was chosen before held no more

In the body of a definition that is to be documented, it also tells what is written there:

    sentence="..."   each sentence of the docstring; without it "Do it with <number> callers."

Delays and waits check the cancel event every 10 ms, as an engine does between tokens.

Environment (a value @PATH stands for the content of that file at the time, "" where there is none):

    SCRIPTED_LOAD           error to raise on loading (NotFetchedError, RuntimeError ...), or exit
    SCRIPTED_LOAD_TOUCH     file to make when loading begins
    SCRIPTED_LOAD_WAIT_FOR  file that loading waits for, for ever if need be
    SCRIPTED_FETCHED        file without which loading raises NotFetchedError; a pull makes it
    SCRIPTED_WHY_NO_ADAPTER why the adapter that is active is not in use
    SCRIPTED_PULL           error to raise half-way through a pull, or exit
    SCRIPTED_PULL_WAIT_FOR  file that a pull waits for half-way
"""

import builtins
import json
import os
import re
import sys
import threading
from dataclasses import asdict, replace
from pathlib import Path

if __name__ == "__main__":  # a script has only its own folder on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from codegen_lsp import errors
from codegen_lsp.completion.confidence import Evidence, features
from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.sticky import Choose
from codegen_lsp.completion.suggestion import ContextSource, Suggestion
from codegen_lsp.docstrings.content import Content, Entry, SectionKind
from codegen_lsp.docstrings.words import Code, Wanted, Words
from codegen_lsp.engine.base import FinishReason, Statistics
from codegen_lsp.models.active_adapters import ActiveAdapter
from codegen_lsp.models.progress import Progress
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.docstrings import Docstrings
from codegen_lsp.worker.messages import Load, Pull
from codegen_lsp.worker.process import Loaded, run, take_standard_streams
from codegen_lsp.worker.surroundings import Surroundings

COMMAND = (sys.executable, str(Path(__file__).resolve()))

PULL_TOTAL = 1000
STEP_SECONDS = 0.01

_MESSAGE = "as the script says"
_DIRECTIVE = re.compile(r"scripted: *(.*)")
_SETTING = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|[^\s"]+)')


class ScriptedCompleter:
    """Stands for `completion.pipeline.Completer`."""

    def __init__(self, choose: Choose, adapter: ActiveAdapter | None = None) -> None:
        self._choose = choose
        self._adapter = adapter
        self._forgotten = 0
        self._log: list[tuple[str, int, FinishReason]] = []
        self._prepared: list[tuple[str, int]] = []

    def complete(
        self, snapshot: Snapshot, offset: int, options: CompletionOptions, cancel: threading.Event
    ) -> list[Suggestion]:
        """Follow the directive in force at `offset`."""
        settings = _settings(snapshot, offset)
        texts = [value for key, value in settings if key == "text"] or ["scripted"]
        directive = dict(settings)
        steps = _act(directive, cancel)
        if "report" in directive:
            texts = [self._report(directive["report"], snapshot, offset, options)]
        finish: FinishReason = "cancelled" if cancel.is_set() else "stop"
        if "report" not in directive:
            self._log.append((texts[0], steps, finish))
        reason = Reason(directive["reason"]) if "reason" in directive else None
        if cancel.is_set():
            reason = Reason.CANCELLED
        replaces = int(directive.get("replaces", 0))
        texts = [""] if reason else texts[: options.candidates]
        cost = Statistics(10, 4, steps, 1.0, steps * STEP_SECONDS * 1000, finish)
        suggestions = [_suggestion(text, offset, replaces, reason, cost) for text in texts]
        return list(map(_doubted, suggestions)) if "doubtful" in directive else suggestions

    def prepare(self, snapshot: Snapshot, offset: int, cancel: threading.Event) -> None:
        """Only take note; `report=prepared` tells."""
        del cancel
        self._prepared.append((snapshot.uri, offset))

    def forget_context(self) -> None:
        """Only count; `report=context` tells."""
        self._forgotten += 1

    def _report(
        self, kind: str, snapshot: Snapshot, offset: int, options: CompletionOptions
    ) -> str:
        if kind == "log":
            return json.dumps(self._log)
        if kind == "text":
            return json.dumps(snapshot.text)
        if kind == "prepared":
            return json.dumps(self._prepared)
        if kind == "context":
            context = self._choose(snapshot, offset)
            chosen = None if context is None else asdict(context)
            return json.dumps({"chosen": chosen, "forgotten": self._forgotten})
        asked = {
            "uri": snapshot.uri,
            "version": snapshot.version,
            "language": snapshot.language,
            "characters": len(snapshot.text),
            "offset": offset,
            "options": asdict(options),
            "pid": os.getpid(),
            "adapter": self._adapter and self._adapter.as_json(),
        }
        return json.dumps(asked)


def words(code: Code, wanted: Wanted, cancel: threading.Event) -> Words:
    """Stands for `docstrings.writing.Writer`: follow the directive in the definition.

    Every sentence is what it says for "sentence", else "Do it with <callers> callers.".
    """
    snapshot = Snapshot("", 0, code.language, code.source)
    directive = dict(_settings(snapshot, len(code.source)))
    _act(directive, cancel)
    sentence = directive.get("sentence", f"Do it with {len(code.callers)} callers.")
    sections: dict[SectionKind, tuple[Entry, ...]] = {}
    for kind, name in wanted.entries:
        sections[kind] = (*sections.get(kind, ()), Entry(name, sentence))
    return Words(Content(sentence if wanted.summary else "", sections))


def load(task: Load, surroundings: Surroundings) -> Loaded:
    """Stands for loading a model."""
    _touch(_environment("LOAD_TOUCH"))
    _wait_for(_environment("LOAD_WAIT_FOR"), threading.Event())
    fetched = _environment("FETCHED")
    if fetched and not Path(fetched).exists():
        raise errors.NotFetchedError(f"the model {task.model} is not on this machine")
    _fail(_environment("LOAD"))
    completer = ScriptedCompleter(surroundings.choose, task.adapter)
    why_not = _environment("WHY_NO_ADAPTER") if task.adapter else task.why_no_adapter
    return Loaded(completer, Docstrings(words, surroundings), why_not)


def pull(task: Pull, progress: Progress) -> None:
    """Stands for fetching a model."""
    progress.start(f"{task.model} ({','.join(task.sources)})", PULL_TOTAL)
    progress.advance(PULL_TOTAL // 2)
    progress.say("half of it is here")
    _wait_for(_environment("PULL_WAIT_FOR"), threading.Event())
    _fail(_environment("PULL"))
    progress.advance(PULL_TOTAL - PULL_TOTAL // 2)
    _touch(_environment("FETCHED"))


def _settings(snapshot: Snapshot, offset: int) -> list[tuple[str, str]]:
    end = snapshot.line_end(snapshot.line_of(offset))
    found = list(_DIRECTIVE.finditer(snapshot.text, 0, end))
    settings = _SETTING.findall(found[-1][1]) if found else []
    return [(key, json.loads(value) if value.startswith('"') else value) for key, value in settings]


def _act(directive: dict[str, str], cancel: threading.Event) -> int:
    """Do what the directive says; returns the number of steps waited."""
    if "print" in directive:
        print(directive["print"], flush=True)  # noqa: T201 - to see that it does no harm
    _touch(directive.get("touch", ""))
    steps = 0
    while steps * STEP_SECONDS < float(directive.get("delay_ms", 0)) / 1000:
        if cancel.wait(STEP_SECONDS):
            return steps
        steps += 1
    steps += _wait_for(directive.get("wait_for", ""), cancel)
    if not cancel.is_set():
        _fail(directive.get("raise", ""))
        if "exit" in directive:
            os._exit(int(directive["exit"]))
    return steps


def _wait_for(path: str, cancel: threading.Event) -> int:
    """Wait until the file exists or `cancel` is set; returns the number of steps."""
    steps = 0
    while path and not Path(path).exists() and not cancel.wait(STEP_SECONDS):
        steps += 1
    return steps


def _touch(path: str) -> None:
    if path:
        Path(path).touch()


def _fail(name: str) -> None:
    """Raise the exception called `name`, or exit; nothing where it is empty."""
    if name == "exit":
        os._exit(137)
    if name:
        kind = getattr(errors, name, None) or getattr(builtins, name)
        raise kind(_MESSAGE)


def _environment(name: str) -> str:
    value = os.environ.get(f"SCRIPTED_{name}", "")
    if not value.startswith("@"):
        return value
    path = Path(value[1:])
    return path.read_text("utf-8").strip() if path.exists() else ""


def _suggestion(
    text: str, offset: int, replaces: int, reason: Reason | None, statistics: Statistics
) -> Suggestion:
    sources = (ContextSource("prefix", 6), ContextSource("suffix", 4))
    logprob = -0.5 if text else None
    return Suggestion(text, offset, replaces, reason, logprob, statistics, "scripted", sources, 0.1)


def _doubted(suggestion: Suggestion) -> Suggestion:
    """The same, of the least likely tokens that there are."""
    evidence = Evidence(suggestion.text, prefix="", suffix="", logprobs=[-9.0] * 9)
    return replace(suggestion, features=features(evidence))


if __name__ == "__main__":
    run(*take_standard_streams(), load=load, pull=pull)
