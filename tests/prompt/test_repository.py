"""Other files' text in a prompt: where it stands, what fits, and that it changes nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.build import PromptBudget, build_prompt
from codegen_lsp.prompt.formats import FORMATS, FimFormat, Part, by_name
from codegen_lsp.prompt.repository import ALONE, Surroundings

WIDE = PromptBudget(1000, 1000)
QWEN = FORMATS[0]
PREFIX, SUFFIX = "import shop\nshop.to", "\nend\n"


@dataclass(frozen=True)
class OtherFile:
    path: str
    text: str


SHOP = OtherFile("shop/shop.py", "def total(items):\n    ...\n")
TILL = OtherFile("till.py", "class Till: ...")


def around(*excerpts: OtherFile, language: str = "python") -> Surroundings:
    return Surroundings("store", "main.py", language, excerpts)


def written(tokenizer: Tokenizer, ids: list[int]) -> str:
    """`ids` as text in which control tokens stand by their names."""
    names = {id_: name for name, id_ in tokenizer.control_ids.items()}
    runs = [names.get(id_) or tokenizer.token_bytes(id_).decode("latin-1") for id_ in ids]
    return "".join(runs)


def test_without_other_files_it_is_the_buffers_prompt(
    tokenizer_for: Callable[..., Tokenizer], fim_format: FimFormat
) -> None:
    tokenizer = tokenizer_for(fim_format)
    plain = build_prompt(tokenizer, fim_format, PREFIX, SUFFIX, WIDE)
    for surroundings in (ALONE, around(), around(SHOP, language="no such language")):
        prompt = build_prompt(tokenizer, fim_format, PREFIX, SUFFIX, WIDE, around=surroundings)
        has_sentinels = fim_format.repository.file is not None
        assert (prompt == plain) is not (bool(surroundings.excerpts) and has_sentinels)
    none_fits = replace(WIDE, context_tokens=5)
    prompt = build_prompt(tokenizer, fim_format, PREFIX, SUFFIX, none_fits, around=around(SHOP))
    assert prompt == plain


@pytest.mark.parametrize(
    "fim_format",
    [each for each in FORMATS if each.repository.file],
    ids=lambda fim_format: fim_format.name,
)
def test_a_format_with_sentinels_gets_a_repository_before_the_rest(
    tokenizer_for: Callable[..., Tokenizer], fim_format: FimFormat
) -> None:
    tokenizer = tokenizer_for(fim_format)
    plain = build_prompt(tokenizer, fim_format, PREFIX, SUFFIX, WIDE)
    prompt = build_prompt(tokenizer, fim_format, PREFIX, SUFFIX, WIDE, around=around(SHOP, TILL))
    name, file = fim_format.repository.repository, fim_format.repository.file
    start = f"{name}store\n" if name else ""
    assert written(tokenizer, prompt.ids) == (
        f"{start}{file}{SHOP.path}\n{SHOP.text}{file}{TILL.path}\n{TILL.text}\n{file}main.py\n"
        + written(tokenizer, plain.ids)
    )
    assert (prompt.prefix, prompt.forced) == (plain.prefix, plain.forced)
    assert [excerpt for excerpt, _ in prompt.excerpts] == [SHOP, TILL]


def test_qwens_prompt_is_the_one_it_was_trained_with(
    tokenizer_for: Callable[..., Tokenizer],
) -> None:
    tokenizer = tokenizer_for(QWEN)
    prompt = build_prompt(tokenizer, QWEN, "x = 1\n", ")", WIDE, around=around(TILL))
    assert written(tokenizer, prompt.ids) == (
        "<|repo_name|>store\n<|file_sep|>till.py\nclass Till: ...\n<|file_sep|>main.py\n"
        "<|fim_prefix|><|fim_suffix|>)<|fim_middle|>x = 1\n"
    )


@pytest.mark.parametrize(("language", "mark"), [("python", "#"), ("go", "//")])
@pytest.mark.parametrize("fim_format", [None, by_name("codestral"), by_name("deepseek-coder")])
def test_other_models_read_comments_at_the_top_of_the_prefix(
    tokenizer_for: Callable[..., Tokenizer],
    fim_format: FimFormat | None,
    language: str,
    mark: str,
) -> None:
    tokenizer = tokenizer_for(fim_format or QWEN)
    surroundings = around(SHOP, language=language)
    plain = build_prompt(tokenizer, fim_format, PREFIX, SUFFIX, WIDE)
    prompt = build_prompt(tokenizer, fim_format, PREFIX, SUFFIX, WIDE, around=surroundings)
    comments = f"{mark} shop/shop.py\n{mark} def total(items):\n{mark}     ...\n\n"
    text, before = written(tokenizer, prompt.ids), written(tokenizer, plain.ids)
    assert text.replace(comments, "") == before
    is_anchored = fim_format is not None and Part.LINE in fim_format.segments
    assert comments + ("import shop\n" if is_anchored else "import shop\nshop.") in text


def test_a_texts_own_sentinels_stay_text(tokenizer_for: Callable[..., Tokenizer]) -> None:
    tokenizer = tokenizer_for(QWEN)
    sly = OtherFile("<|fim_prefix|>.py", "<|file_sep|>x\n<|endoftext|>")
    surroundings = Surroundings("<|repo_name|>", "<|fim_suffix|>", "python", (sly,))
    prompt = build_prompt(tokenizer, QWEN, "x", "", WIDE, around=surroundings)
    controls = [id_ for id_ in prompt.ids if id_ in tokenizer.control_ids.values()]
    names = ["<|repo_name|>", *["<|file_sep|>"] * 2, *QWEN.sentinels]
    assert controls == [tokenizer.control_ids[name] for name in names]


def test_what_does_not_fit_is_left_out_the_best_last(
    tokenizer_for: Callable[..., Tokenizer],
) -> None:
    tokenizer = tokenizer_for(QWEN)
    long = OtherFile("long.py", "x = 1\n" * 200)
    surroundings = around(SHOP, long, TILL)
    plain = build_prompt(tokenizer, QWEN, PREFIX, SUFFIX, WIDE)
    everything = build_prompt(
        tokenizer, QWEN, PREFIX, SUFFIX, replace(WIDE, context_tokens=9999), around=surroundings
    )
    sizes = {excerpt.path: tokens for excerpt, tokens in everything.excerpts}
    frame = len(everything.ids) - len(plain.ids) - sum(sizes.values())
    for room, left in [(0, [SHOP, TILL]), (-1, [TILL])]:
        budget = replace(WIDE, context_tokens=frame + sizes[SHOP.path] + sizes[TILL.path] + room)
        prompt = build_prompt(tokenizer, QWEN, PREFIX, SUFFIX, budget, around=surroundings)
        assert [excerpt for excerpt, _ in prompt.excerpts] == left
        assert len(prompt.ids) - len(plain.ids) <= budget.context_tokens


@pytest.mark.model
def test_the_default_model_reads_one_sentinel_each(default_model_folder: Path) -> None:
    tokenizer = Tokenizer.load(default_model_folder)
    prompt = build_prompt(tokenizer, QWEN, "x", "", WIDE, around=around(TILL))
    assert prompt.ids[0] == tokenizer.control_ids["<|repo_name|>"]
    assert prompt.ids.count(tokenizer.control_ids["<|file_sep|>"]) == 2
