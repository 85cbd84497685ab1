"""A document as its user sees it: what is typed goes to the server as an editor would send it."""

from codegen_lsp.evaluate.json_rpc import Message, Pending
from codegen_lsp.evaluate.lsp_client import LspClient
from codegen_lsp.text import Encoding, Position, Snapshot, units


class Buffer:
    """An open document with a cursor.

    Attributes:
        uri: of the document.
        version: of the document.
        before: the text before the cursor.
        after: the text behind it.
    """

    def __init__(
        self, client: LspClient, uri: str, before: str, after: str = "", language: str = "python"
    ) -> None:
        """Open a document with the cursor between `before` and `after`."""
        self.uri = uri
        self.version = 1
        self.before = before
        self.after = after
        self._client = client
        self._encoding = Encoding(client.position_encoding)
        # Kept rather than computed for each key: that takes milliseconds in a long file.
        self._place = Snapshot(uri, 1, "", before).position_at(len(before), self._encoding)
        client.open(uri, language, self.text)

    @property
    def text(self) -> str:
        """The whole text."""
        return self.before + self.after

    @property
    def cursor(self) -> Message:
        """LSP position of the cursor, in the units that were negotiated."""
        return {"line": self._place.line, "character": self._place.character}

    def type(self, text: str) -> None:
        """Insert `text`, with plain newlines, at the cursor, which goes behind it."""
        cursor = self.cursor
        self.before += text
        self.version += 1
        last = text.rpartition("\n")[2]
        line = self._place.line + text.count("\n")
        column = self._place.character if line == self._place.line else 0
        self._place = Position(line, column + units(last, self._encoding))
        self._client.change(self.uri, self.version, {"start": cursor, "end": cursor}, text)

    def complete(self, invoked: bool = False) -> Pending:
        """Ask for inline completions at the cursor."""
        return self._client.inline_completion(self.uri, **self.cursor, invoked=invoked)

    def close(self) -> None:
        """Close the document."""
        self._client.close(self.uri)
