import pytest

from codegen_lsp.docstrings.claims import Claim
from codegen_lsp.docstrings.gaps import Gap, gaps_of
from codegen_lsp.docstrings.truth import Fault, fault
from codegen_lsp.docstrings.words import Code, Wanted
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter, Raised

LOAD_ROWS = """\
def load_rows(path: Path, limit: int | None = None, mode: str = "fast") -> list[Row]:
    if not path.exists():
        raise FileNotFoundError(path)
    return [Row.parse(line) for line in path.read_text().splitlines()[:limit]][:500]"""
PARAMETERS = (
    Parameter("path", "Path"),
    Parameter("limit", "int | None", "None", is_optional=True),
    Parameter("mode", "str", '"fast"', is_optional=True),
)
NAMES = frozenset({"load_rows", "path", "limit", "mode", "Row", "parse", "TableError", "userName"})


def code(source: str = LOAD_ROWS, **facts: object) -> Code:
    known: dict[str, object] = {
        "name": "load_rows",
        "kind": "function",
        "parameters": PARAMETERS,
        "returns": "list[Row]",
        "returns_value": True,
        "raises": (Raised("FileNotFoundError", "not path.exists()"),),
    }
    documentable = Documentable(
        container="",
        start=0,
        end=len(source),
        signature=source.partition("\n")[0],
        body=None,
        placement="inside",
        insert_at=0,
        indent="    ",
        **(known | facts),  # type: ignore[arg-type]
    )
    return Code(documentable, "python", source, (), NAMES)


def found(place: str, sentence: str, about: Code | None = None, **claim: object) -> Fault | None:
    """What is wrong with `sentence` at `place`: "summary", "returns" or a parameter's name."""
    about = about or code()
    entries = {"summary": (), "returns": (("returns", ""),)}
    wanted = entries.get(place, (("parameters", place),))
    (gap,) = gaps_of(about.documentable, Wanted(place == "summary", wanted))  # type: ignore[arg-type]
    return fault(Claim(sentence, gap, about, **claim))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("summary", "Read the rows of a table."),
        ("summary", "Return the rows as `Row` objects."),
        ("summary", "Parse the rows with Row.parse()."),
        ("summary", "Read at most 500 rows."),
        ("summary", "Load the rows if the path exists."),
        ("path", "The file to read."),
        ("limit", "How many lines to read, all of them by default."),
        ("limit", "The most lines to read, None by default."),
        ("limit", "The optional number of lines."),
        ("mode", 'How to read, "fast" by default.'),
        ("mode", "How to read, defaults to fast."),
        ("returns", "The rows that were read."),
        ("returns", "A list of the rows."),
    ],
)
def test_true_sentence_passes(place: str, sentence: str) -> None:
    assert found(place, sentence) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Description of the path.",
        "The parameter to pass.",
        "TODO.",
        "The value of the parameter path.",
        "A file that this function reads.",
        "None.",
        "Not used.",
        "See above.",
        "N/A.",
        "The argument.",
        "Placeholder for the path.",
        "Path object, optional.",
        "A list[Path].",
    ],
)
def test_placeholder_is_told(sentence: str) -> None:
    assert found("path", sentence) is Fault.PLACEHOLDER


@pytest.mark.parametrize(
    "sentence",
    [
        "The path.",
        "Path.",
        "The path to use.",
        "The given path.",
        "A path object.",
        "The `path` value.",
        "The path parameter.",
        "The specified path.",
        "An input path.",
        "The paths.",
    ],
)
def test_restated_name_is_told(sentence: str) -> None:
    assert found("path", sentence) is Fault.RESTATES_NAME


@pytest.mark.parametrize(
    "sentence",
    [
        "Read the `table`.",
        "Read the `rows.table`.",
        "Call read_table.",
        "Call `load_row`.",
        "Return a `TableView`.",
        "Use the tableName.",
        "Return a TableView.",
        "Call table().",
        "Read self.table.",
        "Use `limit` and `offset`.",
        "GET the rows.",
    ],
)
def test_name_that_is_not_in_the_file_is_told(sentence: str) -> None:
    assert found("summary", sentence) is Fault.UNKNOWN_NAME


@pytest.mark.parametrize(
    "sentence",
    [
        "Load `TableError` rows.",
        "Load the userName rows.",
        "Return rows or `None`.",
        "Load OpenAI rows.",
    ],
)
def test_name_that_is_known_passes_that_check(sentence: str) -> None:
    assert found("summary", sentence, code(LOAD_ROWS + "  # github")) is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Read 10 rows.", Fault.UNKNOWN_NUMBER),
        ("Read 50 rows.", Fault.UNKNOWN_NUMBER),
        ("Read 5 rows.", Fault.UNKNOWN_NUMBER),
        ("Wait for 1.5 seconds.", Fault.UNKNOWN_NUMBER),
        ("Read 500 rows.", None),
        ('Read "slow" rows.', Fault.UNKNOWN_QUOTE),
        ("Read 'slow' rows.", Fault.UNKNOWN_QUOTE),
        ("Read “slow” rows.", Fault.UNKNOWN_QUOTE),
        ('Read "fast" rows.', None),
        ("Read the table's rows and the file's lines.", None),
    ],
)
def test_numbers_and_quoted_text_come_from_the_code(sentence: str, expected: Fault | None) -> None:
    about = code(LOAD_ROWS + "  # of a table, after some seconds")
    assert found("summary", sentence, about) is expected


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("path", "The optional file to read."),
        ("path", "The file to read, defaults to none."),
        ("path", "The default file to read."),
        ("path", "The file to read if given."),
        ("limit", "The required number of lines."),
        ("limit", "How many lines to read, 500 by default."),
        ("limit", "How many lines to read, default is zero."),
        ("limit", "How many lines to read, defaulting to fast."),
        ("mode", "How to read, defaults to slow."),
        ("mode", "How to read, all of them by default."),
    ],
)
def test_wrong_default_is_told(place: str, sentence: str) -> None:
    assert found(place, sentence) is Fault.WRONG_DEFAULT


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("limit", "A list of lines to read."),
        ("limit", "Whether to limit the lines."),
        ("limit", "A dictionary of lines."),
        ("limit", "A string to read."),
        ("mode", "A boolean to read all."),
        ("mode", "True if all are read."),
        ("mode", "An integer to read."),
        ("returns", "A string with the rows."),
        ("returns", "True when all rows were read."),
        ("returns", "The rows, or None."),
        ("returns", "The function with the rows."),
    ],
)
def test_wrong_type_is_told(place: str, sentence: str) -> None:
    assert found(place, sentence) is Fault.WRONG_TYPE


def test_what_is_yielded_is_no_generator() -> None:
    about = code("def f(rows):\n    yield rows[0]", yields=True)
    (gap,) = gaps_of(about.documentable, Wanted(False, (("yields", ""),)))
    assert fault(Claim("A generator of the rows.", gap, about)) is Fault.WRONG_TYPE
    assert fault(Claim("The first of the rows.", gap, about)) is None


def test_nothing_may_come_back_where_the_code_gives_nothing() -> None:
    plain = code("def f(rows):\n    return rows[0] or None", returns="")
    never = code("def f(rows):\n    return rows[0]", returns="")
    assert found("returns", "The first of the rows, or None.", plain) is None
    assert found("returns", "The first of the rows, or None.", never) is Fault.WRONG_TYPE


SUMS = "def f(rows):\n    total = len(rows)"


@pytest.mark.parametrize(
    ("sentence", "source", "facts"),
    [
        ("Read the rows asynchronously.", SUMS, {}),
        ("Run the async rows.", SUMS, {}),
        ("Raise an error.", SUMS, {"raises": ()}),
        ("Count the rows and raises an error.", SUMS, {"raises": ()}),
        ("Yield the rows.", SUMS, {}),
        ("Return the rows.", SUMS, {"returns_value": False}),
        ("Print the rows.", SUMS, {}),
        ("Count the rows and print them.", SUMS, {}),
        ("Count the rows if all are read.", SUMS, {}),
        ("Count the rows unless they are empty.", SUMS, {}),
        ("Check whether all rows are read.", "def f(rows):\n    return any(rows)", {}),
        ("Read the rows of a context manager.", SUMS, {}),
    ],
)
def test_effect_that_the_code_has_not_is_told(
    sentence: str, source: str, facts: dict[str, object]
) -> None:
    assert found("summary", sentence, code(source, **facts)) is Fault.WRONG_EFFECT


@pytest.mark.parametrize(
    ("sentence", "source", "facts"),
    [
        ("Read the rows asynchronously.", SUMS, {"is_async": True}),
        ("Load and yield rows.", "def f(rows):\n    yield rows", {}),
        ("Return the rows.", SUMS, {"yields": True, "returns_value": False}),
        ("Load and print rows.", "def f(rows):\n    print(rows)", {}),
        (
            "Check whether all rows are read.",
            "def f(rows):\n    return all(rows)",
            {"name": "are_read"},
        ),
    ],
)
def test_effect_that_the_code_has_passes(
    sentence: str, source: str, facts: dict[str, object]
) -> None:
    assert found("summary", sentence, code(source, **facts)) is None


@pytest.mark.parametrize(
    ("sentence", "mean_logprob", "expected"),
    [
        ("Read the rows of the database over the network.", -0.1, Fault.UNFOUNDED),
        ("Read the rows when a user logs out of a session.", -0.1, Fault.UNFOUNDED),
        ("Read the rows of the database.", -0.1, None),
        ("Read the rows of the database.", -0.65, Fault.UNFOUNDED),
        ("Read the rows of a file.", -0.65, None),
        ("Read the rows of a file.", -0.8, Fault.UNSURE),
        ("Load the rows.", -0.8, None),
        ("Load the rows.", -1.5, Fault.UNSURE),
    ],
)
def test_words_without_evidence_count_the_more_the_less_sure_the_model_was(
    sentence: str, mean_logprob: float, expected: Fault | None
) -> None:
    about = code(LOAD_ROWS + "  # file")
    assert found("summary", sentence, about, mean_logprob=mean_logprob) is expected


def test_entry_needs_a_model_that_is_sure() -> None:
    assert found("path", "The file to read.", mean_logprob=-0.5) is None
    assert found("path", "The text to parse.", mean_logprob=-0.65) is Fault.UNSURE


def test_callers_are_evidence_too() -> None:
    documentable = code().documentable
    about = Code(documentable, "python", LOAD_ROWS, ("db.execute(network)", "database()"), NAMES)
    assert found("summary", "Read the rows of the database over the network.", about) is None


def test_sentence_that_was_there_before_is_told() -> None:
    earlier = ["The number of lines."]
    assert found("limit", "The numbers of the line.", earlier=earlier) is Fault.REPEATS
    assert found("limit", "The number of bytes.", earlier=earlier) is None


def test_summary_of_a_function_is_an_order() -> None:
    assert found("summary", "Helper for the rows.") is Fault.NO_ORDER
    assert found("summary", "Helper for the rows.", code(kind="class")) is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Initialize a basket with a limit.", Fault.NO_NOUN),
        ("Represents the rows of a file.", Fault.NO_NOUN),
        ("The rows of a file.", None),
        ("Limit of the rows.", None),
    ],
)
def test_summary_of_a_class_says_what_it_is(sentence: str, expected: Fault | None) -> None:
    about = code(LOAD_ROWS + "  # basket file", kind="class")
    assert found("summary", sentence, about) is expected


@pytest.mark.parametrize(
    ("name", "sentence", "expected"),
    [
        ("load_rows", "Read the rows.", None),
        ("load_rows", "Delete the rows.", Fault.WRONG_VERB),
        ("require_rows", "Count the rows.", Fault.WRONG_VERB),
        ("require_rows", "Ensure that there are rows.", None),
        ("passes", "Pass the rows.", Fault.WRONG_VERB),
        ("rows_of", "Return the rows.", None),
        ("rows_of", "Delete the rows.", Fault.WRONG_VERB),
        ("is_read", "Check whether the rows are read.", None),
        ("is_read", "Read the rows.", Fault.WRONG_VERB),
        ("on_rows", "Handle the rows.", None),
        ("on_rows", "Read the rows.", Fault.WRONG_VERB),
        ("from_path", "Create the rows from a path.", None),
    ],
)
def test_summary_says_what_the_name_does(name: str, sentence: str, expected: Fault | None) -> None:
    assert found("summary", sentence, code(name=name)) is expected


@pytest.mark.parametrize(
    ("returns", "sentence", "expected"),
    [
        ("Response | None", "The path.", Fault.WRONG_NOUN),
        ("Response | None", "The response with the rows.", None),
        ("http.HttpResponse", "The response.", None),
        ("list[Row]", "The rows.", None),
        ("Path", "The file.", None),
        ("str", "The line.", None),
    ],
)
def test_what_is_returned_is_called_as_its_class(
    returns: str, sentence: str, expected: Fault | None
) -> None:
    assert found("returns", sentence, code(returns=returns)) is expected


@pytest.mark.parametrize(
    ("parameter", "sentence", "expected"),
    [
        (Parameter("strict", "bool"), "Whether to read the lines.", Fault.ABOUT_ANOTHER),
        (Parameter("strict", "bool"), "Whether to be strict.", None),
        (Parameter("mode", "str"), "How many lines of the path to read.", Fault.ABOUT_ANOTHER),
        (Parameter("mode", "str"), "How to read lines.", None),
        (Parameter("source", "Path"), "The path to read.", None),
        (Parameter("line_table"), "The table of the text lines.", Fault.ABOUT_ANOTHER),
    ],
)
def test_parameter_is_not_taken_for_another(
    parameter: Parameter, sentence: str, expected: Fault | None
) -> None:
    about = code(
        LOAD_ROWS + "  # strict",
        parameters=(Parameter("path", "Path"), Parameter("text_lines"), parameter),
    )
    assert found(parameter.name, sentence, about) is expected


@pytest.mark.parametrize(
    ("name", "sentence", "expected"),
    [
        ("copy_row_limit", "Copy the path.", Fault.LEAVES_NAME_OUT),
        ("copy_row_limit", "Copy the limit of a row.", None),
        ("load_rows", "Load lines.", Fault.LEAVES_NAME_OUT),
        ("load_rows", "Load rows of parse splitlines.", Fault.STRAYS),
        ("load", "Load the path.", None),
    ],
)
def test_summary_speaks_of_what_the_name_does(
    name: str, sentence: str, expected: Fault | None
) -> None:
    assert found("summary", sentence, code(name=name)) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The response from the server.", Fault.NOT_RETURNED),
        ("The message.", None),
        ("The sent message.", None),
    ],
)
def test_what_is_returned_is_spoken_of_where_it_is(sentence: str, expected: Fault | None) -> None:
    source = "def tell(text):\n    server.post(text)\n    return f'Message sent: {text}'"
    assert found("returns", sentence, code(source, name="tell", returns="str")) is expected


def test_property_is_not_embellished() -> None:
    about = code("def code(self):\n    return str(self.error_code)", kind="property", name="code")
    assert found("summary", "The error code of the last operation.", about) is Fault.UNFOUNDED
    assert found("summary", "The error code.", about) is None


def test_sentence_without_words_is_told() -> None:
    assert found("summary", "") is Fault.EMPTY
    flag = Gap("parameters", "all", "Parameter all:", "Whether", "bool", Parameter("all", "bool"))
    assert fault(Claim("Whether.", flag, code())) is Fault.EMPTY
