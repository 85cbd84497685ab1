"""Reason codes."""

from codegen_lsp.completion.reasons import Reason


def test_a_code_is_its_name_in_lower_case() -> None:
    assert [str(reason) for reason in Reason] == [reason.name.lower() for reason in Reason]


def test_every_code_has_a_meaning_of_one_line() -> None:
    meanings = [reason.meaning for reason in Reason]
    assert all(meanings)
    assert not any("\n" in meaning for meaning in meanings)
    assert len(set(meanings)) == len(meanings)
