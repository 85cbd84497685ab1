"""Is an adapter worth switching on? It must be better, and forget little."""

from collections.abc import Sequence
from dataclasses import dataclass

from codegen_lsp.evaluate.bootstrap import Estimate, mean_of, paired_difference
from finetune.evaluation.outcomes import Outcome

LARGEST_LOSS = 0.02
"""Of exact match on general code."""

LEAST_FILES, LEAST_CASES = 8, 30
"""Below either the interval says little: that of a single file has no width at all."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an adapter may be switched on, and why.

    Attributes:
        is_better: with confidence, and at no great cost.
        reason: one line for people.
        gain: of exact match on the project's held-out cases, other files shown in both arms.
        general: what exact match on general code has gained; mostly it is a loss.
    """

    is_better: bool
    reason: str
    gain: Estimate
    general: Estimate


def judge(
    base: Sequence[Outcome],
    tuned: Sequence[Outcome],
    general_base: Sequence[Outcome],
    general_tuned: Sequence[Outcome],
) -> Verdict:
    """Compare outcomes of the same cases in the same order, those of the project and general ones.

    Cases of one file are not independent of each other: the interval is of a bootstrap over files.
    With less than `LEAST_FILES` or `LEAST_CASES` of the project it is not known what is better.
    """
    gain = gain_of(base, tuned)
    general = gain_of(general_base, general_tuned)
    too_few = _too_few(base)
    if too_few:
        reason = too_few
    elif gain.low <= 0:
        reason = f"no gain that chance could not bring: {_points(gain)} of exact match"
    elif general.mean < -LARGEST_LOSS:
        reason = f"it has forgotten too much: {_points(general)} of exact match on general code"
    else:
        reason = f"better by {_points(gain)} of exact match"
    is_better = not too_few and gain.low > 0 and general.mean >= -LARGEST_LOSS
    return Verdict(is_better, reason, gain, general)


def gain_of(before: Sequence[Outcome], after: Sequence[Outcome]) -> Estimate:
    """What exact match has gained from `before` to `after`, a share of 1."""
    return paired_difference(
        [float(each.exact_match) for each in before],
        [float(each.exact_match) for each in after],
        files_of(before),
    )


def exact_match(outcomes: Sequence[Outcome]) -> Estimate:
    """Share of the cases whose first line is right."""
    return mean_of([float(each.exact_match) for each in outcomes], files_of(outcomes))


def files_of(outcomes: Sequence[Outcome]) -> list[str]:
    """The file of each; a case that is of none is one by itself."""
    return [each.path or each.case for each in outcomes]


def _too_few(outcomes: Sequence[Outcome]) -> str:
    """What is missing to tell anything from `outcomes`; empty where they are enough."""
    files, cases = len(set(files_of(outcomes))), len(outcomes)
    if files >= LEAST_FILES and cases >= LEAST_CASES:
        return ""
    return (
        f"too few to tell: {cases} cases of {files} files were held out, and at least "
        f"{LEAST_CASES} of {LEAST_FILES} are needed; raise the setting cases, name an earlier "
        "--since, or teach a folder with more files"
    )


def _points(estimate: Estimate) -> str:
    mean, low, high = (100 * each for each in (estimate.mean, estimate.low, estimate.high))
    return f"{mean:+.1f} points ({low:+.1f} to {high:+.1f})"
