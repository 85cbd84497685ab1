"""Benchmark of the repository index: how long it takes to build, and to ask.

The workspace is made up: files in four languages whose names are drawn as people draw them, a few
often and most of them rarely. The index of it is removed afterwards, as the workspace is.
"""

import random
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path

import psutil

from codegen_lsp.context import database
from codegen_lsp.context.files import Rules
from codegen_lsp.context.index import Index
from codegen_lsp.context.indexing import BuildProgress, build
from codegen_lsp.evaluate.server_figures import Latencies, latencies

_QUERIES = 300
_NAMES_PER_QUERY = 10
_TERMS_PER_QUERY = 20
_STATEMENTS = 6
_FOLDERS = 100
_WORDS = 2_000
_SYLLABLES = tuple(first + last for first in "bcdfglmnprstv" for last in ("a", "en", "i", "or"))


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a language looks, `{0}` and so on standing for names.

    Attributes:
        suffix: of its files.
        header: of a function; what documents it included.
        statement: one line of a body.
        footer: what ends a function.
    """

    suffix: str
    header: str
    statement: str
    footer: str


_DIALECTS = (
    _Dialect(
        ".py",
        'def {0}({1}, {2}=None):\n    """Take {3} for {4}."""\n',
        "    {0} = self.{1}({2}, {3}) if {4} else {1}\n",
        "    return {0}\n\n\n",
    ),
    _Dialect(
        ".ts",
        "/** Take {3} for {4}. */\nexport function {0}({1}: string, {2}: number): string {{\n",
        "  const {0} = this.{1}({2}, {3}) ?? {4};\n",
        "  return {0};\n}}\n\n",
    ),
    _Dialect(
        ".go",
        "// {0} takes {3} for {4}.\nfunc {0}({1} string, {2} int) error {{\n",
        "\t{0} := {1}({2}, {3}.{4})\n",
        "\treturn {0}\n}}\n\n",
    ),
    _Dialect(
        ".rs",
        "/// Take {3} for {4}.\npub fn {0}({1}: &str, {2}: usize) -> String {{\n",
        "    let {0} = {1}({2}, &{3}.{4});\n",
        "    {0}\n}}\n\n",
    ),
)


@dataclass(frozen=True, slots=True)
class IndexReport:
    """All that `codegen-lsp bench index` measures.

    Attributes:
        files: in the workspace.
        lines: in each of them.
        source_mb: size of the workspace in MB (10^6 bytes).
        index_mb: size of the index.
        symbols: in the index.
        chunks: in the index.
        build_s: to index everything.
        rebuild_s: when nothing has changed.
        memory_mb: of the building process afterwards, without those that read for it.
        symbols_query: what defines ten names.
        search_query: the ten chunks most like twenty identifiers.
    """

    files: int
    lines: int
    source_mb: float
    index_mb: float
    symbols: int
    chunks: int
    build_s: float
    rebuild_s: float
    memory_mb: float
    symbols_query: Latencies
    search_query: Latencies

    def as_json(self) -> dict[str, object]:
        """The report as a JSON object."""
        return asdict(self)


def measure(
    files: int, lines: int, say: Callable[[str], None], report: Callable[[BuildProgress], None]
) -> IndexReport:
    """Make up a workspace, index it twice, and ask the index what a completion would ask.

    Args:
        files: to make.
        lines: of each, about.
        say: told what is done next.
        report: told how far a build is.
    """
    with tempfile.TemporaryDirectory(prefix="codegen-lsp-bench-") as folder:
        root = Path(folder)
        say(f"making {files} files of {lines} lines")
        source_bytes = _make(root, files, lines)
        file = database.database_file(root)
        try:
            say("building the index")
            build_s = _seconds(lambda: build(root, Rules(), report))
            say("building it again")
            rebuild_s = _seconds(lambda: build(root, Rules(), report))
            say("asking it")
            index = Index.open(root)
            with closing(index):
                state = index.state()
                symbols_query, search_query = _ask(index, state.files)
            return IndexReport(
                files=state.files,
                lines=lines,
                source_mb=source_bytes / 1e6,
                index_mb=file.stat().st_size / 1e6,
                symbols=state.symbols,
                chunks=state.chunks,
                build_s=build_s,
                rebuild_s=rebuild_s,
                memory_mb=psutil.Process().memory_info().rss / 1e6,
                symbols_query=symbols_query,
                search_query=search_query,
            )
        finally:
            database.remove(file)
            database.lock_file(file).unlink(missing_ok=True)


def _ask(index: Index, files: int) -> tuple[Latencies, Latencies]:
    """How long lookups of symbols and searches take, names drawn from what is in the index."""
    some_files = index.files()[:: files // 100 + 1]
    names = [symbol.name for file in some_files for symbol in index.symbols_of(file)]
    draw = random.Random(0)
    lookups: list[float] = []
    searches: list[float] = []
    for _ in range(_QUERIES):
        some = draw.choices(names, k=_NAMES_PER_QUERY)
        more = draw.choices(names, k=_TERMS_PER_QUERY)
        start = time.perf_counter()
        index.symbols(some, 5)
        between = time.perf_counter()
        index.search(more, 10)
        lookups.append(between - start)
        searches.append(time.perf_counter() - between)
    return latencies(lookups), latencies(searches)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _make(root: Path, files: int, lines: int) -> int:
    """Make the files; returns their bytes."""
    draw = random.Random(0)
    names = _Names(draw)
    size = 0
    for number in range(files):
        dialect = _DIALECTS[number % len(_DIALECTS)]
        folder = root / f"package_{number % min(_FOLDERS, files)}"
        folder.mkdir(exist_ok=True)
        text = _text(dialect, names, lines)
        (folder / f"{names.one()}_{number}{dialect.suffix}").write_text(text, encoding="utf-8")
        size += len(text)
    return size


def _text(dialect: _Dialect, names: "_Names", lines: int) -> str:
    function = [dialect.header, *[dialect.statement] * _STATEMENTS, dialect.footer]
    per_function = sum(part.count("\n") for part in function)
    repeats = max(lines // per_function, 1)
    return "".join(part.format(*names.some(5)) for _ in range(repeats) for part in function)


class _Names:
    """Draws names of one to three words, common words more often, as Zipf found them to be."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._words = ["".join(draw.choices(_SYLLABLES, k=2)) for _ in range(_WORDS)]
        self._weights = list(accumulate(1 / rank for rank in range(1, _WORDS + 1)))

    def some(self, count: int) -> list[str]:
        return [self.one() for _ in range(count)]

    def one(self) -> str:
        parts = self._draw.choices(
            self._words, cum_weights=self._weights, k=self._draw.randint(1, 3)
        )
        return "_".join(parts)
