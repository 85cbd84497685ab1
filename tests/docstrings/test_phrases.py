import pytest

from codegen_lsp.docstrings.gaps import Gap
from codegen_lsp.docstrings.phrases import finished, shorter, tidy
from codegen_lsp.docstrings.sentences import Said
from codegen_lsp.syntax.signatures.facts import Parameter, Raised

SUMMARY = Gap(None, "", "Summary:", is_order=True)
OF_CLASS = Gap(None, "", "Summary:")
PARAMETER = Gap("parameters", "path", "Parameter path:", parameter=Parameter("path"))
FLAG = Gap("parameters", "all", "Parameter all:", "Whether", "bool", Parameter("all", "bool"))
RETURNS = Gap("returns", "", "Returns:")
RAISES = Gap("raises", "KeyError", "Raises KeyError:", "If", raised=Raised("KeyError"))


def whole(text: str) -> Said:
    return Said(text, is_complete=True, mean_logprob=-0.1)


def cut_off(text: str) -> Said:
    return Said(text, is_complete=False, mean_logprob=-0.1)


@pytest.mark.parametrize(
    ("gap", "said", "expected"),
    [
        (SUMMARY, "Returns the rows of a table", "Return the rows of a table."),
        (SUMMARY, "This function retrieves a user.", "Retrieve a user."),
        (SUMMARY, "This method is used to close the file.", "Close the file."),
        (SUMMARY, "Check if the path exists.", "Check whether the path exists."),
        (SUMMARY, "Validate hints, ensuring they are known.", "Validate hints."),
        (SUMMARY, "Close it, for example when a user logs out.", "Close it."),
        (SUMMARY, "Wait for the event, if there is one.", "Wait for the event."),
        (SUMMARY, "Read  a\tfile", "Read a file."),
        (SUMMARY, "**Read** a file.", "Read a file."),
        (OF_CLASS, "Represents a table of rows.", "A table of rows."),
        (OF_CLASS, "Returns the name of the table.", "The name of the table."),
        (OF_CLASS, "Stores rows.", "Stores rows."),
        (PARAMETER, "the path of the file", "The path of the file."),
        (PARAMETER, "str: The path of the file.", "The path of the file."),
        (PARAMETER, "(str, optional): The path of the file.", "The path of the file."),
        (PARAMETER, "A string representing the path.", "The path."),
        (PARAMETER, "A boolean indicating whether to write.", "Whether to write."),
        (PARAMETER, "Indicates whether to write.", "Whether to write."),
        (PARAMETER, "The client, or None if not provided.", "The client."),
        (PARAMETER, "The tool to use, or `True` for none.", "The tool to use."),
        (PARAMETER, "The reason, for the log.", "The reason."),
        (PARAMETER, "my_rows to read", "my_rows to read."),
        (FLAG, "Whether all are read, which is useful.", "Whether all are read."),
        (RETURNS, "The value, or None if the key is old.", "The value, or None."),
        (RAISES, "If there is no key, or none is known.", "If there is no key, or none is known."),
    ],
)
def test_sentence_is_made_tidy(gap: Gap, said: str, expected: str) -> None:
    assert tidy(whole(said), gap) == expected


def test_sentence_cut_off_at_the_limit_ends_at_its_last_clause() -> None:
    said = cut_off("Get the rows of a table and the columns that belong")
    assert tidy(said, SUMMARY) == "Get the rows of a table and the columns."


def test_nothing_is_left_of_a_sentence_cut_off_before_any_clause() -> None:
    assert tidy(cut_off("Antidisestablishmentarian"), SUMMARY) == ""


def test_sentence_may_end_with_a_preposition() -> None:
    assert tidy(whole("The agent to start from."), PARAMETER) == "The agent to start from."


def test_shorter_sentence_does_not_end_where_a_word_leads_on() -> None:
    assert list(shorter("Ask of the and all of them.")) == []


def test_shorter_sentences_come_longest_first() -> None:
    assert list(shorter("Read the rows of a table from a file, or none.")) == [
        "Read the rows of a table from a file.",
        "Read the rows of a table.",
    ]


@pytest.mark.parametrize("text", ["", "...", "Read it (if", "Read `it"])
def test_open_or_empty_text_is_no_sentence(text: str) -> None:
    assert finished(text) == ""


def test_name_of_the_code_keeps_its_first_letter() -> None:
    assert finished("`path` as it is") == "`path` as it is."
    assert finished("read_rows as it is") == "read_rows as it is."
