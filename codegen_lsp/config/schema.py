"""Every setting: its type, limits, default and one line of help.

`Settings` is the only place where they are written down. `SETTINGS`, which is read off its JSON
schema, is what the command line, the README's table and the editors' manifests are made from.
Light: neither torch nor tree-sitter is loaded.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from codegen_lsp.models.catalogue import DEFAULT_MODEL

# A repository must choose neither what is loaded or run nor what is fetched from where.
_NOT_FROM_PROJECT: dict[str, JsonValue] = {"from_project": False}
# A source adds to what the others say, and takes nothing back.
_ADDS: dict[str, JsonValue] = {"adds": True}


class Settings(BaseModel):
    """All settings, valid."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    model: str = Field(
        default=DEFAULT_MODEL,
        min_length=1,
        description="The model: a name from `model list`, a hub id, or a folder"
        " (`./` before a relative one).",
        examples=[DEFAULT_MODEL, "bigcode/starcoder2-3b"],
        json_schema_extra=_NOT_FROM_PROJECT,
    )
    precision: Literal["auto", "int8", "bf16", "fp32"] = Field(
        default="auto",
        description="Number format of the weights; auto is the fastest that the machine does well.",
        json_schema_extra=_NOT_FROM_PROJECT,
    )
    decoder: Literal["auto", "lean", "transformers"] = Field(
        default="auto",
        description="What runs the model; auto is lean for the Llama and Qwen2 families,"
        " transformers for the others.",
        json_schema_extra=_NOT_FROM_PROJECT,
    )
    model_sources: str = Field(
        default="hub,mirror",
        pattern=r"^ *(hub|mirror) *(, *(hub|mirror) *)*$",
        description="Where a model that you ask for is fetched from, in order.",
        examples=["mirror,hub", "hub"],
        json_schema_extra=_NOT_FROM_PROJECT,
    )
    automatic: bool = Field(
        default=True, description="Suggest while you type; false suggests only when asked."
    )
    disabled_languages: list[str] = Field(
        default=[],
        description="Language identifiers of the LSP, such as markdown, without suggestions.",
    )
    denied_files: list[Annotated[str, StringConstraints(pattern="^[^!]")]] = Field(
        default=[],
        description="More files never to be read, in .gitignore's syntax; every source adds some.",
        examples=["*.sql", "customers/"],
        json_schema_extra=_ADDS,
    )
    eagerness: Literal["quiet", "balanced", "eager"] = Field(
        default="balanced",
        description="How sure a suggestion must be to be shown unasked; eager shows the most.",
    )
    multiline: Literal["auto", "never", "always"] = Field(
        default="auto",
        description="Several lines where the syntax asks for them (auto), never, or always.",
    )
    max_new_tokens: int | None = Field(
        default=None,
        ge=1,
        le=1024,
        description="Longest suggestion, in tokens; unset, it depends on what is completed.",
    )
    candidates: int = Field(
        default=3, ge=1, le=10, description="Most suggestions to choose from when you ask for one."
    )
    debounce_ms: int = Field(
        default=75,
        ge=0,
        le=1000,
        description="Longest wait for the next key, in milliseconds, while you type fast.",
    )
    time_limit_ms: int = Field(
        default=1500,
        ge=0,
        le=60_000,
        description="A block that takes longer while you type ends with its latest statement.",
    )
    prefetch: bool = Field(
        default=True,
        description="Complete ahead what follows a suggestion and read the next window;"
        " never on battery.",
    )
    context: bool = Field(
        default=True, description="Show the model what the workspace's other files say."
    )
    adapter: bool = Field(
        default=True,
        description="Complete with the adapter that fine-tuning made active for the workspace.",
    )
    completion_fallback: bool = Field(
        default=False,
        description="Suggest in the completion menu too, for editors without inline completion.",
    )
    docstring_style: Literal[
        "auto",
        "google",
        "numpy",
        "sphinx",
        "plain",
        "jsdoc",
        "tsdoc",
        "godoc",
        "rustdoc",
        "javadoc",
        "doxygen",
        "xml",
    ] = Field(
        default="auto",
        description="Style of docstrings where neither file nor project has one yet; auto is the"
        " usual one.",
    )
    docstring_hints: bool = Field(
        default=False,
        description="Hint at docstrings that disagree with the signature, with a quick fix.",
    )
    statistics: bool = Field(
        default=True,
        description="Count how suggestions fare, for `codegen-lsp stats`; on this machine only.",
        json_schema_extra=_NOT_FROM_PROJECT,
    )
    max_document_kb: int = Field(
        default=5000, ge=1, le=100_000, description="Larger documents, in kB, get no suggestions."
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known about one setting.

    Attributes:
        name: in snake_case.
        type: in JSON.
        default: None is "not set".
        help: one line.
        choices: the values there are, where they can be listed.
        minimum: least value of a whole number.
        maximum: greatest value of a whole number.
        examples: values that say what is expected where type and choices do not.
        from_project: whether a project file may set it.
        adds: whether each source adds to a list rather than replaces it.
    """

    name: str
    type: Literal["string", "boolean", "integer", "array"]
    default: object
    help: str
    choices: tuple[str, ...]
    minimum: int | None
    maximum: int | None
    examples: tuple[str, ...]
    from_project: bool
    adds: bool

    @property
    def camel_name(self) -> str:
        """The name as editors write it."""
        return to_camel(self.name)

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"{VARIABLE_PREFIX}{self.name.upper()}"

    @property
    def option(self) -> str:
        """The command-line option that sets it."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def expected(self) -> str:
        """What a value must be, to follow the word "expected"."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.adds:
            examples = " and ".join(self.examples)
            return f"a list of patterns, such as {examples}, none with ! before it"
        if self.examples:
            return f"a value such as {' or '.join(self.examples)}"
        if self.type == "integer":
            return f"a whole number from {self.minimum} to {self.maximum}"
        return "true or false" if self.type == "boolean" else "a list of strings"


VARIABLE_PREFIX = "CODEGEN_LSP_"


def _setting(name: str, schema: dict[str, Any]) -> Setting:
    facts = schema | schema.get("anyOf", [{}])[0]  # an optional setting is its type or null
    return Setting(
        name=name,
        type=facts["type"],
        default=facts["default"],
        help=facts["description"],
        choices=tuple(facts.get("enum", ())),
        minimum=facts.get("minimum"),
        maximum=facts.get("maximum"),
        examples=tuple(facts.get("examples", ())),
        from_project=facts.get("from_project", True),
        adds=facts.get("adds", False),
    )


SETTINGS = {
    name: _setting(name, schema)
    for name, schema in Settings.model_json_schema()["properties"].items()
}


def is_valid(name: str, value: object) -> bool:
    """Whether the setting `name` can have `value`."""
    try:
        Settings.model_validate({name: value})
    except ValidationError:
        return False
    return True
