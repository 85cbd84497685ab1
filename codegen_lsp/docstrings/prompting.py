"""The prompt for the sentences of a docstring.

A chat whose first answers are ours. They show the one neutral form that is asked for, whatever
the style ("Summary: ", "Parameter path: ", ...), and how short and plain a sentence is to be; being
the same for every definition, they stay in the KV cache. A model without Qwen's chat tokens reads
the same as plain text.
"""

import textwrap

from codegen_lsp.docstrings.outline import shortened
from codegen_lsp.docstrings.words import Code
from codegen_lsp.models.tokenizer import Tokenizer

MOST_CODE_TOKENS = 1200
"""A longer definition is summarised from its outline."""
_MOST_CALLERS = 4
_LONGEST_CALLER = 160
"""Characters."""

_SYSTEM = "You document code. Each sentence is short and plain and says only what the code shows."
_TASK = "Document this {language} definition, one short sentence for each line.\n\n"

_LOAD_ROWS = """\
```python
def load_rows(path: Path, limit: int | None = None, *, strict: bool = False) -> list[Row]:
    if not path.exists():
        raise FileNotFoundError(f"no such table: {path}")
    rows = []
    for line in path.read_text().splitlines()[:limit]:
        row = Row.parse(line)
        if row is None and strict:
            raise ValueError(f"bad line: {line}")
        if row is not None:
            rows.append(row)
    return rows
```"""
_LOAD_ROWS_SAYS = """\
Summary: Read the rows of a table from a file.
Parameter path: The file to read.
Parameter limit: How many lines to read at most, all of them by default.
Parameter strict: Whether a line that cannot be parsed is an error instead of being skipped.
Returns: The rows that could be parsed.
Raises FileNotFoundError: If the file does not exist.
Raises ValueError: If a line cannot be parsed and `strict` is set."""

_CLOSE = """\
```python
def _close(self, reason: str) -> bool:
    if self._task is None:
        return False
    self._log.info("closing: %s", reason)
    self._task.cancel()
    return True
```"""
_CLOSE_SAYS = """\
Summary: Cancel the running task.
Parameter reason: Why the task is cancelled.
Returns: Whether there was a task to cancel."""

_RETRY = """\
```python
class RetryPolicy:
    attempts: int
    delay: float = 0.5

    def wait(self, attempt: int) -> None:
        time.sleep(self.delay * 2**attempt)
```"""
_RETRY_SAYS = """\
Summary: A rule for how often and how fast a call is repeated.
Attribute attempts: How often a call is made at most.
Attribute delay: Seconds before the first repetition."""


def prompt_ids(tokenizer: Tokenizer, code: Code) -> list[int]:
    """Token ids of all that stands before the first label of the answer."""
    turns = (
        ("system", _SYSTEM),
        ("user", _TASK.format(language="python") + _LOAD_ROWS),
        ("assistant", _LOAD_ROWS_SAYS),
        ("user", _TASK.format(language="python") + _CLOSE),
        ("assistant", _CLOSE_SAYS),
        ("user", _TASK.format(language="python") + _RETRY),
        ("assistant", _RETRY_SAYS),
        ("user", _question(tokenizer, code)),
    )
    start = tokenizer.control_ids.get("<|im_start|>")
    end = tokenizer.control_ids.get("<|im_end|>")
    if start is None or end is None:
        return _plain_ids(tokenizer, turns)
    ids: list[int] = []
    for role, text in turns:
        ids += [start, *tokenizer.encode(f"{role}\n{text}"), end, *tokenizer.encode("\n")]
    return [*ids, start, *tokenizer.encode("assistant\n")]


def _plain_ids(tokenizer: Tokenizer, turns: tuple[tuple[str, str], ...]) -> list[int]:
    first = [] if tokenizer.bos_id is None else [tokenizer.bos_id]
    return [*first, *tokenizer.encode("\n\n".join(text for _, text in turns) + "\n\n")]


def _question(tokenizer: Tokenizer, code: Code) -> str:
    definition = code.documentable
    source = shortened(
        _dedented(code.source),
        MOST_CODE_TOKENS,
        lambda text: len(tokenizer.encode(text)),
    )
    parts = [f"```{code.language}\n{source}\n```"]
    if definition.kind == "constructor":  # of others a small model would speak of the container
        parts.append(f"It creates a `{definition.container}`.")
    if code.callers:
        lines = (line.strip()[:_LONGEST_CALLER] for line in code.callers[:_MOST_CALLERS])
        parts.append("It is used like this:\n" + "\n".join(lines))
    return _TASK.format(language=code.language) + "\n".join(parts)


def _dedented(source: str) -> str:
    """`source`, whose first line has lost its indentation, with the others moved as far left."""
    first, newline, rest = source.partition("\n")
    lines = rest.split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "")
    width = len(last) - len(last.lstrip())
    if last.strip() not in {"}", "end", "};"}:
        moved = textwrap.dedent(rest)
        is_body = first.rstrip().endswith((":", "(", "[", "{", ",")) and moved != rest
        return first + newline + (textwrap.indent(moved, "    ") if is_body else moved)
    return first + newline + "\n".join(line.removeprefix(last[:width]) for line in lines)
