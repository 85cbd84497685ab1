"""Fill-in-the-middle formats of the model families, as data.

A format says in which order the sentinels, the prefix and the suffix stand; the model then writes
the middle. Prefix-suffix-middle and suffix-prefix-middle are the two orders of Bavarian et al.
2022 (arXiv 2207.14255); where the prefix comes first it is anchored, see `Part`. The format belongs
to the model: a family's is the one it was trained or measured with, and `source` says where that is
known from.
"""

from dataclasses import dataclass
from enum import Enum, auto

from codegen_lsp.models.tokenizer import Tokenizer


class Part(Enum):
    """A place in a format that the buffer's text takes.

    A format that has `LINE` is anchored: its prefix ends above the cursor's line, and what stands
    of that line before the cursor begins the middle, behind the suffix. What the user types is then
    appended at the end, where a prefix that grows before the suffix would have the suffix be read
    anew at every key.
    """

    PREFIX = auto()
    SUFFIX = auto()
    LINE = auto()


@dataclass(frozen=True, slots=True)
class RepositoryTokens:
    """Sentinels that stood before a repository's name and before each file; None where none did.

    Attributes:
        repository: comes before the repository's name.
        file: comes before each file: its path, a newline, its text.
    """

    repository: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class FimFormat:
    """How one family infills.

    Attributes:
        name: what the catalogue calls it.
        segments: names of control tokens, and the parts of the buffer, in their order.
        stop_tokens: names of the tokens at which a middle ends; the first one ended it in training.
        repository: sentinels for other files' text before the prompt.
        source: where the format is known from.
    """

    name: str
    segments: tuple[str | Part, ...]
    stop_tokens: tuple[str, ...]
    repository: RepositoryTokens
    source: str

    @property
    def sentinels(self) -> tuple[str, ...]:
        """Names of the control tokens that the format puts around the parts."""
        return tuple(segment for segment in self.segments if isinstance(segment, str))

    def fits(self, tokenizer: Tokenizer) -> bool:
        """Whether the tokenizer has every sentinel, those for repositories included."""
        names = {*self.sentinels, self.repository.repository, self.repository.file} - {None}
        return names <= tokenizer.control_ids.keys()


_PIPE_PREFIX_FIRST = (
    "<|fim_prefix|>",
    Part.PREFIX,
    "<|fim_suffix|>",
    Part.SUFFIX,
    "<|fim_middle|>",
    Part.LINE,
)
_PREFIX_FIRST = (
    "<fim_prefix>",
    Part.PREFIX,
    "<fim_suffix>",
    Part.SUFFIX,
    "<fim_middle>",
    Part.LINE,
)

FORMATS = (
    FimFormat(
        name="qwen2.5-coder",
        segments=(
            "<|fim_prefix|>",
            "<|fim_suffix|>",
            Part.SUFFIX,
            "<|fim_middle|>",
            Part.PREFIX,
        ),
        stop_tokens=("<|endoftext|>", "<|im_end|>", "<|file_sep|>"),
        repository=RepositoryTokens("<|repo_name|>", "<|file_sep|>"),
        source="measured on the Instruct weights; the model's README documents prefix first",
    ),
    FimFormat(
        name="starcoder2",
        segments=_PREFIX_FIRST,
        stop_tokens=("<|endoftext|>", "<file_sep>"),
        repository=RepositoryTokens("<repo_name>", "<file_sep>"),
        source="StarCoder2 paper, arXiv 2402.19173, section 5.1",
    ),
    FimFormat(
        name="deepseek-coder",
        segments=(
            "<｜fim▁begin｜>",  # noqa: RUF001 - the tokens are spelled with fullwidth bars
            Part.PREFIX,
            "<｜fim▁hole｜>",  # noqa: RUF001
            Part.SUFFIX,
            "<｜fim▁end｜>",  # noqa: RUF001
            Part.LINE,
        ),
        stop_tokens=("<｜end▁of▁sentence｜>",),  # noqa: RUF001
        repository=RepositoryTokens(),
        source="DeepSeek-Coder README, code insertion",
    ),
    FimFormat(
        name="codellama",
        segments=("▁<PRE>", Part.PREFIX, "▁<SUF>", Part.SUFFIX, "▁<MID>", Part.LINE),
        stop_tokens=("▁<EOT>", "</s>"),
        repository=RepositoryTokens(),
        source="Code Llama's infilling code; prefix first is its default",
    ),
    FimFormat(
        name="codegemma",
        segments=_PIPE_PREFIX_FIRST,
        stop_tokens=("<|file_separator|>", "<eos>"),
        repository=RepositoryTokens(None, "<|file_separator|>"),
        source="CodeGemma model card",
    ),
    FimFormat(
        name="codestral",
        segments=("[SUFFIX]", Part.SUFFIX, "[PREFIX]", Part.PREFIX),
        stop_tokens=("</s>",),
        repository=RepositoryTokens(),
        source="mistral-common's encoding of a fill-in-the-middle request",
    ),
    FimFormat(
        name="seed-coder",
        segments=(
            "<[fim-suffix]>",
            Part.SUFFIX,
            "<[fim-prefix]>",
            Part.PREFIX,
            "<[fim-middle]>",
        ),
        stop_tokens=("<[end▁of▁sentence]>",),
        repository=RepositoryTokens(),
        source="Seed-Coder-8B-Base model card",
    ),
    FimFormat(
        name="granite",
        segments=_PREFIX_FIRST,
        stop_tokens=("<|endoftext|>", "<|end_of_text|>"),
        repository=RepositoryTokens("<reponame>", "<filename>"),
        source="Granite Code and Granite 3 model cards: StarCoder's sentinels",
    ),
    FimFormat(
        name="granite-4",
        segments=_PIPE_PREFIX_FIRST,
        stop_tokens=("<|end_of_text|>",),
        repository=RepositoryTokens(),
        source="Granite 4 model card",
    ),
    FimFormat(
        name="mellum",
        segments=("<fim_suffix>", Part.SUFFIX, "<fim_prefix>", Part.PREFIX, "<fim_middle>"),
        stop_tokens=("<|endoftext|>",),
        repository=RepositoryTokens(None, "<filename>"),
        source="Mellum paper, arXiv 2510.05788, and the Mellum-4b-base model card",
    ),
)
"""Every format; where several fit a vocabulary, `detect` takes the first."""


def by_name(name: str) -> FimFormat:
    """The format that the catalogue calls `name`.

    Raises:
        KeyError: there is none of that name.
    """
    return {fim_format.name: fim_format for fim_format in FORMATS}[name]


def detect(tokenizer: Tokenizer) -> FimFormat | None:
    """The format whose sentinels the vocabulary has; None for a model that cannot infill.

    A guess: a vocabulary shows which sentinels there are, not in which order the model learned
    them. Granite and Mellum both took theirs from StarCoder; one that could be either is read as
    Granite's, so a Mellum is better named.
    """
    return next((fim_format for fim_format in FORMATS if fim_format.fits(tokenizer)), None)
