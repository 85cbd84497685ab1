"""Where a suggestion is cut.

In a document `|` is the cursor. In a generated text `¦` is where it must be cut; a text without
one is used whole. Every text is fed one character at a time and all at once.
"""

import pytest

from codegen_lsp.completion.extent import Extent
from codegen_lsp.completion.stopping import stop_rule
from codegen_lsp.completion.suffix import drop_repeated_suffix, held_back
from codegen_lsp.engine.base import FinishReason


def streamed(
    extent: Extent, language: str, document: str, text: str, finish: FinishReason
) -> tuple[int, int]:
    """The cut of a text that comes one character at a time, and how much of it was read."""
    prefix, _, suffix = document.partition("|")
    rule = stop_rule(extent, language, prefix, suffix)
    settled = [0]
    for end in range(len(text) + 1):
        cut = rule.cut(text[:end], "running")
        settled.append(rule.settled())
        if cut is not None:
            break
    else:
        cut = rule.cut(text, finish)
        settled.append(rule.settled())
    assert cut is not None
    assert settled == sorted(settled)
    assert settled[-1] <= cut
    return cut, end


def check(
    extent: Extent, language: str, document: str, marked: str, finish: FinishReason = "stop"
) -> None:
    text = marked.replace("¦", "")
    expected = marked.partition("¦")[0]
    cut, _ = streamed(extent, language, document, text, finish)
    assert text[:cut] == expected
    prefix, _, suffix = document.partition("|")
    assert stop_rule(extent, language, prefix, suffix).cut(text, finish) == cut


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("x = |", "foo(1)¦\ny = 2"),
        ("x = |\n", "foo(1)¦  \ny = 2"),
        ("    |\n", "return 1¦\n"),
        ("x = 1|\n", "\ny = 2¦\nz = 3"),
        ("x = 1|\n", "  # one¦\nz = 3"),
        ("if x:|\n", "\n    y¦\nz"),
        ("foo(|)", "¦\n  a"),
        ("    |\n", "¦\n    x"),
        ("x = 1|\n", "¦\n\ny"),
        ("x = |", "foo("),
        ("x = |", ""),
        ("|", "¦```python\nx"),
        ("x = 1|\n", "¦\n```\nx"),
        ("const s = |", "`a`;¦\n"),
        ("const s = |", "``;¦\n"),
        ("x = |", "'\f\u2028'¦\n"),
    ],
)
def test_line(document: str, text: str) -> None:
    check("line", "python", document, text)


def test_a_line_at_the_token_limit_stays() -> None:
    rule = stop_rule("line", "python", "x = ", "")
    assert rule.cut("foo(1,", "length") == 6


PYTHON = [
    ("def f(x):\n    |\n", "return 1¦\n\n\ndef g():\n    pass"),
    ("def f(x):|\n", "\n    if x:\n        return 1\n    return 2¦\n\n# Test the function\n"),
    ("def f(x):|\n", " return 1¦\n\nprint()"),
    ("def f(x):\n|", "    return 1¦\nx"),
    ("def f(x):\n|", "¦x = 1\n"),
    ("if x:\n    |\n", "y = 1¦\nelse:\n    z"),
    ("if x:\n    |\n", "y = 1¦\nelif z:\n    z"),
    ("try:\n    |\n", 'x = f"{a}{b!r}"¦\nexcept E:\n    pass'),
    ("def f():\n    |\n", '"""Doc.\n\nno indent\n"""\n    return """\nx\n"""¦\nprint(1)'),
    ("def f():\n    |\n", "return foo(\n1,\n2)¦\nprint(1)"),
    ("def f():\n    |\n", "x = [\n    1,\n]\n    return {\n  'a': x,\n}¦\n\nf()"),
    ("def f():\n    |\n", "a\n\n    b¦\n\n\n\nc"),
    ("def f():\n\t|\n", "for x in y:\n\t\tprint(x)\n\treturn 1¦\nprint()"),
    ("def f():\n    |\n", "# comment\n    x = 1¦\n# Test\n"),
    ("def f():\n    |\n", "return 1¦\n```\nThis solution"),
    ("def f():\n    |\n", "return 1¦\n    ```\nThis solution"),
    ("def f():\n    |\n", 's = """\n```\n"""\n    return s¦\n```\nfoo'),
    ("match cmd:\n    |\n", 'case "a":\n        x()\n    case _:\n        y()¦\n\nprint(1)'),
    ("match cmd:\n    case 1:\n        |\n", "x()¦\n    case _:\n        y()"),
    (
        "async def f():\n    |\n",
        "async with a as b:\n        await b\n    return b¦\n\nasync def g",
    ),
    ("def f():\n    def g():\n        |\n", "return 1¦\n    return g\n"),
    ("class A:\n    |\n", "x: int\n\n    @p\n    def f(self):\n        return 1¦\n\n\nclass B:"),
    ("é = '😀'\ndef f():\n    |\n", "return 'é😀'¦\nx"),
    ("def f():\n    x = 1\n    |\n", "y = 2\n    return y¦\n\ndef g"),
    ("    x = 1|\n", "\n    y = 2\n    return y¦\n\ndef g"),
    ("|\n", "def f():\n    a\n\n    b¦\n\n\ndef g(): pass"),
    ("|", "\n\nimport os\nimport sys¦\n\nprint(1)"),
    ("x = [\n    |\n]\n", "1,\n    2,¦\n]\ny = 2"),
    ("foo(|)\n", "1, [2]¦)\ny = 2"),
    ("x = {|}\n", '"a": {}¦}\ny'),
    ("def f():\n    |\n", "return 1"),
]

JAVASCRIPT = [
    ("function f() {|\n", "\n  return 1;\n}¦\n\nfoo"),
    ("function f() {|}\n", "\n  return 1;\n¦}\n\nfoo"),
    ("function f() {\n  |\n}\n", "return 1;¦\n}\n\nfoo"),
    ("function f() {\n  |\n}\n", "¦}\n"),
    ("function f() {|\n", " return 1; }¦\nfoo"),
    ("function f() {|}\n", " return 1; ¦}\nfoo"),
    ("app.get('/', () => {|\n", "\n  if (x) { y }\n});¦\n\nfoo"),
    ("app.get('/', () => {|});\n", "\n  x();\n¦});\n\nfoo"),
    ("a([\n  f(() => {|\n", "\n    x();\n  }),¦\n  g"),
    ("function g() {\n  const f = () => {|\n}\n", "\n    return `}${a}`; // }\n  };¦\n  foo"),
    ("if (x) {\n  |\n", "a();\n}¦ else {\n b();\n}"),
    ("if (x) {\n  |\n} else {\n}", "a();¦\n} else {\n b();\n}"),
    ("if (a) {\n  b();\n} else {|\n", "\n  c();\n}¦\nd();"),
    ("try {\n  |\n", "x();\n}¦ catch (e) {\n  y();\n}"),
    ("switch (x) {\n  case 1:\n    |\n  default:\n}", "a();\n    break;¦\n  case 2:\n"),
    (
        "switch (x) {\n  case 1:\n    |\n}",
        "switch (y) {\n      case 2:\n    }\n    b();¦\n  default:",
    ),
    ("switch (x) {\n  |\n}", "case 1:\n    a();\n    break;\n  case 2:\n    b();¦\n}\n"),
    ("class A {\n  m() {|\n  }\n}", "\n    const x = `}`;\n    return { a: 1 };¦\n  }\n\n  n() {}"),
    ("const o = {\n  async m() {|\n", "\n    await x;\n  },¦\n  n: 1"),
    ("const f = function* () {\n\t|\n}", "yield /[}]/;\n\tyield 2;¦\n}\n"),
    ("function f() {\n  |\n}", "/* }\n} */\n  a();\n\n  b();¦\n}\n"),
    (
        "const A = () => {\n  |\n};",
        "return (\n    <p>\n      it's {a.map((y) => {\n        return <b>{y} :)</b>;\n"
        "      })}\n    </p>\n  );¦\n};\nfoo",
    ),
    ("|", "function f() {\n  a;\n\n  b;\n}¦\n\nfunction g() {"),
    ("foo(|)", "a,\n  b\n¦)\nbar"),
    ("function f() {\n  |\n}", "a();¦\n```\n"),
]

TYPESCRIPT = [
    ("interface A {\n  |\n", "a: string;\n  b: { c: number };\n}¦\n\nx"),
    ("enum E {\n  |\n", "A = 1,\n  B,\n}¦\n\nx"),
    (
        "export class A<T extends {a: 1}> {\n  |\n}",
        "constructor(private x: T) {}\n\n  get<K>(k: K): Map<K, T> {\n    return m;\n  }¦\n}\n",
    ),
    ("function f(x: {a: 1}): {b: 1} {|\n", "\n  return { b: 1 } as { b: 1 };\n}¦\n\ny"),
    ("namespace N {\n  |\n}", "export type A = {\n    a: 1;\n  };¦\n}\n"),
]


@pytest.mark.parametrize(("document", "text"), PYTHON)
def test_python_block(document: str, text: str) -> None:
    check("block", "python", document, text)


@pytest.mark.parametrize(("document", "text"), JAVASCRIPT)
@pytest.mark.parametrize("language", ["javascript", "typescriptreact"])
def test_javascript_block(language: str, document: str, text: str) -> None:
    check("block", language, document, text)


@pytest.mark.parametrize(("document", "text"), TYPESCRIPT)
def test_typescript_block(document: str, text: str) -> None:
    check("block", "typescript", document, text)


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("func f() {\n\t|\n}", "x := 1\n\treturn x¦\n}\n\nfunc"),
        ("\tx := |", "1\n\treturn x¦\n}"),
        ("|", "package a¦\n\nimport"),
        ("func f() {\n\t|\n}", "x := 1¦\n```\n"),
    ],
)
def test_block_without_a_grammar(document: str, text: str) -> None:
    check("block", "zig", document, text)


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "def f():\n    |\n", "x = 1¦\n    y = foo(\n        1,\n   "),
        ("python", "def f():\n    |\n", "x = 1\n    if x:\n        y = 2¦\n    for"),
        ("python", "def f():\n    |\n", "x = 1¦\n    if x:\n"),
        ("python", "def f():\n    |\n", "¦try:\n        x = 1\n"),
        ("python", "def f():\n    |\n", "try:\n        x\n    except E:\n        y¦\n    "),
        ("python", "def f():\n    |\n", '¦"""Doc.\n\n    More'),
        ("python", "def f():\n    |\n", "¦x = 1"),
        ("javascript", "const A = () => {\n  |\n};", "¦return (\n    <div>\n      {x"),
        ("javascript", "function f() {\n  |\n", "const a = 1;¦\n  foo({\n    a: 1,\n"),
        ("typescript", "class A {\n  |\n}", "a = 1;¦\n\n  m() {\n    return"),
        ("zig", "fn f() {\n\t|\n}", "var x = 1;¦\n\treturn"),
    ],
)
def test_at_the_token_limit_a_block_ends_with_a_statement(
    language: str, document: str, text: str
) -> None:
    check("block", language, document, text, "length")


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [("python", *case) for case in PYTHON] + [("typescript", *case) for case in JAVASCRIPT],
)
@pytest.mark.parametrize("finish", ["stop", "length"])
def test_what_may_be_shown_early_begins_the_suggestion(
    language: str, document: str, text: str, finish: FinishReason
) -> None:
    prefix, _, suffix = document.partition("|")
    rule, text, shown = stop_rule("block", language, prefix, suffix), text.replace("¦", ""), ""
    for end in range(len(text)):
        if rule.cut(text[:end], "running") is not None:
            break
        settled = text[: rule.settled()]
        shown = max(shown, settled[: len(settled) - held_back(prefix, settled, suffix)], key=len)
    cut = rule.cut(text[: end + 1], finish)
    assert drop_repeated_suffix(prefix, text[:cut], suffix).startswith(shown)


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "def f():\n    |\n", "return 1\n\n\nd"),
        ("javascript", "function f() {\n  |\n}", "a();\n}"),
        ("javascript", "function f() {\n  |\n", "a();\n}\n"),
        ("javascript", "function f() {\n  |\n}", "a();\n```"),
    ],
)
def test_a_block_is_left_as_soon_as_that_is_clear(language: str, document: str, text: str) -> None:
    _, read = streamed("block", language, document, text + "more", "stop")
    assert read == len(text)


def test_what_is_settled_grows_by_statements() -> None:
    rule = stop_rule("block", "python", "def f():\n    ", "\n")
    text = "x = 1\n    y = (\n        2\n    )\n    z"
    seen = {rule.settled() for end in range(len(text)) if rule.cut(text[:end], "running") is None}
    assert [text[:end] for end in sorted(seen | {rule.settled()})] == [
        "",
        "x = 1",
        "x = 1\n    y = (\n        2\n    )",
    ]


def test_only_a_window_of_a_long_prefix_is_read() -> None:
    prefix = "x = 1\n" * 800_000 + "def f():\n    "
    assert stop_rule("block", "python", prefix, "").cut("return 1\ny", "running") == 8


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        (
            "python",
            "def f(names):\n    # count the long ones\n    |\n\n    return n\n",
            "n = 0\n    for name in names:\n        if long(name):\n\n            n += 1¦\n\n    x",
        ),
        ("python", "    # count them\n    |\n", "n = count(names)¦\n    # print it\n    p"),
        ("python", "    # count them\n    |\n", "n = 0\n        # inside\n    m = 1¦\n\n    p"),
        ("python", "# count the long ones\n|\n", "# twice\nn = 0¦\n\nm = 1"),
        (
            "javascript",
            "f(() => {\n  // count the long ones\n  |\n});\n",
            "let n = 0;\n  for (const a of names) {\n    n += 1;\n  }¦\n\n  return n;\n});",
        ),
        ("go", "\t// count the long ones\n\t|\n", "n := 0\n\tm := n¦\n\t// print it\n\tfmt"),
    ],
)
def test_a_paragraph_ends_at_a_blank_line_or_the_next_comment(
    language: str, document: str, text: str
) -> None:
    check("paragraph", language, document, text, "length")
