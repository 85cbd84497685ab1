"""The default model as it is fetched and converted on this machine."""

import unicodedata
from pathlib import Path

import pytest
from transformers import AutoTokenizer

import codegen_lsp
from codegen_lsp.errors import ModelUnavailableError
from codegen_lsp.models import store
from codegen_lsp.models.catalogue import DEFAULT_MODEL
from codegen_lsp.models.fetch import DEFAULT_SOURCES, parse_sources, pull
from codegen_lsp.models.weights import load_tensors

pytestmark = pytest.mark.model

TEXTS = [
    "def f(x):\n\treturn x  \r\n\r\n    # don't WE'LL 1234567\n",
    "안녕하세요 你好 مرحبا 🙂👩‍👩‍👧 naïve",
    "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|><tool_call>[PAD151700]<|endoftext|>",
    "\x00\x01\x0c \u2028 x\u00a0y",
    *(file.read_text("utf-8") for file in sorted(Path(codegen_lsp.__file__).parent.glob("*.py"))),
]


@pytest.fixture(scope="module")
def folder() -> Path:
    try:
        return store.resolve(DEFAULT_MODEL).folder
    except ModelUnavailableError:
        return pull(DEFAULT_MODEL, parse_sources(DEFAULT_SOURCES), Silent()).folder


class Silent:
    def start(self, title: str, total: int, done: int = 0) -> None: ...

    def advance(self, count: int) -> None: ...

    def say(self, remark: str) -> None: ...


def test_tokenizer_equals_the_one_transformers_reads_from_the_gguf(folder: Path) -> None:
    file = next(folder.glob("*.gguf"))
    expected = AutoTokenizer.from_pretrained(folder, gguf_file=file.name).backend_tokenizer
    tokenizer = AutoTokenizer.from_pretrained(folder)
    for text in TEXTS:
        # Qwen's own tokenizer composes characters first; the GGUF file does not say so.
        ids = expected.encode(unicodedata.normalize("NFC", text)).ids
        assert tokenizer.encode(text) == ids
    assert tokenizer.encode("e\u0301") == tokenizer.encode("\u00e9")


def test_output_and_embedding_weights_are_both_there(folder: Path) -> None:
    tensors = load_tensors(folder)
    assert len(tensors) == 291
    assert tensors["lm_head.weight"].shape == tensors["model.embed_tokens.weight"].shape
    assert tensors["model.layers.23.self_attn.q_proj.bias"].shape == (896,)
