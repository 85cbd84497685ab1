"""All that a fine-tuning has shown, as figures: what the page and `report.json` are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from codegen_lsp.evaluate.bootstrap import Estimate, mean_of
from codegen_lsp.evaluate.cases import Case
from finetune.evaluation.copying import Corpus
from finetune.evaluation.outcomes import Outcome
from finetune.evaluation.verdict import Verdict, exact_match, files_of, gain_of

BASE, BASE_RETRIEVAL = "base", "base + retrieval"
TUNED, TUNED_RETRIEVAL = "tuned", "tuned + retrieval"
ARMS = (BASE, BASE_RETRIEVAL, TUNED, TUNED_RETRIEVAL)
_MOST_EXAMPLES = 20
_SHOWN_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures of one arm, each with its 95 % interval by a bootstrap over files.

    Attributes:
        exact_match: of first lines, a share of 1.
        edit_similarity: 0 to 100.
        nll: nats for each token of the true middles; None where no case has such tokens.
        overrun_rate: share of the middles that the model does not end.
        copy_rate: share of the longer suggestions that stand word for word in the training files.
    """

    exact_match: Estimate
    edit_similarity: Estimate
    nll: Estimate | None
    overrun_rate: Estimate
    copy_rate: float


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A case that one of the two has won: what stood there, and what each has suggested."""

    case: str
    prefix: str
    middle: str
    base: str
    tuned: str


@dataclass(frozen=True, slots=True)
class Report:
    """What `report.json` holds.

    Attributes:
        facts: what was trained, on what, and what that took; see `manifest`.
        curve: of the training: step, loss (None where it was not finite), and held-out exact match
            where it was measured.
        cases: how many held-out cases each arm has completed.
        arms: figures by arm; see `ARMS`.
        gains: exact match of one arm over another, by what is compared.
        scales: exact match with other files shown, by the adapter's scale.
        general: exact match on general code, by "base" and "tuned".
        verdict: whether the adapter may be switched on.
        won: cases that only the tuned model has right, with other files shown.
        lost: cases that only the base model has right.
    """

    facts: Mapping[str, Any]
    curve: Sequence[tuple[int, float | None, float | None]]
    cases: int
    arms: Mapping[str, Figures]
    gains: Mapping[str, Estimate]
    scales: Mapping[float, Estimate]
    general: Mapping[str, Estimate]
    verdict: Verdict
    won: Sequence[SideBySide]
    lost: Sequence[SideBySide]

    def as_json(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return asdict(self) | {
            "scales": {str(key): asdict(each) for key, each in self.scales.items()}
        }


def figures(outcomes: Sequence[Outcome], corpus: Corpus) -> Figures:
    """Sum up at least one outcome; `corpus` is what the model was trained on."""
    files = files_of(outcomes)
    scored = [
        (each.nll, file) for each, file in zip(outcomes, files, strict=True) if each.nll is not None
    ]
    return Figures(
        exact_match=exact_match(outcomes),
        edit_similarity=mean_of([each.edit_similarity for each in outcomes], files),
        nll=mean_of([nll for nll, _ in scored], [file for _, file in scored]) if scored else None,
        overrun_rate=mean_of([float(each.overruns) for each in outcomes], files),
        copy_rate=corpus.copy_rate([each.prediction for each in outcomes]),
    )


def gains(outcomes: Mapping[str, Sequence[Outcome]]) -> dict[str, Estimate]:
    """What retrieval, tuning and both bring, from the outcomes of each of `ARMS`."""
    compared = (
        (BASE, BASE_RETRIEVAL),
        (BASE, TUNED),
        (BASE_RETRIEVAL, TUNED_RETRIEVAL),
        (BASE, TUNED_RETRIEVAL),
    )
    return {
        f"{after} over {before}": gain_of(outcomes[before], outcomes[after])
        for before, after in compared
    }


def side_by_side(
    cases: Sequence[Case],
    winners: Sequence[Outcome],
    losers: Sequence[Outcome],
    *,
    tuned_wins: bool,
) -> list[SideBySide]:
    """The first cases that only `winners` has right; the three are in the same order."""
    found: list[SideBySide] = []
    for case, winner, loser in zip(cases, winners, losers, strict=True):
        if winner.exact_match and not loser.exact_match:
            base, tuned = (loser, winner) if tuned_wins else (winner, loser)
            found.append(
                SideBySide(
                    case=case.id,
                    prefix=case.prefix[-_SHOWN_CHARACTERS:],
                    middle=case.middle,
                    base=base.prediction,
                    tuned=tuned.prediction,
                )
            )
    return found[:_MOST_EXAMPLES]
