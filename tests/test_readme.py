"""The README says what the code does."""

import json
from pathlib import Path

import pytest

from codegen_lsp.completion.confidence import MEANINGS
from codegen_lsp.completion.filters.chain import FILTERS
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.config.describe import settings_table
from codegen_lsp.context.denied import readme_table
from codegen_lsp.context.generated import GENERATED
from codegen_lsp.context.refusals import Refusal
from codegen_lsp.prompt.formats import FORMATS
from finetune.settings import FinetuneSettings

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_listed_with_its_meaning(reason: Reason) -> None:
    assert f"| `{reason}` | {reason.meaning} |" in README


def test_what_is_held_back_names_every_filter_in_its_order_and_every_feature() -> None:
    section = README.partition("\n## What is suggested, and what is held back\n")[2]
    section = section.partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    filters = [row.split("`")[1] for row in rows[: len(FILTERS)]]
    assert filters == [name for name, _ in FILTERS]
    assert rows[len(FILTERS) :] == [f"| `{name}` | {said} |" for name, said in MEANINGS.items()]


def test_every_family_of_formats_is_named() -> None:
    text = README.lower().replace("-", "").replace(".", "")
    families = {entry.name.rstrip("0123456789-").replace("-", "") for entry in FORMATS}
    assert [family for family in families if family.replace(".", "") not in text] == []


def test_the_table_of_settings_is_the_schemas() -> None:
    section = README.partition("\n### Settings\n")[2].partition("\n### ")[0]
    table = [line for line in section.splitlines() if line.startswith("|")]
    assert "\n".join(table) == settings_table()


def test_the_table_of_fine_tunings_settings_is_theirs() -> None:
    section = README.partition("\n## Teach it your repository\n")[2].partition("\n## ")[0]
    _, _, table = section.partition("| setting | default | |\n|---|---|---|\n")
    rows = [
        f"| `{name}` | `{json.dumps(field.default)}` | {' '.join(str(field.description).split())} |"
        for name, field in FinetuneSettings.model_fields.items()
    ]
    assert table.partition("\n\n")[0].splitlines() == rows


def test_privacy_lists_what_is_never_read() -> None:
    section = README.partition("\n## Privacy\n")[2].partition("\n## ")[0]
    assert f"\n\n{readme_table()}\n\n" in section
    assert f"{', '.join(f'`{pattern}`' for pattern in GENERATED)}; and files" in section
    codes = [f"| `{refusal}` | {refusal.meaning} |" for refusal in Refusal]
    assert "\n".join(["| code | meaning |", "|---|---|", *codes, ""]) in section
