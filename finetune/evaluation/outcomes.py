"""Completing held-out cases with one model, with or without the project's other files.

Each case is asked as an editor would ask, filters and stop rules included; that gives the exact
match of the first line and the edit similarity (`codegen_lsp.evaluate.quality`). Two more measures
are of the model alone: how likely it finds what stood there, and whether it knows where that ends.
"""

import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.pipeline import DEFAULT_BUDGET, Completer
from codegen_lsp.engine.base import Request
from codegen_lsp.engine.torch_engine import TorchEngine
from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.case_context import Repository
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.quality import predict, snapshot_of
from codegen_lsp.models.tokenizer import StreamDecoder
from codegen_lsp.prompt.build import Prompt
from codegen_lsp.prompt.model import Model
from codegen_lsp.prompt.opening import OpeningConstraint
from finetune.examples import LONGEST_MIDDLE, labels_of

_ROOM_TOKENS = 16
"""Beyond the true middle; a model that knows where it ends needs none of them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case, completed.

    Attributes:
        case: its id.
        path: of its file.
        exact_match: of the first line.
        edit_similarity: 0 to 100.
        nll: mean negative log-likelihood, in nats, of the true middle's tokens and the end token;
            None where the prompt ends inside a character, so that these are no tokens.
        overruns: left to itself the model writes no end token, or goes on past the true end.
        prediction: what was suggested; "" for a silence.
    """

    case: str
    path: str
    exact_match: bool
    edit_similarity: float
    nll: float | None
    overruns: bool
    prediction: str


class Judge:
    """Completes cases with one model and compares with what stood there."""

    def __init__(self, model: Model, project: Repository | None, folder: Path | None) -> None:
        """Judge `model`.

        Args:
            model: to be judged.
            project: shows it other files; None: nothing does.
            folder: that the cases' paths lie in; None: they are in no folder.

        Raises:
            UsageError: the model cannot infill, or does not run here.
        """
        if model.fim_format is None:
            raise UsageError(f"{model.name} has no fill-in-the-middle format: choose one that has")
        if not isinstance(model.engine, TorchEngine):
            raise UsageError(f"{model.name} does not run on this machine, which judging it needs")
        self._engine, self._format, self._folder = model.engine, model.fim_format, folder
        self._tokenizer = model.tokenizer
        self._completer = Completer(model, DEFAULT_BUDGET)
        if project is not None:
            self._completer = Completer(
                model, DEFAULT_BUDGET, project.choose, inspect=project.inspect
            )

    def outcomes(self, cases: Iterable[Case], advance: Callable[[], object]) -> Iterator[Outcome]:
        """Complete `cases`; `advance` hears of each."""
        for case in cases:
            (said,) = predict(self._completer, [case], CompletionOptions(), self._folder)
            snapshot = snapshot_of(case, self._folder)
            prompt = self._completer.prompt_at(snapshot, len(case.prefix))
            labels = labels_of(self._tokenizer, self._format, prompt, case.middle)
            advance()
            yield Outcome(
                case=case.id,
                path=case.path,
                exact_match=said.exact_match,
                edit_similarity=said.edit_similarity,
                nll=self._nll(prompt, labels),
                overruns=self._overruns(prompt, case.middle, labels),
                prediction=said.prediction,
            )

    def _nll(self, prompt: Prompt, labels: list[int] | None) -> float | None:
        return None if labels is None else -statistics.fmean(self._engine.score(prompt.ids, labels))

    def _overruns(self, prompt: Prompt, middle: str, labels: list[int] | None) -> bool:
        """Whether greedy decoding that only a stop token ends does not end with the middle."""
        longest = LONGEST_MIDDLE if labels is None else len(labels)
        generation = self._engine.generate(
            Request(
                prompt_ids=prompt.ids,
                stop_ids=prompt.stop_ids,
                max_new_tokens=longest + _ROOM_TOKENS,
                constraint=OpeningConstraint(self._tokenizer, prompt.forced),
            )
        )
        decoder = StreamDecoder(self._tokenizer, len(prompt.forced))
        text = "".join([decoder.feed(token.id) for token in generation]) + decoder.finish()
        if generation.statistics.finish_reason != "stop":
            return True
        wanted = middle.rstrip()
        return text.startswith(wanted) and text[len(wanted) :].strip() != ""
