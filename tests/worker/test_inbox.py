"""Order of the worker's jobs."""

import threading

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.docstring_messages import Document, FindDefinitions, FindStale
from codegen_lsp.worker.inbox import Inbox
from codegen_lsp.worker.messages import Complete, Job, Load, Prepare, Pull, Task

COMPLETE = Complete(Snapshot("", 0, "", ""), 0, CompletionOptions())
PREPARE = Prepare(Snapshot("", 0, "", ""), 0)
DOCUMENT = Document(Snapshot("", 0, "", ""), 0)
FIND = FindDefinitions(Snapshot("", 0, "", ""), 0)
HINTS = FindStale(Snapshot("", 0, "", ""))


def inbox_of(*jobs: Job) -> Inbox:
    inbox = Inbox()
    for job in jobs:
        inbox.put(job)
    return inbox


def test_completions_come_newest_first_behind_what_concerns_the_model() -> None:
    inbox = inbox_of(
        Job(1, COMPLETE),
        Job(2, Load("a", "auto", "auto")),
        Job(3, COMPLETE),
        Job(4, Pull("a", ())),
        Job(5, PREPARE),
    )
    assert [inbox.take()[0].id for _ in range(5)] == [2, 4, 3, 1, 5]


def test_docstrings_come_like_completions_and_hints_when_nobody_waits() -> None:
    jobs: list[Task] = [HINTS, FIND, COMPLETE, DOCUMENT, COMPLETE, Load("a", "auto", "auto")]
    inbox = inbox_of(*[Job(number, task) for number, task in enumerate(jobs)])
    assert [inbox.take()[0].id for _ in jobs] == [5, 4, 3, 2, 1, 0]


def test_cancelling_reaches_what_waits_and_what_runs_and_nothing_else() -> None:
    inbox = inbox_of(Job(1, COMPLETE), Job(2, COMPLETE), Job(3, COMPLETE))
    _, running = inbox.take()
    inbox.cancel(2)
    inbox.cancel(99)
    assert not running.is_set()
    inbox.cancel(3)
    assert running.is_set()
    job, event = inbox.take()
    assert (job.id, event.is_set()) == (1, False)


def test_taking_waits_for_the_next_job() -> None:
    inbox = Inbox()
    threading.Timer(0.02, inbox.put, [Job(7, COMPLETE)]).start()
    assert inbox.take()[0].id == 7
