import pytest

from codegen_lsp.docstrings.fallback import certain, plain
from codegen_lsp.docstrings.gaps import gaps_of
from codegen_lsp.docstrings.words import Wanted
from codegen_lsp.syntax.signatures.facts import Documentable, Kind, Parameter, Raised


def definition(name: str = "f", kind: Kind = "function", **facts: object) -> Documentable:
    return Documentable(
        name=name,
        kind=kind,
        container=str(facts.pop("container", "")),
        start=0,
        end=0,
        signature="",
        body=None,
        placement="inside",
        insert_at=0,
        indent="    ",
        **facts,  # type: ignore[arg-type]
    )


def summary(documentable: Documentable) -> str:
    (gap,) = gaps_of(documentable, Wanted(summary=True))
    return plain(gap, documentable)


@pytest.mark.parametrize(
    ("documentable", "expected"),
    [
        (definition("get_public_agent"), "Get the public agent."),
        (definition("appendOnChange"), "Append on change."),
        (definition("run"), "Run."),
        (definition("main", returns_value=True), "Run the program."),
        (definition("signal_hook", returns_value=True), "Carry out `signal_hook`."),
        (
            definition("random_number", returns_value=True, decorators=("app.tool",)),
            "Carry out `random_number`.",
        ),
        (
            definition("random_number", returns_value=True, decorators=("staticmethod",)),
            "Return the random number.",
        ),
        (definition("passes", returns_value=True), "Return the passes."),
        (
            definition("callback_handler", returns="CodeResult", returns_value=True),
            "Carry out `callback_handler`.",
        ),
        (definition("accepts"), "Accept."),
        (definition("operator_entries", returns_value=True), "Return the operator entries."),
        (definition("delete_rows", returns_value=True), "Delete the rows."),
        (definition("cache_rows", returns_value=True), "Carry out `cache_rows`."),
        (definition("cache_rows"), "Cache the rows."),
        (definition("operator_entries", yields=True), "Yield operator entries."),
        (definition("operator_entries"), "Carry out `operator_entries`."),
        (definition("_"), "Carry out `_`."),
        (definition("is_ready", returns_value=True), "Tell whether it is ready."),
        (definition("archive_holds", returns="bool"), "Tell whether `archive_holds` holds."),
        (definition("on_message"), "Handle message."),
        (definition("public_agent", "property"), "The public agent."),
        (definition("RetryPolicy", "class"), "A retry policy."),
        (definition("IndexEntry", "struct"), "An index entry."),
        (definition("__init__", "constructor", container="Shop"), "Create a new `Shop`."),
    ],
)
def test_summary_says_what_the_name_says(documentable: Documentable, expected: str) -> None:
    assert summary(documentable) == expected


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        (Parameter("max_retries", "int", "3"), "The max retries, `3` by default."),
        (Parameter("path", "Path"), "The path."),
        (Parameter("parsed"), "The parsed value."),
        (Parameter("x"), "The `x` to use."),
        (Parameter("since"), "The `since` to use."),
        (Parameter("strict", "bool", "False"), "Whether `strict` is on, `False` by default."),
        (Parameter("include_usage", "bool"), "Whether to include usage."),
        (Parameter("is_open", "boolean"), "Whether it is open."),
        (Parameter("args", kind="rest"), "The other positional arguments."),
        (Parameter("kwargs", kind="keyword-rest"), "The other keyword arguments."),
        (Parameter("table", "str", "'" + "x" * 40 + "'"), "The table."),
    ],
)
def test_parameter_says_its_name_and_default(parameter: Parameter, expected: str) -> None:
    documentable = definition(parameters=(parameter,))
    (gap,) = gaps_of(documentable, Wanted(False, (("parameters", parameter.name),)))
    assert plain(gap, documentable) == expected


@pytest.mark.parametrize(
    ("documentable", "expected"),
    [
        (definition("get_rows", returns="list[Row]"), "The rows."),
        (definition("rows"), "The rows."),
        (definition("convert", returns="Row"), "A `Row`."),
        (definition("get_prompt", returns="PromptResult | None"), "A `PromptResult`, or `None`."),
        (definition("convert", returns="Any"), "The result."),
        (definition("main"), "The result."),
        (definition("callback_handler"), "The result."),
        (definition("is_row", returns="TypeIs[Row]"), "Whether it is row."),
        (definition("convert", returns="int"), "An `int`."),
        (definition("convert"), "The result."),
        (definition("has_rows", returns="bool"), "Whether it has rows."),
        (definition("check", returns="bool"), "Whether it is so."),
    ],
)
def test_returns_says_the_name_or_the_type(documentable: Documentable, expected: str) -> None:
    (gap,) = gaps_of(documentable, Wanted(False, (("returns", ""),)))
    assert plain(gap, documentable) == expected


@pytest.mark.parametrize(
    ("returns", "expected"),
    [
        ("Iterator[None]", "Nothing, for as long as the caller's code runs."),
        ("Generator[None, None, None]", "Nothing, for as long as the caller's code runs."),
        ("Iterator[int]", ""),
        ("", ""),
    ],
)
def test_nothing_is_asked_where_nothing_is_yielded(returns: str, expected: str) -> None:
    (gap,) = gaps_of(definition(returns=returns, yields=True), Wanted(False, (("yields", ""),)))
    assert certain(gap) == expected


@pytest.mark.parametrize(
    ("raised", "at_once", "instead"),
    [
        (Raised("ValueError", "x < 0"), "If `x < 0`.", "If `x < 0`."),
        (Raised("ValueError", "x" * 60), "", f"If `{'x' * 60}`."),
        (Raised("ValueError", "", "bad {name}: x"), "", 'If it fails with "bad ...: x".'),
        (Raised("ValueError", "`a` in x", "no"), "", 'If it fails with "no".'),
        (Raised("ValueError"), "", "If it fails."),
    ],
)
def test_exception_says_its_condition_or_message(
    raised: Raised, at_once: str, instead: str
) -> None:
    documentable = definition(raises=(raised,))
    (gap,) = gaps_of(documentable, Wanted(False, (("raises", "ValueError"),)))
    assert certain(gap) == at_once
    assert plain(gap, documentable) == instead


@pytest.mark.parametrize(
    ("condition", "expected"),
    [("", "If that is not implemented."), ("x is None", "If `x is None`.")],
)
def test_what_is_not_implemented_is_not_explained(condition: str, expected: str) -> None:
    documentable = definition(raises=(Raised("NotImplementedError", condition, "no"),))
    (gap,) = gaps_of(documentable, Wanted(False, (("raises", "NotImplementedError"),)))
    assert certain(gap) == expected
