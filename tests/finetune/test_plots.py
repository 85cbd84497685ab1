"""Pictures are drawn whatever the figures are."""

from codegen_lsp.evaluate.bootstrap import Estimate
from finetune.evaluation.plots import _spread


def test_an_interval_that_rounding_has_taken_past_its_mean_is_nothing() -> None:
    mean = 2 / 3
    assert _spread([Estimate(mean, mean + 1e-16, mean - 1e-16)]) == [[0.0], [0.0]]
    assert _spread([Estimate(0.5, 0.25, 1.0)]) == [[0.25], [0.5]]
