from collections.abc import Callable

import pytest
from tokenizers import Tokenizer as Library

from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.formats import FORMATS, FimFormat, Part, by_name, detect

TEXTS = {
    "qwen2.5-coder": "<|fim_prefix|><|fim_suffix|>S<|fim_middle|>P",
    "starcoder2": "<fim_prefix>P<fim_suffix>S<fim_middle>L",
    "deepseek-coder": "<\uff5cfim▁begin\uff5c>P<\uff5cfim▁hole\uff5c>S<\uff5cfim▁end\uff5c>L",
    "codellama": "▁<PRE>P▁<SUF>S▁<MID>L",
    "codegemma": "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>L",
    "codestral": "[SUFFIX]S[PREFIX]P",
    "seed-coder": "<[fim-suffix]>S<[fim-prefix]>P<[fim-middle]>",
    "granite": "<fim_prefix>P<fim_suffix>S<fim_middle>L",
    "granite-4": "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>L",
    "mellum": "<fim_suffix>S<fim_prefix>P<fim_middle>",
}


def test_every_family_has_its_documented_order() -> None:
    letters = {Part.PREFIX: "P", Part.SUFFIX: "S", Part.LINE: "L"}
    written = {
        fim_format.name: "".join(
            segment if isinstance(segment, str) else letters[segment]
            for segment in fim_format.segments
        )
        for fim_format in FORMATS
    }
    assert written == TEXTS


def test_whatever_reads_the_prefix_first_is_anchored(fim_format: FimFormat) -> None:
    order = [part for part in fim_format.segments if isinstance(part, Part)]
    assert order in ([Part.SUFFIX, Part.PREFIX], [Part.PREFIX, Part.SUFFIX, Part.LINE])


def test_each_format_is_found_by_its_name_and_says_where_it_is_known_from(
    fim_format: FimFormat,
) -> None:
    assert by_name(fim_format.name) is fim_format
    assert fim_format.source


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        by_name("no-such-format")


def test_detect_recognises_a_vocabulary_by_its_sentinels(
    fim_format: FimFormat, tokenizer_for: Callable[..., Tokenizer]
) -> None:
    assert detect(tokenizer_for(fim_format)) is fim_format


def test_a_model_without_sentinels_has_no_format(byte_level: Callable[..., Library]) -> None:
    assert detect(Tokenizer(byte_level(["<|endoftext|>", "<|fim_prefix|>"]))) is None
