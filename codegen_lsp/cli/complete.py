"""`codegen-lsp complete FILE:LINE:COL`: complete a file at a place, without an editor."""

import argparse
import json
import os
import re
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.arguments import positive
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.errors import UsageError
from codegen_lsp.syntax.languages import language_of
from codegen_lsp.text import Snapshot

if TYPE_CHECKING:
    from codegen_lsp.completion.suggestion import Suggestion
    from codegen_lsp.config import Settings
    from codegen_lsp.models.active_adapters import ActiveAdapter

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d{1,9})(?::(?P<column>\d{1,9}))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Completed:
    """What was suggested, how long "load", "index" and all took, and the adapter in the model."""

    suggestions: "list[Suggestion]"
    timings_ms: dict[str, float]
    adapter: "ActiveAdapter | None" = None


def add_parser(subparsers: Any) -> None:
    """Add the `complete` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser(
        "complete",
        help="complete a file at a place",
        description="Print the text to insert at a place in a file, and nothing else.",
    )
    parser.add_argument(
        "place",
        metavar="FILE:LINE[:COL]",
        help="both from 1; the cursor is before column COL, counted in characters,"
        " or at the end of the line",
    )
    parser.add_argument("--stdin", action="store_true", help="take the text from standard input")
    parser.add_argument("--stream", action="store_true", help="print as the text is generated")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    parser.add_argument(
        "--candidates", type=positive, default=1, metavar="N", help="up to N different suggestions"
    )
    parser.add_argument(
        "--no-context",
        action="store_true",
        help="show the model nothing of the project's other files",
    )
    parser.add_argument(
        "--no-adapter", action="store_true", help="complete without the project's active adapter"
    )
    parser.add_late_options = _add_settings
    parser.set_defaults(run=run)


def _add_settings(parser: argparse.ArgumentParser) -> None:
    from codegen_lsp.cli.setting_options import add_setting_options

    names = ("multiline", "max_new_tokens", "model", "precision", "decoder")
    add_setting_options(parser, names)


def run(args: argparse.Namespace) -> int:
    """Carry out the `complete` command; returns its exit status."""
    started = time.perf_counter()
    if args.stream and (args.json or args.candidates > 1):
        raise UsageError("--stream prints one text as it comes: leave out --json and --candidates")
    path, snapshot, offset = read_place(args.place, from_stdin=args.stdin)
    from codegen_lsp.cli.setting_options import settings_for
    from codegen_lsp.completion.suggestion import silence
    from codegen_lsp.config import project_folder
    from codegen_lsp.context.documents import is_denied_document

    root = project_folder(path)
    settings = settings_for(args, root)
    if is_denied_document(path, [root] if root else [], settings.denied_files):
        done = _Completed([silence(offset, Reason.DENIED_FILE)], {"load": 0.0, "index": 0.0})
    else:
        done = _complete(args, settings, root, snapshot, offset)
    suggestions = done.suggestions
    if args.json:
        done.timings_ms["total"] = (time.perf_counter() - started) * 1000
        print(json.dumps(_as_json(snapshot, done, settings.model)))
        return 0
    if not args.stream:
        _write("\n----\n".join(suggestion.text for suggestion in suggestions))
    _explain(suggestions[0], settings.model)
    return 0


def _complete(
    args: argparse.Namespace,
    settings: "Settings",
    root: Path | None,
    snapshot: Snapshot,
    offset: int,
) -> _Completed:
    """The model's suggestions in a project at `root`.

    A suggestion that is to be streamed is printed already.
    """
    # Everything from here on loads torch.
    from codegen_lsp.cli.project_adapter import load_with_adapter
    from codegen_lsp.completion.options import CompletionOptions
    from codegen_lsp.completion.pipeline import Completer

    started = time.perf_counter()
    model, adapter = load_with_adapter(settings, None if args.no_adapter else root)
    loaded = time.perf_counter()
    choose = None
    if settings.context and not args.no_context and root is not None:
        from codegen_lsp.cli.project_context import project_context
        from codegen_lsp.context.files import Rules

        choose = project_context(root, args.place, Rules(tuple(settings.denied_files)))
    indexed = time.perf_counter()
    timings = {"load": (loaded - started) * 1000, "index": (indexed - loaded) * 1000}
    completer = Completer(model, choose=choose)
    options = CompletionOptions(settings.multiline, settings.max_new_tokens, args.candidates)
    if not args.stream:
        return _Completed(completer.complete(snapshot, offset, options), timings, adapter)
    stream = completer.stream(snapshot, offset, options)
    for piece in stream:
        _write(piece)
    return _Completed([stream.suggestion], timings, adapter)


def read_place(place: str, *, from_stdin: bool) -> tuple[Path, Snapshot, int]:
    """The absolute path of the file that `place` names, its text and the offset in it.

    Raises:
        UsageError: it cannot be read, or the place is outside it.
    """
    match = _PLACE.fullmatch(place)
    if match is None:
        raise UsageError(f"{place!r} is not of the form FILE:LINE or FILE:LINE:COL")
    path = Path(match["file"])
    # Path's function keeps "..", which no file below a folder may have in its path.
    file = Path(os.path.abspath(path))  # noqa: PTH100
    text = _decode(_read_stdin() if from_stdin else _read(path), path)
    snapshot = Snapshot(file.as_uri(), 0, language_of(path), text)
    column = int(match["column"]) if match["column"] else None
    try:
        return file, snapshot, snapshot.offset_of_line_column(int(match["line"]), column)
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from error


def _read_stdin() -> bytes:
    if sys.stdin is None:  # so it is when closed (`<&-`)
        raise UsageError("standard input is closed: --stdin has nothing to read")
    return sys.stdin.buffer.read()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error


def _decode(content: bytes, path: Path) -> str:
    """Text of a file in UTF-8 (with or without mark) or, failing that, Latin-1."""
    if b"\0" in content:
        raise UsageError(f"{path} holds binary data: only text can be completed")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _as_json(snapshot: Snapshot, done: _Completed, model: str) -> dict[str, object]:
    suggestions, adapter = done.suggestions, done.adapter
    best = suggestions[0]
    statistics = best.statistics
    start = snapshot.position_at(best.offset)
    end = snapshot.position_at(best.offset + best.replaces)
    timings = done.timings_ms | {
        "context": best.context_ms,
        "prefill": statistics.prefill_ms,
        "decode": statistics.decode_ms,
    }
    return {
        "text": best.text,
        "range": {"start": asdict(start), "end": asdict(end)},
        "reason": best.reason,
        "model": model,
        "adapter": adapter and adapter.as_json(),
        "format": best.format_name,
        "mean_logprob": best.mean_logprob,
        "prompt_tokens": statistics.prompt_tokens,
        "cached_tokens": statistics.cached_tokens,
        "completion_tokens": statistics.completion_tokens,
        "sources": [source.as_json() for source in best.sources],
        "timings_ms": {name: round(value, 1) for name, value in timings.items()},
        "candidates": [suggestion.text for suggestion in suggestions],
    }


def _write(text: str) -> None:
    # Bytes, so that neither the locale nor the platform's line ends change the text.
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _explain(suggestion: "Suggestion", model: str) -> None:
    """Say on standard error what the text alone does not."""
    if suggestion.format_name is None and suggestion.sources:
        print(
            f"codegen-lsp: note: {model} has no fill-in-the-middle format that we know;"
            " it saw only the text before the cursor",
            file=sys.stderr,
        )
    if suggestion.reason is not None:
        print(f"codegen-lsp: no suggestion: {suggestion.reason.meaning}", file=sys.stderr)
    elif sys.stdout.isatty():
        print()
