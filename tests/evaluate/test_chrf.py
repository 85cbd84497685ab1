"""chrF gives what sacreBLEU 2.6.0 gives for the same texts."""

import pytest

from codegen_lsp.evaluate.chrf import chrf

SACREBLEU = [
    ("Return the first n items.", "Returns the first `n` items of a list.", 43.476619),
    ("abc", "abc", 100.0),
    ("abc", "xyz", 0.0),
    ("", "abc", 0.0),
    ("ab", "abcdefgh", 23.404255),
    ("Größe der Datei", "Die Größe einer Datei in Bytes", 33.636838),
    ("a b\nc", "abc", 100.0),
]


@pytest.mark.parametrize(("text", "reference", "score"), SACREBLEU)
def test_it_is_sacrebleus(text: str, reference: str, score: float) -> None:
    assert chrf(text, reference) == pytest.approx(score, abs=1e-6)
