"""A document as its user sees it: what is typed goes to the server as an editor would send it."""

from codegen_lsp.evaluate.json_rpc import Message, Pending
from codegen_lsp.evaluate.lsp_client import LspClient
from codegen_lsp.text import Encoding, Snapshot


class Buffer:
    """An open document with a cursor; `offset` is the cursor's, in code points."""

    def __init__(self, client: LspClient, uri: str, before: str, after: str = "") -> None:
        """Open a Python document with the cursor between `before` and `after`."""
        self.uri = uri
        self.text = before + after
        self.offset = len(before)
        self._client = client
        self._version = 1
        client.open(uri, "python", self.text)

    @property
    def cursor(self) -> Message:
        """LSP position of the cursor, in the units that were negotiated."""
        snapshot = Snapshot(self.uri, self._version, "", self.text)
        place = snapshot.position_at(self.offset, Encoding(self._client.position_encoding))
        return {"line": place.line, "character": place.character}

    def type(self, text: str) -> None:
        """Insert `text` at the cursor, which goes behind it."""
        cursor = self.cursor
        self.text = self.text[: self.offset] + text + self.text[self.offset :]
        self.offset += len(text)
        self._version += 1
        self._client.change(self.uri, self._version, {"start": cursor, "end": cursor}, text)

    def complete(self, invoked: bool = False) -> Pending:
        """Ask for inline completions at the cursor."""
        return self._client.inline_completion(self.uri, **self.cursor, invoked=invoked)

    def close(self) -> None:
        """Close the document."""
        self._client.close(self.uri)
