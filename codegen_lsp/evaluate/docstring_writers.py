"""Two ways to a docstring: ours, and the same model asked for all of it in its own words."""

import inspect
import re
import textwrap
import threading
from collections.abc import Callable
from dataclasses import dataclass

from codegen_lsp.docstrings.content import StyleName
from codegen_lsp.docstrings.documenting import Documenter
from codegen_lsp.docstrings.writing import Writer
from codegen_lsp.engine.base import Request
from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.docstring_cases import Case
from codegen_lsp.prompt.model import Model


@dataclass(frozen=True, slots=True)
class Draft:
    """What came of one case.

    Attributes:
        start: offset in the case's text from which on `text` is to stand.
        end: offset up to which.
        text: "" if nothing was written.
        reason: why nothing was; "" if something was.
        replaced: entries whose sentence is not the model's.
    """

    start: int = 0
    end: int = 0
    text: str = ""
    reason: str = ""
    replaced: tuple[str, ...] = ()


Draw = Callable[[Case], Draft]

_MAX_NEW_TOKENS = 400
_NAMES = {"google": "Google", "numpy": "NumPy", "sphinx": "Sphinx", "plain": "one-line"}
_TASK = """\
Write a {style} style docstring for this Python function. Answer with the docstring only.

```python
{source}
```"""
_QUOTED = re.compile(r'[rRuU]?("""|\'\'\')(.*?)\1', re.DOTALL)
_FENCED = re.compile(r"```\w*\n(.*?)(?:```|\Z)", re.DOTALL)
_FUNCTION = re.compile(r"^(?:async )?def \w+\(", re.MULTILINE)


def guided(model: Model, style: StyleName, width: int) -> Draw:
    """Our way: sentences of the model in a docstring that is ours."""
    documenter = Documenter(Writer(model).words, style, width)

    def draw(case: Case) -> Draft:
        outcome = documenter.document(case.snapshot, case.documentable, threading.Event())
        edit = outcome.edit
        if edit is None:
            return Draft(reason=str(outcome.reason))
        return Draft(edit.start, edit.end, edit.text, replaced=outcome.replaced)

    return draw


def free(model: Model, style: StyleName) -> Draw:
    """The model's way: it is shown the function, and its answer stands as it is.

    Raises:
        UsageError: it is not a model for chats of the form that we know.
    """
    controls = model.tokenizer.control_ids
    if not controls.keys() >= {"<|im_start|>", "<|im_end|>"}:
        raise UsageError(f"{model.name} cannot be asked freely: it has no <|im_start|>")
    start, end = controls["<|im_start|>"], controls["<|im_end|>"]
    stops = frozenset({end, controls.get("<|endoftext|>", end)})

    def draw(case: Case) -> Draft:
        encode = model.tokenizer.encode
        ids = [start, *encode(f"user\n{_question(case, style)}"), end, *encode("\n")]
        ids += [start, *encode("assistant\n")]
        if len(ids) + _MAX_NEW_TOKENS > model.engine.context_window:
            return Draft(reason="too long")
        tokens = model.engine.generate(Request(ids, stops, _MAX_NEW_TOKENS))
        words = docstring_in(model.tokenizer.decode(token.id for token in tokens))
        if not words:
            return Draft(reason="no docstring in the answer")
        at = case.documentable.insert_at
        return Draft(at, at, "\n" + _placed(words, case.documentable.indent))

    return draw


def docstring_in(answer: str) -> str:
    """What the docstring in the model's `answer` says, without quotes and indentation.

    "" where there is none: some answers only repeat the function.
    """
    quoted = _QUOTED.search(answer)
    if quoted is not None:
        return inspect.cleandoc(quoted[2])
    fenced = _FENCED.search(answer)
    words = inspect.cleandoc(fenced[1] if fenced else answer).strip()
    return "" if _FUNCTION.search(words) else words


def _question(case: Case, style: StyleName) -> str:
    text, found = case.snapshot.text, case.documentable
    column = found.start - (text.rfind("\n", 0, found.start) + 1)
    source = textwrap.dedent(text[found.start - column : found.end])
    return _TASK.format(style=_NAMES[style], source=source)


def _placed(words: str, indent: str) -> str:
    closing = '\n"""' if "\n" in words else '"""'
    return textwrap.indent(f'"""{words}{closing}', indent)
