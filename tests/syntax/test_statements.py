"""Whether a text ends with a statement."""

import pytest

from codegen_lsp.syntax.delimiters import closers, spans
from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.statements import is_complete


def complete(language: str, prefix: str, text: str) -> bool:
    before = parse(language, prefix)
    assert before is not None
    source = prefix + text
    tree = parse(language, source + closers(spans(before)))
    assert tree is not None
    return is_complete(tree, spans(tree, len(source)), len(prefix), len(source))


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n",
        "if x:\n        y\n",
        "foo(\n        1,\n    )\n",
        '"""Doc.\n\n    More.\n    """\n',
        "try:\n        x\n    except E:\n        y\n",
        "try:\n        x\n    # comment\n    finally:\n        y\n",
        "@d\n    def g(): ...\n",
        "match x:\n        case 1:\n            y\n",
        "# a comment\n",
        "x = f'{a!r}'\n",
    ],
)
def test_complete_python(text: str) -> None:
    assert complete("python", "def f():\n    ", text)


@pytest.mark.parametrize(
    "text",
    [
        "x =\n",
        "if x:\n",
        "if x:\n        y\n    else:\n",
        "foo(\n        1,\n",
        '"""Doc.\n\n    More.\n',
        "try:\n        x\n",
        "@d\n",
        "return [\n",
        "for x in y:\n        # comment\n",
        "x = 'abc\n",
    ],
)
def test_unfinished_python(text: str) -> None:
    assert not complete("python", "def f():\n    ", text)


@pytest.mark.parametrize(
    "text",
    [
        "const a = 1;\n",
        "if (x) {\n    y();\n  }\n",
        "foo({\n    a: 1,\n  });\n",
        "try {\n    x();\n  } catch (e) {\n    y();\n  }\n",
        "return (\n    <p>it's {a}</p>\n  );\n",
        "const s = `a\n${b}`;\n",
        "// a comment {\n",
        "const f = async (x) => x + 1\n",
    ],
)
def test_complete_javascript(text: str) -> None:
    assert complete("javascript", "function f() {\n  ", text)


@pytest.mark.parametrize(
    "text",
    [
        "const a =\n",
        "if (x) {\n",
        "foo({\n    a: 1,\n",
        "try {\n    x();\n  }\n",
        "return (\n    <p>\n",
        "const s = `a\n",
        "/* a comment\n",
        "const f = (x) =>\n",
    ],
)
def test_unfinished_javascript(text: str) -> None:
    assert not complete("javascript", "function f() {\n  ", text)


def test_errors_before_the_text_do_not_count() -> None:
    assert complete("python", "x = = 1\ndef f():\n    ", "y = 1\n")
