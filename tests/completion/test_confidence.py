"""The confidence that the shipped model gives."""

from itertools import pairwise

import pytest

from codegen_lsp.completion.confidence import Evidence, features, shipped

_LOGPROBS = (-0.01, -0.1, -0.3, -0.7, -1.5, -3.0, -4.0, -5.0, -6.0, -8.0, -12.0, float("-inf"))
_LIKELY = -0.02
_NOISE = 0.02  # by which a weight may be off where it was fitted


@pytest.mark.parametrize("prefix", ["total = ", "total = comp"])
@pytest.mark.parametrize("text", ["compute", "compute(a)", "compute(value, other)"])
@pytest.mark.parametrize("others", [0, 1, 4])
def test_a_less_likely_first_token_gives_no_more_confidence(
    prefix: str, text: str, others: int
) -> None:
    """As where a constraint has forbidden the tokens that the model would have begun with."""
    found = [
        shipped().confidence(features(Evidence(text, prefix, "", [first, *[_LIKELY] * others])))
        for first in _LOGPROBS
    ]
    assert all(after <= before + _NOISE for before, after in pairwise(found))
    assert found[-1] <= min(found) + _NOISE


@pytest.mark.parametrize("count", [1, 2, 5, 20])
def test_less_likely_tokens_give_no_more_confidence(count: int) -> None:
    found = [
        shipped().confidence(features(Evidence("compute(a, b)", "x = ", "", [each] * count)))
        for each in _LOGPROBS
    ]
    assert all(after <= before + _NOISE for before, after in pairwise(found))
