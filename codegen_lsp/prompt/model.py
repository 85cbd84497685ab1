"""A model ready to complete with: its tokenizer, its fill-in-the-middle format and its engine."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen_lsp.engine.base import Engine
from codegen_lsp.models.store import resolve
from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.formats import FimFormat, by_name, detect

if TYPE_CHECKING:
    from codegen_lsp.engine.load import DecoderName


@dataclass(frozen=True, slots=True)
class Model:
    """Everything of a model that a completion needs; `fim_format` is None where it has none."""

    name: str
    tokenizer: Tokenizer
    fim_format: FimFormat | None
    engine: Engine


def load_model(name: str, *, precision: str = "auto", decoder: "DecoderName" = "auto") -> Model:
    """Load the model called `name` (catalogue name, hub id or folder) from disk.

    Raises:
        UsageError: no such model, or this machine cannot run it in that precision.
        ModelUnavailableError: it has not been fetched, or its files are damaged.
    """
    found = resolve(name)

    def load_tokenizer() -> Tokenizer:
        tokenizer = Tokenizer.load(found.folder)
        _ = tokenizer.vocabulary  # token healing needs it; built here, it costs no waiting
        return tokenizer

    with ThreadPoolExecutor(1) as pool:  # the tokenizer loads while torch and the weights do
        reading = pool.submit(load_tokenizer)
        from codegen_lsp.engine.load import load_engine  # noqa: PLC0415

        engine = load_engine(found.folder, precision=precision, decoder=decoder)
        tokenizer = reading.result()
    fim_format = by_name(found.fim_format) if found.fim_format else detect(tokenizer)
    return Model(found.name, tokenizer, fim_format, engine)
