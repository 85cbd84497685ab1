"""chrF: how many runs of characters two texts share.

Maja Popović, "chrF: character n-gram F-score for automatic MT evaluation" (WMT 2015), with the
defaults of sacreBLEU (Matt Post, https://github.com/mjpost/sacrebleu): runs of up to six
characters, without white space, recall counting twice as much as precision.
"""

from collections import Counter

_LONGEST = 6
_BETA_SQUARED = 4


def chrf(text: str, reference: str) -> float:
    """Likeness of `text` to `reference`, of 100; of two empty texts, 0."""
    pairs = [(_runs(text, size), _runs(reference, size)) for size in range(1, _LONGEST + 1)]
    pairs = [(ours, theirs) for ours, theirs in pairs if ours and theirs]
    if not pairs:
        return 0.0
    shared = [(ours & theirs).total() for ours, theirs in pairs]
    precision = sum(n / ours.total() for n, (ours, _) in zip(shared, pairs, strict=True))
    recall = sum(n / theirs.total() for n, (_, theirs) in zip(shared, pairs, strict=True))
    if not precision + recall:
        return 0.0
    score = (1 + _BETA_SQUARED) * precision * recall / (_BETA_SQUARED * precision + recall)
    return 100 * score / len(pairs)


def _runs(text: str, size: int) -> Counter[str]:
    characters = "".join(text.split())
    return Counter(characters[at : at + size] for at in range(len(characters) - size + 1))
