"""The sentences of a docstring: the model's where they stand up to the checks, else plain ones.

Every gap is one request, whose prompt is that of the gap before with what was kept of its sentence,
so the KV cache has all but the last few tokens: the definition is read once.
"""

import threading
from itertools import chain

from codegen_lsp.docstrings.claims import Claim
from codegen_lsp.docstrings.content import Content, Entry, SectionKind
from codegen_lsp.docstrings.fallback import certain, plain
from codegen_lsp.docstrings.gaps import Gap, gaps_of
from codegen_lsp.docstrings.phrases import shorter, tidy
from codegen_lsp.docstrings.prompting import prompt_ids
from codegen_lsp.docstrings.sentences import Said, begin, say, unwanted_beginnings
from codegen_lsp.docstrings.truth import Fault, fault
from codegen_lsp.docstrings.words import Code, Wanted, Words
from codegen_lsp.prompt.model import Model

_ROOM = 64
"""Tokens of the context window that a label and its sentence may take."""


class Writer:
    """Writes sentences with a model; one at a time."""

    def __init__(self, model: Model) -> None:
        """Write with `model`, preferably one that was trained to follow instructions."""
        self._model = model

    def words(self, code: Code, wanted: Wanted, cancel: threading.Event) -> Words:
        """Write what is wanted about `code`.

        Once `cancel` is set, what is left is plain at once; who has set it drops the result.
        """
        answer = _Answer(self._model, code, wanted, cancel)
        sentences = [(gap, answer.fill(gap)) for gap in gaps_of(code.documentable, wanted)]
        return Words(_content(sentences), tuple(answer.replaced))


class _Answer:
    """The model's answer about one definition as it grows.

    Attributes:
        replaced: titles of the gaps where a plain sentence stands for the model's.
    """

    def __init__(self, model: Model, code: Code, wanted: Wanted, cancel: threading.Event) -> None:
        self.replaced: list[str] = []
        self._model = model
        self._code = code
        self._width = wanted.summary_width
        self._cancel = cancel
        self._ids = prompt_ids(model.tokenizer, code)
        self._sentences: list[str] = []

    def fill(self, gap: Gap) -> str:
        """Write the sentence for `gap`, and go on behind it if it is the model's.

        It is not shown ours, whose form it would copy.
        """
        sentence = certain(gap)
        if sentence:
            return sentence
        sentence = self._written(gap)
        if not sentence:
            self.replaced.append(gap.title)
            return plain(gap, self._code.documentable)
        encode = self._model.tokenizer.encode
        said = sentence.removeprefix(gap.lead).strip()
        self._ids += [*encode(begin(gap)), *encode(f" {said}\n")]
        if gap.kind is not None:
            self._sentences.append(sentence)
        return sentence

    def _written(self, gap: Gap) -> str:
        """The model's sentence, at the second try with another first word; "" if none will do.

        There is no second try where the model was not sure: it would be less so.
        """
        ids = self._ids + self._model.tokenizer.encode(begin(gap))
        unwanted = unwanted_beginnings(gap)
        for _ in range(2):
            if self._cancel.is_set() or len(ids) + _ROOM > self._model.engine.context_window:
                return ""
            said = say(self._model, ids, gap, unwanted, self._cancel)
            whole = tidy(said, gap)
            for sentence in chain([whole], shorter(whole)):
                if self._fault(sentence, said, gap) is None:
                    return sentence
            if self._fault(whole, said, gap) is Fault.UNSURE:
                return ""
            unwanted = (*unwanted, said.first)
        return ""

    def _fault(self, sentence: str, said: Said, gap: Gap) -> Fault | None:
        if gap.kind is None and len(sentence) > self._width:
            return Fault.TOO_LONG
        return fault(Claim(sentence, gap, self._code, self._sentences, said.mean_logprob))


def _content(sentences: list[tuple[Gap, str]]) -> Content:
    summary = next((sentence for gap, sentence in sentences if gap.kind is None), "")
    sections: dict[SectionKind, tuple[Entry, ...]] = {}
    for gap, sentence in sentences:
        if gap.kind is not None:
            entry = Entry(gap.name, sentence)
            sections[gap.kind] = (*sections.get(gap.kind, ()), entry)
    return Content(summary, sections)
