"""The script that serves adapters with vLLM: valid shell, and what vLLM would be given."""

import os
import subprocess
from pathlib import Path

import pytest

from codegen_lsp.errors import UsageError
from codegen_lsp.models.adapters import Adapter
from finetune.exporting.vllm import ServedAdapter, serve_config_vllm


def served(
    folder: str = "/adapters/one",
    *,
    id_: str = "0123456789ab",
    repository: str = "shop",
    rank: int = 32,
    has_magnitudes: bool = False,
    sums: str = "aa",
) -> ServedAdapter:
    adapter = Adapter(
        folder=Path(folder),
        id=id_,
        base="tiny",
        base_sha256=sums,
        format_id="qwen2.5-coder",
        rank=rank,
        scaling=2.0,
        modules=("q_proj",),
        has_magnitudes=has_magnitudes,
    )
    return ServedAdapter(repository, adapter)


def run_with_echo(script: str, tmp_path: Path) -> list[str]:
    """The arguments that the script gives to vLLM, one after another, and the variable it sets."""
    fake = tmp_path / "vllm"
    fake.write_text('#!/bin/sh\nprintf "%s\\n" "$VLLM_ALLOW_RUNTIME_LORA_UPDATING" "$@"\n')
    fake.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    command = ["sh", "-c", script]
    result = subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=True)
    return result.stdout.splitlines()


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_what_vllm_is_given(tmp_path: Path) -> None:
    adapters = [
        served("/adapters/it's one", repository="My Shop!"),
        served("/adapters/two", id_="ba9876543210", repository="bank", rank=33),
    ]
    assert run_with_echo(serve_config_vllm(adapters, "some models/Base"), tmp_path) == [
        "True",
        *("serve", "some models/Base", "--enable-lora"),
        *("--max-lora-rank", "64", "--max-loras", "3"),
        *("--lora-modules", "My-Shop-0123456789ab=/adapters/it's one"),
        "bank-ba9876543210=/adapters/two",
        "--enable-prefix-caching",
    ]


@pytest.mark.parametrize(("rank", "allowed"), [(1, 8), (8, 8), (9, 16), (320, 320), (321, 512)])
def test_the_rank_is_one_that_vllm_allows(rank: int, allowed: int) -> None:
    assert f"--max-lora-rank {allowed} " in serve_config_vllm([served(rank=rank)], "base")


def test_speculation_is_only_in_a_comment() -> None:
    lines = serve_config_vllm([served()], "base").splitlines()
    mentioned = [line for line in lines if "ngram" in line or "speculative" in line]
    assert mentioned
    assert all(line.startswith("#") for line in mentioned)
    assert any("not tried here" in line for line in lines)


@pytest.mark.parametrize(
    ("repository", "name"), [("--x=1, y", "x-1-y"), ("läden", "läden"), ("%%", "repository")]
)
def test_names_say_the_repository(repository: str, name: str) -> None:
    assert served(repository=repository).name == f"{name}-0123456789ab"


def test_a_base_with_a_line_break_adds_no_line() -> None:
    script = serve_config_vllm([served()], "base\ntouch owned")
    assert "\ntouch" not in script.replace("'base\ntouch owned'", "")


@pytest.mark.parametrize(
    ("adapters", "words"),
    [
        ([], "no adapter to serve"),
        ([served(rank=513)], "its rank, 513, is above 512"),
        ([served(has_magnitudes=True)], "it is a DoRA"),
        ([served("/adapters/a=b")], "its path, /adapters/a=b, has a = or a comma"),
        ([served(), served(sums="bb")], "for different weights"),
    ],
)
def test_what_vllm_cannot_serve_is_refused(adapters: list[ServedAdapter], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        serve_config_vllm(adapters, "base")
