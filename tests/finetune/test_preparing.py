"""What a run begins with."""

from pathlib import Path

import pytest

from codegen_lsp.errors import UsageError
from finetune.digests import digest_of_cases, digest_of_split
from finetune.preparing import Base, Prepared, load_base, prepare
from finetune.settings import FinetuneSettings
from tests.adapters import tiny_base
from tests.finetune.repositories import commit, module

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")
FILES = {f"{name}.py": module(name) for name in NAMES}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return load_base(str(tiny_base(tmp_path_factory.mktemp("base"))))


def in_tree(prepared: Prepared) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in prepared.tree.glob("*.py")}


def learnt(prepared: Prepared) -> dict[str, str]:
    return {file.path: file.text for file in prepared.split.train}


def test_the_tree_holds_what_is_learnt_also_after_another_split(base: Base, tmp_path: Path) -> None:
    commit(tmp_path / "shop", FILES)
    first = prepare(tmp_path / "shop", base, FinetuneSettings(cases=6), tmp_path / "out")
    assert in_tree(first) == learnt(first)
    assert first.tree.name == "shop"
    other = prepare(tmp_path / "shop", base, FinetuneSettings(cases=6, seed=1), tmp_path / "out")
    assert learnt(other) != learnt(first)
    assert in_tree(other) == learnt(other)


def test_a_tree_that_holds_what_is_learnt_is_not_written_again(base: Base, tmp_path: Path) -> None:
    commit(tmp_path / "shop", FILES)
    settings = FinetuneSettings(cases=6)
    tree = prepare(tmp_path / "shop", base, settings, tmp_path / "out").tree
    before = {file: file.stat().st_mtime_ns for file in tree.glob("*.py")}
    prepare(tmp_path / "shop", base, settings, tmp_path / "out")
    assert {file: file.stat().st_mtime_ns for file in tree.glob("*.py")} == before


def test_what_a_killed_process_has_left_of_a_tree_is_written_anew(
    base: Base, tmp_path: Path
) -> None:
    commit(tmp_path / "shop", FILES)
    settings = FinetuneSettings(cases=6)
    first = prepare(tmp_path / "shop", base, settings, tmp_path / "whole")
    part = tmp_path / "out" / "tree" / "shop"
    part.mkdir(parents=True)
    (part / "alpha.py").write_text("cut off", encoding="utf-8")
    assert in_tree(prepare(tmp_path / "shop", base, settings, tmp_path / "out")) == learnt(first)


def test_a_shortage_of_cases_leaves_some_to_stop_by(base: Base, tmp_path: Path) -> None:
    commit(tmp_path / "shop", FILES)
    found = prepare(tmp_path / "shop", base, FinetuneSettings(), tmp_path / "out")
    assert 0 < len(found.validation) < len(found.cases) < 150


def test_nothing_to_ask_for_is_refused(base: Base, tmp_path: Path) -> None:
    since = commit(tmp_path / "shop", FILES)
    commit(tmp_path / "shop", {"new.py": "x\n"})
    with pytest.raises(UsageError, match=r"nothing can be cut .* --since") as refusal:
        prepare(tmp_path / "shop", base, FinetuneSettings(), tmp_path / "out", since=since)
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "out").exists()
    commit(tmp_path / "two", {"a.py": module("a"), "b.py": "x\n"})
    with pytest.raises(UsageError, match="too short"):
        prepare(tmp_path / "two", base, FinetuneSettings(), tmp_path / "out")


def test_another_split_and_other_cases_have_another_digest(base: Base, tmp_path: Path) -> None:
    commit(tmp_path / "shop", FILES)

    def digests(**settings: int) -> tuple[str, str]:
        given = FinetuneSettings.model_validate({"cases": 6, "validation_cases": 2} | settings)
        found = prepare(tmp_path / "shop", base, given, tmp_path / "out")
        return digest_of_split(found.split), digest_of_cases([found.cases, found.validation])

    first = digests()
    assert digests() == first
    assert digests(cases=5, validation_cases=3)[1] != first[1]
    other = digests(seed=1)
    assert other[0] != first[0]
    assert other[1] != first[1]
