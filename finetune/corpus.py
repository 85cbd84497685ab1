r"""The files of a commit that a model is to learn, and why it is not to learn the others.

What the server never reads is not learnt either: files that hold secrets by their names, binary,
huge, generated and minified ones. Beyond that nothing is learnt that is vendored, data rather than
code, or does not parse. Secrets are taken out of the rest before anything is cut out of it.
The limits of lines are those of BigCode's data (Kocetkov et al. 2022, arXiv 2211.15533).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from codegen_lsp.context.content import MAX_BYTES, text_of
from codegen_lsp.context.denied import is_denied, is_denied_folder
from codegen_lsp.context.generated import is_generated_name
from codegen_lsp.context.path_rules import SKIPPED_FOLDERS
from codegen_lsp.context.reading import is_code
from codegen_lsp.context.refusals import Refusal
from codegen_lsp.context.secrets import redact
from codegen_lsp.syntax.languages import language_of
from finetune.git import TrackedFile, attributes, contents, tracked_files
from finetune.ignored import ignores
from finetune.trees import is_broken
from finetune.vendored import (
    declared_licence,
    is_licence_file,
    is_vendored,
    licence_for,
    licence_of_text,
)

_DATA = frozenset({"html", "toml", "yaml"})
"""Languages beside those that `is_code` knows in which people write more settings than code."""

_REASONS = {Refusal.TOO_LARGE: "too large"}
_VENDORED, _GENERATED = "linguist-vendored", "linguist-generated"
_BUILT_FOLDERS = frozenset({"dist"})
_LONGEST_LINE = 1000
_LONGEST_MEAN_LINE = 100
_LEAST_ALPHANUMERIC = 0.25
_ALPHANUMERIC = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class SourceFile:
    r"""A file to learn.

    Attributes:
        path: in the repository, with `/`.
        language: LSP identifier.
        text: with `\n` between lines, secrets redacted.
        licence: SPDX expression, if the file or a folder around it has one of its own.
    """

    path: str
    language: str
    text: str
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that is not learnt.

    Attributes:
        path: in the repository.
        reason: a short fixed phrase; "duplicate of" and "near-duplicate of" name the other file.
        licence: of vendored code, as far as it is known.
    """

    path: str
    reason: str
    licence: str | None = None


Known = dict[tuple[str, str, str | None], SourceFile | Rejected]
"""Files that were read, by their path, git's name for their content, and their folder's licence."""


def read(
    folder: Path,
    commit: str,
    *,
    denied: Sequence[str] = (),
    only: Collection[str] | None = None,
    known: Known | None = None,
) -> Iterator[SourceFile | Rejected]:
    """What git tracks below `folder` in `commit`, one file at a time, in the order of paths.

    Args:
        folder: in a repository.
        commit: of it.
        denied: the setting `denied_files`: patterns of files that are not read.
        only: paths of the files that are asked for; None: all are.
        known: what was read at other commits, which is not read again; is added to.

    Raises:
        UsageError: git cannot read it.
    """
    known = {} if known is None else known
    tracked = tracked_files(folder, commit)
    files = [file for file in tracked if only is None or file.path in only]
    said = attributes(folder, commit, [file.path for file in files], (_VENDORED, _GENERATED))
    licences, is_ignored = _licences(folder, tracked), ignores(folder, commit, tracked, denied)
    reasons = ["ignored" if is_ignored(file.path) else _path_reason(file, said) for file in files]
    keys = [(file.path, file.blob, licence_for(file.path, licences)) for file in files]
    allowed = [key for key, reason in zip(keys, reasons, strict=True) if reason is None]
    read_contents = contents(folder, [key[1] for key in allowed if key not in known])
    for key, reason in zip(keys, reasons, strict=True):
        path, _, licence = key
        if reason is not None:
            yield Rejected(path, reason, licence if reason == "vendored" else None)
            continue
        if key not in known:
            known[key] = _judged(path, next(read_contents), licence)
        yield known[key]


def _licences(folder: Path, files: Sequence[TrackedFile]) -> dict[str, str]:
    """Licences of the folders that have one of their own, by folder."""
    found = [
        file
        for file in files
        if "/" in file.path and is_licence_file(file.path) and file.size <= MAX_BYTES
    ]
    texts = contents(folder, (file.blob for file in found))
    return {
        str(PurePosixPath(file.path).parent): licence_of_text(data.decode("utf-8", "replace"))
        for file, data in zip(found, texts, strict=True)
    }


def _path_reason(file: TrackedFile, said: dict[tuple[str, str], str]) -> str | None:
    """Why a file is not learnt whatever it holds; None where it may be."""
    *folders, name = file.path.split("/")
    if is_denied(folders[-1] if folders else "", name) or any(map(is_denied_folder, folders)):
        return "denied"
    if _holds(said.get((file.path, _VENDORED)), is_vendored(file.path)):
        return "vendored"
    if not SKIPPED_FOLDERS.isdisjoint(folders):
        return "ignored"
    is_built = is_generated_name(name) or not _BUILT_FOLDERS.isdisjoint(folders)
    if _holds(said.get((file.path, _GENERATED)), is_built):
        return "generated"
    path = Path(file.path)
    if not is_code(path) or language_of(path) in _DATA:
        return "no code"
    return "too large" if file.size > MAX_BYTES else None


def _holds(attribute: str | None, otherwise: bool) -> bool:
    """What an attribute says, and where it says nothing, `otherwise`."""
    return otherwise if attribute is None else attribute in ("set", "true")


def _judged(path: str, data: bytes, licence: str | None) -> SourceFile | Rejected:
    """The file, or why what it holds is not learnt."""
    found = text_of(data)
    if found.refusal is not None:
        return Rejected(path, _REASONS.get(found.refusal, str(found.refusal)))
    text = found.text.replace("\r\n", "\n")
    language = language_of(Path(path))
    if reason := _text_reason(language, text):
        return Rejected(path, reason)
    return SourceFile(path, language, redact(text, path), declared_licence(text) or licence)


def _text_reason(language: str, text: str) -> str | None:
    if not text.strip():
        return "empty"
    if "\r" in text:
        return "lone carriage returns"  # editors take them for ends of lines, and git does not
    lines = text.rstrip("\n").split("\n")
    if max(map(len, lines)) > _LONGEST_LINE or len(text) > _LONGEST_MEAN_LINE * len(lines):
        return "long lines"
    if len(_ALPHANUMERIC.findall(text)) < _LEAST_ALPHANUMERIC * len(text):
        return "few letters"
    return "does not parse" if is_broken(language, text) else None
