"""A model with a tiny real tokenizer that writes what a test tells it to."""

from collections.abc import Iterable, Sequence

from tokenizers import AddedToken, decoders, models, pre_tokenizers, trainers
from tokenizers import Tokenizer as Library

from codegen_lsp.engine.scripted import ScriptedEngine
from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.formats import FORMATS
from codegen_lsp.prompt.healing import heal
from codegen_lsp.prompt.model import Model

QWEN = FORMATS[0]
_CODE = "def add(first, second):\n    return first + second\n\n\nclass Shop:\n    pass\n" * 3


def tiny_library() -> Library:
    """Byte-level, of about 300 tokens, with the sentinels of the default model's format."""
    library = Library(models.BPE())
    library.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    library.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, show_progress=False, initial_alphabet=alphabet)
    library.train_from_iterator([_CODE], trainer)
    extra = (QWEN.repository.repository, QWEN.repository.file)
    names = dict.fromkeys([*QWEN.sentinels, *QWEN.stop_tokens, *filter(None, extra)])
    library.add_special_tokens([AddedToken(name, normalized=False) for name in names])
    return library


TOKENIZER = Tokenizer(tiny_library())


def scripted_model(scripts: Iterable[Sequence[int]], *, infills: bool = True) -> Model:
    """A model that answers each request with the next of `scripts`, which are token ids."""
    return Model("scripted", TOKENIZER, QWEN if infills else None, ScriptedEngine(scripts))


def script(prefix: str, *chunks: str) -> list[int]:
    """Ids with which an engine adds `chunks`, encoded one by one, to a buffer that is healed.

    Args:
        prefix: the buffer before the cursor, with plain newlines.
        chunks: what is written behind what healing has taken back.
    """
    forced = heal(TOKENIZER, prefix, TOKENIZER.encode(prefix)).forced.decode()
    pieces = [forced + chunks[0], *chunks[1:]] if chunks else [forced]
    return [id_ for piece in pieces for id_ in TOKENIZER.encode(piece)]
