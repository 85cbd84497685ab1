"""What a text leaves open."""

import pytest

from codegen_lsp.syntax.delimiters import closers, spans
from codegen_lsp.syntax.parsing import parse


def closing(language: str, text: str) -> str:
    tree = parse(language, text)
    assert tree is not None
    return closers(spans(tree))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("foo(a, [1, {", "}])"),
        ("foo(')', \"]\", # )\n", ")"),
        ("x = 'abc", "'"),
        ("x = 'abc\nfoo(", ")"),
        ('def f():\n    """Doc (\n  [', '"""'),
        ("x = f'{a", "'"),
        ("x = f'{a}' + (", ")"),
        ('x = rb"""(', '"""'),
        ("x = f'''a {b(1)} (", "'''"),
        ("x = '(' + \"it's\" + (", ")"),
        ("foo(a))", ""),
        ("foo(a]", ")"),
        ("é = '😀(' + (", ")"),
    ],
)
def test_python(text: str, expected: str) -> None:
    assert closing("python", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("function f() {\n  if (x) {", "}}"),
        ("app.get('/', (req) => {", "})"),
        ("const s = `a ${b(", ")}`"),
        ("const s = `a ${b} (", "`"),
        ("const s = `a {` + {", "}"),
        ("x = /[({]/.test(a) && (", ")"),
        ("// a { b\nfoo({", "})"),
        ("/* a {", "*/"),
        ("/* { */ f(", ")"),
        ("const s = 'abc {\nfoo({", "})"),
        ("return (\n <p>Don't {", "})"),
        ("<A on={() => {", "}}"),
        ("class A {\n  m() {\n    return {a: [1", "]}}}"),
    ],
)
@pytest.mark.parametrize("language", ["javascript", "typescriptreact"])
def test_javascript(language: str, text: str, expected: str) -> None:
    assert closing(language, text) == expected


OTHERS = {
    "go": [
        ("func f() {\n\tfoo(a, []int{1", "})}"),
        ('x := "abc {', '"'),
        ('x := "abc {\nfoo(', ")"),
        ("x := `abc {\n foo(", "`"),
        ("f('{', \"(\", `[`, // {\n", ")"),
        ("/* a {\n foo(", "*/"),
        ('f("/*", g(', "))"),
    ],
    "rust": [
        ("fn f() { foo(&[1, A { a", "}])}"),
        ('let s = "abc {', '"'),
        ("fn f<'a>(x: &'a str) { g('{', r#\"(\"#, ", ")}"),
        ("/* a {", "*/"),
    ],
    "java": [
        ("class A { void f() { foo(a[1", "])}}"),
        ('String s = "abc {', '"'),
        ('String s = """\n abc {', '"""'),
        ("f('{', \"(\"); /* { */ g(", ")"),
    ],
    "c": [
        ("int f() { foo(a[1", "])}"),
        ('char *s = "abc {', '"'),
        ("#include <a(b>\nint f(", ")"),
        ("/* a {\n foo(", "*/"),
        ("f('(', \"{\", // [\n", ")"),
    ],
    "cpp": [
        ("auto f = [&](int x) { g(A{1", "})}"),
        ('auto s = R"(a {)" + f(', ")"),
        ('auto s = "abc {', '"'),
    ],
    "csharp": [
        ("class A { void F() { G(new[] { 1", "})}}"),
        ('var s = "abc {', '"'),
        ('F($"a {b} {{", @"(", \'[\', ', ")"),
        ("/* a {", "*/"),
    ],
    "php": [
        ("<?php f(function () { g([1", "])})"),
        ('<?php $s = "abc {', '"'),
        ("<?php f('(', \"{$a['b']} [\", ", ")"),
        ("function f() { /** a {", "*/}"),
    ],
    "kotlin": [
        ("fun f() { g(listOf(1", "))}"),
        ('val s = "abc {', '"'),
        ('f("${a} {", \'(\', """[""", ', ")"),
        ("/* a {", "*/"),
    ],
    "swift": [
        ("func f() { g([1", "])}"),
        ('let s = "abc {', '"'),
        ('f("\\(a) {", """\n(\n""", ', ")"),
        ("/* a {", "*/"),
    ],
    "ruby": [
        ("foo(a, [1, {", "}])"),
        ('s = "abc {', '"'),
        ("f(\"#{a} {\", '(', /[{]/, # [\n", ")"),
    ],
    "lua": [
        ("foo(a, { 1, b[2", "]})"),
        ('s = "abc {', '"'),
        ("s = [[abc {\n foo(", "]]"),
        ("f('(', \"{\", [=[ [ ]=], -- (\n", ")"),
        ("--[[ a {", "]]"),
    ],
    "shellscript": [
        ('x=$(foo "$(bar', ')")'),
        ("arr=(a", ")"),
        ('x="abc (', '"'),
        ("f() {\n  echo '(' \"(\" # (\n", ""),
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "expected"), [(name, *case) for name in OTHERS for case in OTHERS[name]]
)
def test_other_languages(language: str, text: str, expected: str) -> None:
    assert closing(language, text) == expected


def test_spans_end_where_they_are_closed() -> None:
    tree = parse("javascript", "f(a, `x`) // (")
    assert tree is not None
    assert [(span.opener, span.start, span.end) for span in spans(tree)] == [
        ("(", 1, 8),
        ("", 5, 8),
        ("", 10, 14),
    ]


def test_spans_up_to_an_offset_leave_the_rest_open() -> None:
    tree = parse("python", "f(a, [b])")
    assert tree is not None
    assert [(span.opener, span.end) for span in spans(tree, 7)] == [("(", None), ("[", None)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("c", "x = \"a\"; y = 'b';"),
        ("cpp", 'x = "a" + R"(b)";'),
        ("csharp", 'x = "a" + $"b{c}" + @"d" + \'e\';'),
        ("go", 'x := "a" + `b`'),
        ("java", "x = \"a\" + 'b';"),
        ("javascript", "x = \"a\" + 'b' + `c`"),
        ("kotlin", 'val x = "a" + \'b\' + """c"""'),
        ("lua", "x = \"a\" .. 'b' .. [[c]]"),
        ("php", "$x = \"a\" . 'b';"),
        ("python", 'x = "a" + \'b\' + f"c"'),
        ("ruby", "x = \"a\" + 'b' + :c.to_s"),
        ("rust", 'let x = "a" + b\'c\' + r#"d"#;'),
        ("shellscript", "x=\"a\"'b'"),
        ("swift", 'let x = "a" + """\nb\n"""'),
    ],
)
def test_a_closed_string_leaves_nothing_open(language: str, text: str) -> None:
    assert closing(language, text) == ""
