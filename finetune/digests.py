"""Digests that say whether two runs learn the same and are judged by the same."""

import hashlib
from collections.abc import Iterable, Sequence

from codegen_lsp.evaluate.cases import Case
from finetune.corpus import SourceFile
from finetune.splitting import Split


def digest_of_files(files: Iterable[SourceFile]) -> str:
    """Of the paths and the texts of `files`."""
    return _digest(text for file in files for text in (file.path, file.text))


def digest_of_split(split: Split) -> str:
    """Of all that is learnt and all that is held out."""
    held_out = digest_of_files(each.file for each in split.held_out)
    places = str([each.places for each in split.held_out])
    learnt = digest_of_files(split.train)
    return _digest([split.kind, split.commit, split.until, learnt, held_out, places])


def digest_of_case(case: Case) -> str:
    """Of what is asked and what stood there."""
    return _digest([case.path, case.prefix, case.middle, case.suffix])


def digest_of_cases(parts: Iterable[Sequence[Case]]) -> str:
    """Of the cases of several parts, each in its order."""
    return _digest(_digest(map(digest_of_case, cases)) for cases in parts)


def _digest(texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode()
        digest.update(len(data).to_bytes(8) + data)  # so that texts cannot run into each other
    return digest.hexdigest()
