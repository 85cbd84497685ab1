"""Five minutes of furious typing, mixed with everything else that a client could send.

As fast as the server takes it: 3,000 keystrokes, about 10,000 messages, of which some are damaged
on the way, and a model that fails now and then. The messages of one seed are always the same.
"""

import copy
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.evaluate.json_rpc import Id, Message, frame
from codegen_lsp.evaluate.lsp_client import offset_of
from tests.e2e.editor import CARET
from tests.e2e.hostile import Hostile, all_gone, call, until

_KEYSTROKES = 3000
_BETWEEN_PAUSES = 25  # keystrokes until the client lets the server catch up
_PATIENCE = 0.1  # seconds that the client then waits for a suggestion
_DOCUMENTS = 50
_MOST_CHARACTERS = 3000

_LANGUAGES = ["python", "javascript", "typescript", "plaintext", "zig", "", "🙂"]
_PIECES = [
    *"abcxyz0189 ()[]{}'\"=:.,#\\\t",
    *("\n", "\r\n", "\r", "\f", "\v", "\0", "\x1c", "\x85", "\u2028", "\u2029", "\ufeff"),
    *("é", "e\u0301", "漢字", "🙂", "👩\u200d👩\u200d👧", "\ud83d", "\udc00", "<|fim_middle|>"),
    *("return ", "def f(x):\n    ", "if (a) {\n", "// ", "for x in "),
]
_DIRECTIVES = [
    *('text="return 1"', 'text="a" text="b\\n    c"', 'text=")" replaces=1', "reason=empty"),
    *("delay_ms=20", "delay_ms=5000", "print=noise", "delay_ms=5 text=x"),
]
_FAULTS = ["raise=ValueError", "raise=MemoryError", "exit=137"]
_ODD: list[Any] = [
    None,
    True,
    -1,
    2**40,
    -(2**80),
    1e300,
    0.5,
    "",
    "odd",
    "\ud800",
    [],
    {},
    [[]],
    {"a": 1},
]
_SETTINGS: dict[str, list[Any]] = {
    "automatic": [True, True, False, 5],
    "multiline": ["auto", "never", "always", "odd", None],
    "max_new_tokens": [1, 64, -1, "many"],
    "candidates": [1, 3, 10**9, []],
    "debounce_ms": [0, 75, -5, 1e9],
    "completion_fallback": [True, False, "yes"],
    "max_document_kb": [1, 1024, {}],
    "disabled_languages": [[], ["python"], ["🙂", 5], "python"],
    "no_such": [1],
}
_COMMANDS = ["codegen.accept", "codegen.reject", "codegen.explain", "no.such"]
_METHODS = ["textDocument/hover", "no/such", "$/setTrace", "workspace/executeCommand", "exit?"]
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")


class Typist:
    """Sends random messages; keeps what the server must hold and what it owes.

    Damaged messages are about documents of their own, whose text nobody can tell.

    Attributes:
        texts: of the open documents, by URI.
    """

    def __init__(self, editor: Hostile, seed: int) -> None:
        self.texts: dict[str, str] = {}
        self._editor = editor
        self._rng = random.Random(seed)
        self._version = 0
        self._asked: list[Id] = ["none yet"]
        self._cursor: tuple[str, Message] = ("", {"line": 0, "character": 0})
        self._extras: list[tuple[Callable[[], None], int]] = [
            (self._open, 6),
            (self._close, 3),
            (self._notebook, 4),
            (self._configure, 1),
            (self._event, 6),
            (self._command, 6),
            (self._cancel, 8),
            (self._response, 2),
            (self._damaged, 12),
            (self._garbage, 4),
        ]

    def keystroke(self) -> None:
        """Type something, ask for what comes next and, often enough, do something else."""
        while len(self.texts) < 3 or self._rng.random() < 0.02:
            self._open()
        if self._rng.random() < 0.05 or self._cursor[0] not in self.texts:
            self._cursor = (self._rng.choice(list(self.texts)), self._position())
        self._type(*self._cursor)
        self._ask(*self._cursor)
        extras, weights = zip(*self._extras, strict=True)
        self._rng.choices(extras, weights)[0]()

    def pause(self) -> None:
        """Look at what is suggested somewhere, be it slow; go on when the model is there."""
        uri = self._rng.choice(list(self.texts))
        position = self._position()
        pending = self._editor.inline_completion(uri, **position, invoked=True)
        pending.finished(_PATIENCE)
        until(lambda: is_ready(self._editor))

    def calm_down(self) -> None:
        """End what is under way and close what was damaged, so that texts can be asked for."""
        for uri in self.texts:
            self._notify_change(uri, [])
        for uri in map(_damaged_uri, range(5)):
            self._say(call(None, "textDocument/didClose", {"textDocument": {"uri": uri}}))
        # Another precision starts the model anew, however often it has failed.
        settings = {"codegen-lsp": {"precision": "fp32"}}
        self._say(call(None, "workspace/didChangeConfiguration", {"settings": settings}))

    # What an editor sends

    def _open(self) -> None:
        uri = f"file:///fuzz/{self._rng.randrange(_DOCUMENTS)}"
        text = self._document()
        params = {"textDocument": self._item(uri, text)}
        self._say(call(None, "textDocument/didOpen", params))
        self.texts[uri] = _well_formed(text)

    def _close(self) -> None:
        uri = self._rng.choice([*self.texts, "file:///never-opened"])
        self._say(call(None, "textDocument/didClose", {"textDocument": {"uri": uri}}))
        self.texts.pop(uri, None)

    def _type(self, uri: str, cursor: Message) -> None:
        changes: list[Message] = [{"range": {"start": cursor, "end": cursor}, "text": self._key()}]
        if self._rng.random() < 0.1:
            changes += [self._change() for _ in range(self._rng.randrange(3))]
        if len(self.texts[uri]) > _MOST_CHARACTERS:
            changes = [{"text": self._document()}]
        self._notify_change(uri, changes)

    def _notify_change(self, uri: str, changes: list[Message]) -> None:
        document = {"uri": uri, "version": self._next_version()}
        params = {"textDocument": document, "contentChanges": changes}
        self._say(call(None, "textDocument/didChange", params))
        self._apply(uri, changes)

    def _notebook(self) -> None:
        cells = [f"cell:{self._rng.randrange(5)}#{i}" for i in range(3)]
        notebook = {"uri": "cell:", "version": 1, "notebookType": "any", "cells": []}
        opened = [(uri, self._document()) for uri in cells[:2]]
        items = [self._item(uri, text) for uri, text in opened]
        closed = [{"uri": cells[2]}]
        changed = cells[1]
        edits = [self._change()]
        content = {"document": {"uri": changed, "version": 5}, "changes": edits}
        structure = {"array": {"start": 0, "deleteCount": 0}, "didOpen": items, "didClose": closed}
        change = {"cells": {"structure": structure, "textContent": [content]}}
        if self._rng.random() < 0.5:
            params = {"notebookDocument": notebook, "cellTextDocuments": items}
            self._say(call(None, "notebookDocument/didOpen", params))
            self.texts |= {uri: _well_formed(text) for uri, text in opened}
        else:
            params = {"notebookDocument": {"uri": "cell:", "version": 2}, "change": change}
            self._say(call(None, "notebookDocument/didChange", params))
            self.texts.pop(cells[2], None)
            self.texts |= {uri: _well_formed(text) for uri, text in opened}
            self._apply(changed, edits)

    def _ask(self, uri: str, position: Message) -> None:
        self._say(self._request(uri, position))
        if self._rng.random() < 0.3:
            self._cancel()

    def _request(self, uri: str, position: Message) -> Message:
        document: Message = {"uri": uri}
        if self._rng.random() < 0.1:
            document["version"] = self._version - self._rng.randrange(2)
        params: Message = {"textDocument": document, "position": position}
        method = self._rng.choices(
            ["textDocument/inlineCompletion", "textDocument/completion", "codegen/explain"],
            [8, 1, 1],
        )[0]
        if method == "textDocument/inlineCompletion":
            params["context"] = self._context(position)
        return call(self._new_id(), method, params)

    def _context(self, position: Message) -> Message:
        context: Message = {"triggerKind": self._rng.choice([1, 2, 2, 2])}
        if self._rng.random() < 0.1:
            span = {"start": self._position(), "end": position}
            context["selectedCompletionInfo"] = {"range": span, "text": self._key()}
        return context

    def _configure(self) -> None:
        names = self._rng.sample(sorted(_SETTINGS), 3)
        settings = {name: self._rng.choice(_SETTINGS[name]) for name in names}
        params = {"settings": {"codegen-lsp": settings}}
        self._say(call(None, "workspace/didChangeConfiguration", params))

    def _event(self) -> None:
        id_ = f"suggestion-{self._rng.randrange(1000)}"
        item = {"insertText": "a", "command": {"command": "codegen.accept", "arguments": [id_]}}
        name, params = self._rng.choice(
            [
                ("didShowCompletion", {"item": item}),
                ("didPartiallyAcceptCompletion", {"item": item, "acceptedLength": 3}),
                ("didFocus", {"textDocument": {"uri": self._cursor[0]}}),
                ("didFocus", {}),
            ]
        )
        self._say(call(None, f"textDocument/{name}", params))

    def _command(self) -> None:
        arguments = [self._rng.choice([*_ODD, self._cursor[0], "suggestion-1"]) for _ in range(2)]
        params = {"command": self._rng.choice(_COMMANDS), "arguments": arguments}
        self._say(call(self._new_id(), "workspace/executeCommand", params))

    def _cancel(self) -> None:
        id_ = self._rng.choice([*self._asked[-4:], "unknown", -7])
        self._say(call(None, "$/cancelRequest", {"id": id_}))

    # What no editor should send

    def _response(self) -> None:
        id_ = self._rng.choice([self._asked[-1], "never-asked", 12345])
        outcome: Message = self._rng.choice(
            [{"result": None}, {"error": {"code": 1, "message": "no"}}]
        )
        self._say({"jsonrpc": "2.0", "id": id_} | outcome)

    def _damaged(self) -> None:
        uri = _damaged_uri(self._rng.randrange(5))
        document = {"uri": uri, "version": 3}
        message = self._rng.choice(
            [
                call(None, "textDocument/didOpen", {"textDocument": self._item(uri, "a\nb")}),
                call(
                    None,
                    "textDocument/didChange",
                    {"textDocument": document, "contentChanges": [self._change(), {"text": "a"}]},
                ),
                self._request(uri, self._position()),
                call(self._new_id(), self._rng.choice(_METHODS), {"value": "off"}),
                call(None, "$/cancelRequest", {"id": "unknown"}),
            ]
        )
        for _ in range(self._rng.randrange(3)):
            message = self._with_damage(message)
        self._say(message)

    def _with_damage(self, message: Message) -> Message:
        """A copy in which one thing, anywhere in it, is lost or another."""
        damaged = copy.deepcopy(message)
        inner: Any = damaged
        while True:
            key = self._rng.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
            if (
                not inner[key]
                or not isinstance(inner[key], dict | list)
                or self._rng.random() < 0.2
            ):
                break
            inner = inner[key]
        if self._rng.random() < 0.4:
            del inner[key]
        else:
            inner[key] = self._rng.choice(_ODD)
        return damaged or message

    def _garbage(self) -> None:
        data, ids = self._rng.choice(
            [
                (b"garbage\r\n\r\n", []),
                (b"X-Header: 1\r\n\r\n{}", []),
                (b"Content-Length: ten\r\n\r\n{}", []),
                (b"Content-Length: 0\r\n\r\n", [None]),
                (b"Content-Length: 5\r\n\r\n\xff\xfe{}[", [None]),
                (b"content-length:2\n\n[]", [None]),
                (b'Content-Length: 5\r\n\r\n{"jsonrpc": "2.0"}', [None]),
            ]
        )
        self._editor.asked.update(ids)
        self._editor.send_raw(data)

    # What messages are made of

    def _say(self, message: Message) -> None:
        self._editor.asked.update(_owed(message))
        self._editor.send_raw(frame(message))

    def _new_id(self) -> Id:
        number = len(self._asked)
        new: Id = f"fuzz-{number}" if self._rng.random() < 0.5 else 100_000 + number
        self._asked.append(new if self._rng.random() < 0.99 else self._asked[-1])
        return self._asked[-1]

    def _next_version(self) -> int:
        self._version += 1 if self._rng.random() < 0.98 else -3
        return self._version

    def _item(self, uri: str, text: str) -> Message:
        language = self._rng.choice(_LANGUAGES)
        return {"uri": uri, "languageId": language, "version": self._next_version(), "text": text}

    def _document(self) -> str:
        lines = [self._key() for _ in range(self._rng.randrange(60))]
        if self._rng.random() < 0.6:
            directives = _FAULTS if self._rng.random() < 0.1 else _DIRECTIVES
            lines.insert(0, f"# scripted: {self._rng.choice(directives)}\n")
        return "".join(lines)

    def _key(self) -> str:
        return "".join(self._rng.choices(_PIECES, k=self._rng.choice([1, 1, 1, 2, 5])))

    def _change(self) -> Message:
        span = {"start": self._position(), "end": self._position()}
        return {"range": span, "text": self._key()} if self._rng.random() < 0.9 else {"text": "a\n"}

    def _position(self) -> Message:
        line = self._rng.choice([0, 0, 1, 2, 3, 5, 8, 2**31 - 1])
        return {"line": line, "character": self._rng.choice([0, 1, 2, 3, 5, 9, 30, 2**31 - 1])}

    def _apply(self, uri: str, changes: list[Message]) -> None:
        for change in changes:
            text, new = self.texts[uri], _well_formed(change["text"])
            if "range" in change:
                ends = change["range"]["start"], change["range"]["end"]
                encoding = self._editor.position_encoding
                start, end = sorted(offset_of(text, each, encoding) for each in ends)
                new = text[:start] + new + text[end:]
            self.texts[uri] = new


def _damaged_uri(number: int) -> str:
    return f"file:///damaged/{number}"


def _owed(message: Message) -> list[Id]:
    """Whom the server owes an answer for `message`: its id, None if it has none, or nobody."""
    id_ = message.get("id")
    is_named = isinstance(id_, int | str) and not isinstance(id_, bool)
    is_call = isinstance(message.get("method"), str) and message.get("jsonrpc") == "2.0"
    is_answer = "method" not in message and bool({"result", "error"} & message.keys())
    is_valid = is_call or (is_answer and message.get("jsonrpc") == "2.0")
    if is_valid and (is_answer or "id" not in message):
        return []
    return [id_ if is_named else None]


def _well_formed(text: str) -> str:
    """`text` as it is after JSON: pairs of surrogates joined, single ones replaced."""
    joined = _PAIR.sub(lambda pair: json.loads(json.dumps(pair[0])), text)
    return _LONE.sub("\ufffd", joined)


def is_ready(editor: Hostile) -> bool:
    """Whether the model is; also waits until the server has handled what was sent so far."""
    return bool(editor.request("codegen/explain", {})["model"]["state"] == "ready")


@pytest.mark.parametrize(("seed", "encoding"), [(1, "utf-8"), (2, "utf-16"), (3, "utf-32")])
def test_nothing_is_left_unanswered_and_no_text_is_wrong(
    tmp_path: Path, seed: int, encoding: str
) -> None:
    with Hostile(tmp_path) as editor:
        editor.initialize(encodings=[encoding])
        editor.wait_ready()
        typist = Typist(editor, seed)
        for number in range(_KEYSTROKES):
            typist.keystroke()
            if number % _BETWEEN_PAUSES == 0:
                typist.pause()
        typist.calm_down()
        until(lambda: is_ready(editor))
        for uri, text in typist.texts.items():
            assert editor.text_of(uri, 2**31 - 1) == text, uri
        until(lambda: not editor.unanswered())
        assert editor.texts(editor.put(f"x = {CARET}")) == ["scripted"]
        family = editor.family()
        editor.leave()
        all_gone(family)
