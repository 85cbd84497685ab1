"""What is deleted in a document is remembered, however typing comes between."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from lsprotocol import types

from codegen_lsp.server.document_sync import did_change
from codegen_lsp.server.documents import Document, Documents
from codegen_lsp.server.session import Session
from codegen_lsp.server.unwelcome import Unwelcome
from codegen_lsp.text import Encoding, Snapshot

URI = "file:///a.py"


class Scene:
    """A document, and what of it is remembered."""

    def __init__(self, text: str) -> None:
        self.documents, self.memory = Documents(Encoding.UTF16), Unwelcome()
        self.documents.open(URI, "python", 1, text)

    def change(self, *changes: tuple[int, int, str]) -> None:
        """Each puts a text in place of what is between two characters of the first line."""
        session: Any = SimpleNamespace(
            documents=self.documents,
            folders=SimpleNamespace(touched=lambda uri: None),
            fates=SimpleNamespace(edited=lambda uri, edits: None),
            docstrings=SimpleNamespace(changed=lambda uri: None),
            hints=SimpleNamespace(changed=lambda uri: None),
            suggester=SimpleNamespace(changed=lambda uri: None, edited=self._edited),
        )
        events = [
            types.TextDocumentContentChangePartial(
                types.Range(types.Position(0, start), types.Position(0, end)), text
            )
            for start, end, text in changes
        ]
        document = types.VersionedTextDocumentIdentifier(2, URI)
        did_change(cast("Session", session), types.DidChangeTextDocumentParams(document, events))

    @property
    def deleted(self) -> list[str]:
        return [*self.memory.near(URI, 0, 0.0)[0]]

    def _edited(self, uri: str, before: str, after: str) -> None:
        self.memory.changed(uri, before, after, 0.0)


def test_deleting_after_typing_is_a_text_of_its_own() -> None:
    scene = Scene("x = compute")
    scene.change((10, 11, ""))
    scene.change((9, 10, ""))
    assert scene.deleted == ["te"]
    scene.change((9, 9, "a"))
    scene.change((9, 10, ""))
    assert scene.deleted == ["te", "a"]


def test_what_several_edits_delete_at_once() -> None:
    scene = Scene("x = compute(values)")
    scene.change((18, 18, " "), (11, 20, ""))
    assert scene.deleted == ["(values)"]


def test_typing_joins_no_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene("x = compute")
    joined = list[str]()
    genuine = Document.snapshot

    def snapshot(document: Document) -> Snapshot:
        joined.append(document.uri)
        return genuine(document)

    monkeypatch.setattr(Document, "snapshot", snapshot)
    scene.change((11, 11, "("))
    scene.change((12, 12, "a"), (13, 13, ")"))
    assert joined == []
    scene.change((12, 13, ""))
    assert scene.deleted == ["a"]
