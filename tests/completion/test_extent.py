"""When a block is suggested and when a line; `|` is the cursor."""

import pytest

from codegen_lsp.completion.extent import choose_extent
from codegen_lsp.completion.options import Multiline


def extent(language: str, document: str, multiline: Multiline = "auto") -> str:
    prefix, _, suffix = document.partition("|")
    return choose_extent(language, prefix, suffix, multiline)


PYTHON_BLOCKS = [
    "def f(x):\n    |",
    "def f(x):|\n",
    "def f(x):\n|",
    "def f(x):\n    |\n\n\ndef g():\n    pass\n",
    "async def f(\n    a: int,\n) -> dict[str, int]:\n    |",
    "@decorate(a=1)\ndef f(a,\n      b={1: 2}):\n    |",
    "class A(B):\n    |",
    "class A:\n    x = 1\n\n    def f(self):\n\t|",
    "if x:\n    |\nelse:\n    y\n",
    "if x:\n    y\nelif z[1:2]:\n    |",
    "if x:\n    y\nelse:\n    |",
    "for a, b in c:  # comment\n    |",
    "while (x := f()):\n    |",
    "with a as b, c as d:\n    |",
    "try:\n    |\nexcept E:\n    pass\n",
    "try:\n    |",
    "try:\n    x\nexcept (A, B) as e:\n    |",
    "try:\n    x\nfinally:\n    |",
    "match x:\n    |",
    'match x:\n    case {"a": [1, *_]}:\n        |',
    "def f():\n    def g():\n        |\n    return g\n",
    'def f():\n    """Doc."""\n    |',
    'def f():\n    """Doc.\n\n    More: (\n    """\n    |',
    "def f():\n    # first\n    # second\n    |",
    "é = '😀'\ndef f():\n    |",
]

PYTHON_LINES = [
    "",
    "x = 1\n|",
    "def f(x):\n    |\n    return x\n",
    "def f(x):\n    y = 1\n    |",
    'def f():\n    """Doc."""\n|',
    "x = {a:|}",
    "x = {\n    a:\n    |",
    "x[1:|]",
    "f = lambda x:|",
    "x:|",
    "def f(a:|",
    "def f(a,|",
    "s = 'if x:|'",
    "s = 'if x:|",
    "s = f'{x:|}'",
    "# if x:|",
    "def f():  # returns:|",
    '"""\nif x:\n    |',
    "def f(x): |return 1\n",
    "print(x):|",
    "if x: y = 1|\n",
]

JAVASCRIPT_BLOCKS = [
    "function f() {\n  |",
    "function f() {|",
    "function f() {|}",
    "function f() {\n  |\n}\n",
    "const f = async (x) => {\n  |\n};\n",
    "app.get('/', (req, res) => {|});",
    "app.get('/', (req, res) => {\n  |\n});\n",
    "class A extends B {\n  |",
    "class A {\n  #x = 1;\n\n  async m() {\n    |\n  }\n}\n",
    "const o = {\n  a: 1,\n  m() {\n    |",
    "if (x) {\n  |\n} else {\n  y();\n}",
    "if (x) {\n  y();\n} else {\n  |",
    "for (const a of b) {\n  |",
    "do {\n  |",
    "try {\n  |",
    "switch (x) {\n  |",
    "switch (x) {\n  case 1:\n    |",
    "switch (x) {\n  case 1:\n    y();\n    break;\n  default:\n    |\n}",
    "const C = () => (\n  <A on={() => {\n    |",
    "function f() {\n  // to do\n  |",
    "function f() {\n  /* {\n   */\n\t|",
    "x.map(function* () {\n  |\n}).y;",
    "const s = `${a.map((x) => {|})}`;",
]

JAVASCRIPT_LINES = [
    "const o = {\n  |",
    "const o = {|}",
    "const {|",
    "f({|})",
    "return {\n  |\n};",
    "import {|} from 'x'",
    "// if (x) {|",
    "if (x) { // because|",
    "/* if (x) {|",
    "'if (x) {|'",
    "`if (x) {|`",
    "`a ${|}`",
    "<A b={|}",
    "<p>if (x) {|",
    "x = /{|/",
    "function f() {\n  |\n  return 1;\n}",
    "function f() {\n  a();\n  |",
    "switch (x) {\n  case 1:\n    |\n    y();\n}",
    "if (x)\n  |",
    "function f() {|} // a comment",
]

TYPESCRIPT_BLOCKS = [
    "interface A<T> {\n  |",
    "enum E {\n  |\n}",
    "export class A<T extends {a: 1}> implements B<T> {\n  |",
    "function f<T>(x: {a: T}): Promise<T> {\n  |",
    "namespace N {\n  |",
    "abstract class A {\n  private m(): void {|}\n}",
    "const f = <T,>(x: T): T => {\n  |",
]

TYPESCRIPT_LINES = ["type A = {\n  |", "function f(x: {|", "const x: {|", "let y = <A>{|"]


@pytest.mark.parametrize("document", PYTHON_BLOCKS)
def test_python_opens_a_block(document: str) -> None:
    assert extent("python", document) == "block"


@pytest.mark.parametrize("document", PYTHON_LINES)
def test_python_opens_no_block(document: str) -> None:
    assert extent("python", document) == "line"


@pytest.mark.parametrize("document", JAVASCRIPT_BLOCKS)
@pytest.mark.parametrize("language", ["javascript", "typescriptreact"])
def test_javascript_opens_a_block(language: str, document: str) -> None:
    assert extent(language, document) == "block"


@pytest.mark.parametrize("document", JAVASCRIPT_LINES)
@pytest.mark.parametrize("language", ["javascriptreact", "typescriptreact"])
def test_javascript_opens_no_block(language: str, document: str) -> None:
    assert extent(language, document) == "line"


@pytest.mark.parametrize("document", TYPESCRIPT_BLOCKS)
def test_typescript_opens_a_block(document: str) -> None:
    assert extent("typescript", document) == "block"


@pytest.mark.parametrize("document", TYPESCRIPT_LINES)
def test_typescript_opens_no_block(document: str) -> None:
    assert extent("typescript", document) == "line"


@pytest.mark.parametrize("language", ["zig", "plaintext"])
def test_without_a_grammar_a_line(language: str) -> None:
    assert extent(language, "func f() {\n\t|\n}") == "line"


@pytest.mark.parametrize("document", ["def f():\n    |", "x = |", ""])
def test_the_caller_may_decide(document: str) -> None:
    assert extent("python", document, "always") == "block"
    assert extent("python", document, "never") == "line"


@pytest.mark.parametrize("text", ["x" * 5_000_000, " " * 5_000_000, "({[" * 100_000])
def test_a_huge_line_is_a_line(text: str) -> None:
    assert extent("python", text + "|" + text) == "line"
    assert extent("javascript", text + "|" + text) == "line"


PARAGRAPHS = [
    ("python", "# read the file and print every line\n|"),
    (
        "python",
        "def f(names):\n    n = 0\n    # count those that are long\n    |\n\n    return n\n",
    ),
    ("javascript", "function f(a) {\n  const b = 1;\n  // sort the names by length\n  |\n}\n"),
    ("go", "func f(a []string) {\n\tn := 0\n\t// count the long names\n\t|\n\n\treturn n\n}\n"),
    ("ruby", "x = 1\n# print every line of it\n|\n\ny = 2\n"),
]


@pytest.mark.parametrize(("language", "document"), PARAGRAPHS)
def test_below_a_comment_in_words_its_paragraph_is_suggested(language: str, document: str) -> None:
    assert extent(language, document) in ("paragraph", "block")
    assert extent("python", PARAGRAPHS[1][1]) == "paragraph"


@pytest.mark.parametrize(
    "document",
    [
        "x = 1\n# count the names that are long\n|\nn = 2\n",  # described already
        "# count the names that are long\n\n|\n",
        "# setup\n|\n",
        "x = 1  # count the names that are long\n|\n",
        "# Copyright the authors of the project\n|\n",
        "# pylint: disable=all of these rules\n|\n",
        "# ---- the second part of it ----\n|\n",
        "# count the names that are long\nn|\n",
        "    # count the names that are long\n|\n",  # the block is left
        '"""\n# count the names\n# that are long|\n',
    ],
)
def test_where_no_comment_describes_missing_code_a_line_is_enough(document: str) -> None:
    assert extent("python", document) == "line"
