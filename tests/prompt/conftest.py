"""Tiny tokenizers, trained or written out here, that behave like the real families'."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tokenizers import AddedToken, decoders, models, pre_tokenizers, processors, trainers
from tokenizers import Tokenizer as Library

from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.formats import FORMATS, FimFormat

CODE = (
    "def add(first, second):\n    return first + second\n\n\n"
    "class Shop:\n    def total(self) -> int:\n        return self.app.total\n"
) * 3


def _byte_level(controls: list[str], bos: str | None = None) -> Library:
    """A byte-level BPE of about 320 tokens with `controls` as special added tokens."""
    library = Library(models.BPE())
    library.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    library.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    library.train_from_iterator([CODE], trainer)
    library.add_special_tokens([AddedToken(name, normalized=False) for name in controls])
    if bos is not None:
        library.post_processor = processors.TemplateProcessing(
            single=f"{bos} $A", special_tokens=[(bos, library.token_to_id(bos))]
        )
    return library


def _tokenizer_for(fim_format: FimFormat, bos: str | None = None) -> Tokenizer:
    """A tiny tokenizer with every control token that `fim_format` names."""
    extra = [fim_format.repository.repository, fim_format.repository.file, bos]
    names = [*fim_format.sentinels, *fim_format.stop_tokens, *filter(None, extra)]
    return Tokenizer(_byte_level(list(dict.fromkeys(names)), bos))


@pytest.fixture(scope="session")
def byte_level() -> Callable[..., Library]:
    """`byte_level(controls, bos=None)` trains a tiny byte-level tokenizer."""
    return _byte_level


@pytest.fixture(scope="session")
def tokenizer_for() -> Callable[..., Tokenizer]:
    """`tokenizer_for(fim_format, bos=None)` has every control token that the format names."""
    return _tokenizer_for


@pytest.fixture(params=FORMATS, ids=lambda fim_format: fim_format.name)
def fim_format(request: pytest.FixtureRequest) -> FimFormat:
    assert isinstance(request.param, FimFormat)
    return request.param


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return _tokenizer_for(FORMATS[0])


@pytest.fixture(scope="session")
def qwen(default_model_folder: Path) -> Tokenizer:
    return Tokenizer.load(default_model_folder)
