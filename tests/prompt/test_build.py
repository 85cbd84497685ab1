import os
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise

import pytest
from tokenizers import Tokenizer as Library

from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.build import PromptBudget, build_prompt
from codegen_lsp.prompt.formats import FORMATS, FimFormat, Part, by_name
from codegen_lsp.prompt.opening import OpeningConstraint

WIDE = PromptBudget(1000, 500)
QWEN = by_name("qwen2.5-coder")


def written(tokenizer: Tokenizer, ids: list[int]) -> str:
    names = {id_: name for name, id_ in tokenizer.control_ids.items()}
    return "".join(names.get(id_, tokenizer.decode([id_])) for id_ in ids)


def test_the_prompt_is_the_format_filled_in(
    fim_format: FimFormat, tokenizer_for: Callable[..., Tokenizer]
) -> None:
    tokenizer = tokenizer_for(fim_format)
    prompt = build_prompt(tokenizer, fim_format, "def add(\n", "):\n", WIDE)
    parts = {Part.PREFIX: "def add(\n", Part.SUFFIX: "):\n", Part.LINE: ""}
    expected = "".join(
        segment if isinstance(segment, str) else parts[segment] for segment in fim_format.segments
    )
    assert written(tokenizer, prompt.ids) == expected
    assert prompt.format_name == fim_format.name
    assert (prompt.prefix, prompt.suffix, prompt.forced) == ("def add(\n", "):\n", b"")


def test_a_bos_token_comes_first_and_once(
    fim_format: FimFormat, tokenizer_for: Callable[..., Tokenizer]
) -> None:
    tokenizer = tokenizer_for(fim_format, bos="<bos>")
    prompt = build_prompt(tokenizer, fim_format, "<bos>\n", "<bos>", WIDE)
    assert prompt.ids[0] == tokenizer.bos_id == tokenizer.control_ids["<bos>"]
    assert prompt.ids.count(prompt.ids[0]) == 1


def test_sentinels_in_the_users_code_are_text(
    fim_format: FimFormat, tokenizer_for: Callable[..., Tokenizer]
) -> None:
    tokenizer = tokenizer_for(fim_format)
    every = "".join(tokenizer.control_ids)
    prompt = build_prompt(tokenizer, fim_format, every + "\n", every, WIDE)
    controls = {*tokenizer.control_ids.values()}
    found = [id_ for id_ in prompt.ids if id_ in controls]
    assert found == [tokenizer.control_ids[name] for name in fim_format.sentinels]


def test_the_healed_end_of_the_prefix_is_forced(
    fim_format: FimFormat, tokenizer_for: Callable[..., Tokenizer]
) -> None:
    tokenizer = tokenizer_for(fim_format)
    whole = build_prompt(tokenizer, fim_format, "x = 1\n", ")", WIDE)
    prompt = build_prompt(tokenizer, fim_format, "x = 1\nretu", ")", WIDE)
    assert prompt.ids == whole.ids
    assert prompt.forced == b"retu"
    assert prompt.prefix == "x = 1\nretu"
    allowed = OpeningConstraint(tokenizer, prompt.forced).allowed()
    assert tokenizer.encode("return")[0] in (allowed or ())


def test_every_control_token_stops(tokenizer: Tokenizer) -> None:
    prompt = build_prompt(tokenizer, QWEN, "x", "", WIDE)
    assert prompt.stop_ids == frozenset(tokenizer.control_ids.values())


def test_typing_in_a_line_only_appends(
    fim_format: FimFormat, tokenizer_for: Callable[..., Tokenizer]
) -> None:
    tokenizer = tokenizer_for(fim_format)
    above, line = "def add(first, second):\n", "    return first + second"
    prompts = [
        build_prompt(tokenizer, fim_format, above + line[:typed], "\nend\n", WIDE).ids
        for typed in range(len(line) + 1)
    ]
    is_last = fim_format.segments[-1] in (Part.PREFIX, Part.LINE)
    ids = [prompt if is_last else prompt[:-1] for prompt in prompts]  # without the last sentinel
    for shorter, longer in pairwise(ids):
        common = min(len(shorter), len(longer))
        assert shorter[:common] == longer[:common]


def test_lines_too_are_only_appended_in_a_suffix_first_format(tokenizer: Tokenizer) -> None:
    code = "def add(first, second):\n    return first + second\n"
    ids = [
        build_prompt(tokenizer, QWEN, code[:typed], "\nend\n", WIDE).ids
        for typed in range(len(code) + 1)
    ]
    for shorter, longer in pairwise(ids):
        common = min(len(shorter), len(longer))
        assert shorter[:common] == longer[:common]


def test_an_anchored_line_stands_behind_the_suffix_and_is_healed(
    tokenizer_for: Callable[..., Tokenizer],
) -> None:
    fim_format = by_name("starcoder2")
    tokenizer = tokenizer_for(fim_format)
    prompt = build_prompt(tokenizer, fim_format, "x = 1\nself.app.to", "\nend\n", WIDE)
    assert (
        written(tokenizer, prompt.ids)
        == "<fim_prefix>x = 1\n<fim_suffix>\nend\n<fim_middle>self.app."
    )
    assert prompt.forced == b"to"
    assert prompt.prefix == "x = 1\nself.app.to"
    assert prompt.prefix_tokens == len(prompt.ids) - prompt.suffix_tokens - 3


def test_the_budget_holds_on_both_sides(tokenizer: Tokenizer) -> None:
    text = "value = compute(1)\n" * 500
    prompt = build_prompt(tokenizer, QWEN, text, text, PromptBudget(90, 40))
    assert len(prompt.ids) <= 90 + 40 + 3
    assert text.endswith(prompt.prefix)
    assert text.startswith(prompt.suffix)
    assert prompt.prefix
    assert prompt.suffix


def test_without_a_format_the_prefix_alone_is_read(tokenizer: Tokenizer) -> None:
    prompt = build_prompt(tokenizer, None, "x = 1\nself.", "ignored", WIDE)
    assert prompt.format_name is None
    assert prompt.suffix == ""
    assert tokenizer.decode(prompt.ids) + prompt.forced.decode() == "x = 1\nself."


@pytest.mark.parametrize("prefix", ["", "retu", "    ", "\n", "@"])
@pytest.mark.parametrize("bos", [None, "<bos>"])
@pytest.mark.parametrize("fim_format", [None, FORMATS[0]])
def test_no_prompt_is_empty(
    prefix: str, bos: str | None, fim_format: FimFormat | None, byte_level: Callable[..., Library]
) -> None:
    controls = [*FORMATS[0].sentinels, "<bos>"]
    tokenizer = Tokenizer(byte_level(controls, bos))
    assert build_prompt(tokenizer, fim_format, prefix, "", WIDE).ids


def test_a_lone_surrogate_at_the_cursor_is_no_error(tokenizer: Tokenizer) -> None:
    prompt = build_prompt(tokenizer, QWEN, "x = '\ud83d", "\udc4d'", WIDE)
    assert prompt.forced.endswith(b"?")


def test_prompts_need_neither_torch_nor_transformers() -> None:
    check = (
        "import sys, codegen_lsp.prompt.build; "
        "sys.exit(bool({'torch', 'transformers', 'numpy'} & sys.modules.keys()))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", check], check=True, env=environment)


@pytest.mark.model
def test_qwen_prompt_ids(qwen: Tokenizer) -> None:
    prompt = build_prompt(qwen, QWEN, "def add(a, b):\n    retu", "\n\nprint(add(1, 2))\n", WIDE)
    assert prompt.ids == [
        151659, 151661, 271, 1350, 25906, 7, 16, 11, 220, 17, 1171, 151660,
        750, 912, 2877, 11, 293, 982, 262,
    ]  # fmt: skip
    assert prompt.forced == b" retu"
