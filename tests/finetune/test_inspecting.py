"""What is said of a training before there is one."""

import json
from pathlib import Path

from finetune.inspecting import inspect, render
from finetune.settings import FinetuneSettings
from finetune.splitting import split
from tests.finetune.repositories import commit, module
from tests.scripted_models import QWEN, TOKENIZER

FILES = {
    **{f"shop/m{n}.py": module(f"m{n}") for n in range(8)},
    "copy.py": module("m3"),
    "third_party/LICENSE": "Permission is hereby granted, free of charge",
    "third_party/x.py": "x = 1\n",
    "notes.md": "# Notes\n",
}


def test_everything_is_accounted_for(tmp_path: Path) -> None:
    last = commit(tmp_path, FILES)
    said = json.loads(json.dumps(inspect(tmp_path, TOKENIZER, QWEN, FinetuneSettings()).as_json()))
    assert said["commit"] == last
    assert sorted(each["path"] for each in said["kept"] + said["rejected"]) == sorted(FILES)
    assert {each["path"]: each["reason"] for each in said["rejected"]} == {
        "shop/m3.py": "duplicate of copy.py",
        "third_party/LICENSE": "vendored",
        "third_party/x.py": "vendored",
        "notes.md": "no code",
    }
    assert {each["licence"] for each in said["rejected"]} == {None, "MIT"}
    learnt = [each for each in said["kept"] if not each["held_out"]]
    assert said["tokens"] == sum(len(TOKENIZER.encode(FILES[each["path"]])) for each in learnt)
    assert said["split"]["held_out"] == [e["path"] for e in said["kept"] if e["held_out"]]
    assert said["split"]["cases"] > 5


def test_people_see_reasons_and_labels(tmp_path: Path) -> None:
    commit(tmp_path, FILES)
    inspection = inspect(tmp_path, TOKENIZER, QWEN, FinetuneSettings())
    text = "\n".join(render(inspection))
    assert "  shop/m3.py: duplicate of copy.py\n" in text
    assert "  third_party/x.py: vendored (MIT)\n" in text
    assert f"{inspection.tokens:,} tokens" in text
    assert text.count("⟦") == text.count("⟧") == len(inspection.examples) == 5
    assert "<|fim_middle|>" in text
    assert text.count(" tokens with loss, ") == text.count(" of them at weight 0.3\n") == 5
    assert "<|endoftext|>⟧" in text
    assert "\x1b[2m" not in text
    assert "\x1b[2m<|fim_prefix|>" in "\n".join(render(inspection, colour=True))


def test_one_file_and_none_can_be_looked_at(tmp_path: Path) -> None:
    commit(tmp_path / "none", {"notes.md": "# Notes\n"})
    assert inspect(tmp_path / "none", TOKENIZER, QWEN, FinetuneSettings()).tokens == 0
    commit(tmp_path / "one", {"a.py": module("a")})
    found = inspect(tmp_path / "one", TOKENIZER, QWEN, FinetuneSettings())
    assert (len(found.kept), found.cases, found.validation_cases) == (1, 0, 0)
    assert list(render(found))


def test_a_split_by_time_is_told(tmp_path: Path) -> None:
    since = commit(tmp_path, FILES)
    until = commit(tmp_path, {"new.py": module("new")})
    found = inspect(tmp_path, TOKENIZER, QWEN, FinetuneSettings(), since=since)
    text = "\n".join(render(found))
    assert f"held out: lines added until {until[:12]} in 1 files" in text
    assert "new.py" not in {file.path for file in found.kept}


def test_the_split_is_that_of_the_settings(tmp_path: Path) -> None:
    commit(tmp_path, FILES)
    settings = FinetuneSettings(cases=4, validation_cases=2, seed=5)
    found = inspect(tmp_path, TOKENIZER, QWEN, settings)
    trained = split(tmp_path, seed=5, cases=4)
    assert found.split == trained
    assert trained != split(tmp_path, seed=5)
    text = "\n".join(render(found))
    assert "files, 4 cases and 2 more to stop by" in text
    said = json.loads(json.dumps(found.as_json()))["split"]
    assert (said["cases"], said["validation_cases"]) == (4, 2)


def test_a_shortage_of_cases_is_told(tmp_path: Path) -> None:
    commit(tmp_path, FILES)
    found = inspect(tmp_path, TOKENIZER, QWEN, FinetuneSettings())
    assert 0 < found.cases < 150
    assert 0 < found.validation_cases < 30
    said = f"{found.cases} cases and {found.validation_cases} more to stop by, of 150 and 30 wanted"
    assert said in "\n".join(render(found))
