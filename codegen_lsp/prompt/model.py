"""A model ready to complete with: its tokenizer, its fill-in-the-middle format and its engine."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen_lsp.engine.base import Engine
from codegen_lsp.errors import ModelUnavailableError, UsageError
from codegen_lsp.models.adapters import Adapter, AdapterChoice, check_fits, read_adapter
from codegen_lsp.models.store import ModelFolder, resolve
from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.formats import FimFormat, by_name, detect

if TYPE_CHECKING:
    from codegen_lsp.engine.load import DecoderName


@dataclass(frozen=True, slots=True)
class LoadedAdapter:
    """An adapter that is in a model's weights; `scale` multiplies what it adds."""

    id: str
    scale: float


@dataclass(frozen=True, slots=True)
class Model:
    """Everything of a model that a completion needs; `fim_format` is None where it has none."""

    name: str
    tokenizer: Tokenizer
    fim_format: FimFormat | None
    engine: Engine
    adapter: LoadedAdapter | None = None


def load_model(
    name: str,
    *,
    precision: str = "auto",
    decoder: "DecoderName" = "auto",
    adapter: AdapterChoice | None = None,
) -> Model:
    """Load the model called `name` (catalogue name, hub id or folder) from disk.

    Args:
        name: of the model.
        precision: one of `engine.precision.PRECISION_CHOICES`.
        decoder: which of the two; "auto" chooses.
        adapter: to be merged into the weights.

    Raises:
        UsageError: no such model, this machine cannot run it in that precision, or the adapter is
            for another model or prompt format.
        ModelUnavailableError: it has not been fetched, or its files or the adapter's are damaged.
    """
    found = resolve(name)

    def load_tokenizer() -> Tokenizer:
        tokenizer = Tokenizer.load(found.folder)
        _ = tokenizer.vocabulary  # token healing needs it; built here, it costs no waiting
        return tokenizer

    with ThreadPoolExecutor(1) as pool:  # the tokenizer loads while torch and the weights do
        reading = pool.submit(load_tokenizer)
        checked = None if adapter is None else _checked(adapter, found, reading)
        from codegen_lsp.engine.load import load_engine  # noqa: PLC0415
        from codegen_lsp.models.merging import Merge  # noqa: PLC0415

        merge = Merge(checked, adapter.scale) if checked is not None and adapter else None
        engine = load_engine(found.folder, precision=precision, decoder=decoder, merge=merge)
        tokenizer = reading.result()
    loaded = LoadedAdapter(checked.id, adapter.scale) if checked is not None and adapter else None
    return Model(found.name, tokenizer, format_of(found, tokenizer), engine, loaded)


def load_model_or_base(
    name: str,
    *,
    precision: str = "auto",
    decoder: "DecoderName" = "auto",
    adapter: AdapterChoice | None = None,
) -> tuple[Model, str]:
    """Load a model as `load_model` does, without its adapter where that is of no use.

    Returns:
        The model, and one line on why the adapter is not in it; empty where it is as asked.

    Raises:
        UsageError: no such model, or this machine cannot run it in that precision.
        ModelUnavailableError: it has not been fetched, or its own files are damaged.
    """
    why = ""
    if adapter is not None:
        try:
            return load_model(name, precision=precision, decoder=decoder, adapter=adapter), ""
        except (UsageError, ModelUnavailableError) as error:
            why = str(error)  # or it is the model's own trouble, which the next line meets again
    return load_model(name, precision=precision, decoder=decoder), why


def _checked(choice: AdapterChoice, found: ModelFolder, reading: "Future[Tokenizer]") -> Adapter:
    """The adapter that was chosen, which fits the model that was found."""
    adapter = read_adapter(choice.folder)
    fim_format = format_of(found, reading.result())
    check_fits(adapter, found.name, found.folder, fim_format.name if fim_format else None)
    return adapter


def format_of(found: ModelFolder, tokenizer: Tokenizer) -> FimFormat | None:
    """The fill-in-the-middle format of a model with that tokenizer; None if it has none."""
    return by_name(found.fim_format) if found.fim_format else detect(tokenizer)
