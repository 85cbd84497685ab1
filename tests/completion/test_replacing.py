"""Closers behind the cursor that a suggestion says again inside; `|` is the cursor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen_lsp.completion.replacing import auto_closed, replaced_closers, replaced_part
from codegen_lsp.completion.suffix import drop_repeated_suffix

CASES = [
    # Python
    ("foo(|)", "a)\n    x = 1", "foo(a)\n    x = 1"),
    ("foo(|)", "a)\n    bar()", "foo(a)\n    bar()"),
    ("foo(|)", "a, b", "foo(a, b)"),
    ("foo(|)", "a), bar(b)", "foo(a), bar(b)"),
    ("foo(|)", '")") + "("', 'foo(")") + "("'),
    ("foo(|)", "':(' + b", "foo(':(' + b)"),
    ("foo(|)", "a)  # (sic\n    x = 1", "foo(a)  # (sic\n    x = 1"),
    ("foo(|)", "a,  # a) or\n    b", "foo(a,  # a) or\n    b)"),
    ("foo(|)", "a // 2) + 1", "foo(a // 2) + 1"),
    ('print("|")', 'hello", end="")', 'print("hello", end="")'),
    ('x = "|"', 'a" + b', 'x = "a" + b'),
    ('x = "|"', 'a" + b + "', 'x = "a" + b + ""'),
    ('x = "|"', 'say \\"a', 'x = "say \\"a"'),
    ("x = f'{|}'", "name} is {age}' + rest", "x = f'{name} is {age}' + rest"),
    ("x = f'{|}'", "name!r:>{width}", "x = f'{name!r:>{width}}'"),
    ("x = f'{|}'", "', '.join(a)", "x = f'{', '.join(a)}'"),
    ('    """|"""', 'Add (or not."""\n    return 1', '    """Add (or not."""\n    return 1'),
    ('    """|"""', 'Say "no".\n\n    Twice.', '    """Say "no".\n\n    Twice."""'),
    ("x = [|]", "1, 2]\ny = 3", "x = [1, 2]\ny = 3"),
    ("x = [\n    f(|),\n]", "a),\n    f(b),", "x = [\n    f(a),\n    f(b),\n]"),
    ("x = [\n    f(|),\n]", "a),\n    f(b)", "x = [\n    f(a),\n    f(b),\n]"),
    ("x = {\n    'a': [|],\n}", "1],\n    'b': 2", "x = {\n    'a': [1],\n    'b': 2,\n}"),
    ("x = {'a': |}", "1}\nprint(x)", "x = {'a': 1}\nprint(x)"),
    ("f(g(|))", "a), h(b", "f(g(a), h(b))"),
    ("f(g(|))", "a), b", "f(g(a), b)"),
    ("f(g(|))", "a))\nh(b", "f(g(a))\nh(b)"),
    ("f(g(|))", "a))\nb", "f(g(a))\nb"),
    ("f(g(|), b)", "a), c", "f(g(a), c, b)"),
    ("f(g(1|)", "), 2", "f(g(1), 2)"),
    ("f(g(1|)", ")", "f(g(1))"),
    ("if f(|):", "a):\n    return 1", "if f(a):\n    return 1"),
    ("def f(a|):", ", b):\n    pass", "def f(a, b):\n    pass"),
    ("x = (|]", "a)\nb", "x = (a)\nb]"),
    ("a = b|", " + 1", "a = b + 1"),
    # The line lacks closers, and the text may say all of them.
    ("print(add(1|)", ", 2))\n", "print(add(1, 2))\n"),
    ("x = f(g(h(1|)", ")))\ny", "x = f(g(h(1)))\ny"),
    ("x = f(g(h(1|)", ", 2)), 3", "x = f(g(h(1, 2)), 3)"),
    ("x = f(g(h(1|))", "), 2)", "x = f(g(h(1), 2))"),
    ("x = f(g(h(1|))", "), 2))\ny", "x = f(g(h(1), 2))\ny"),
    ("x = [f(1|]", ", 2)]\ny", "x = [f(1, 2)]\ny"),
    ("x = [f(g(1|)]", "), 2", "x = [f(g(1), 2)]"),
    ("f([1|]", "], 2", "f([1], 2"),
    ("f([1|]", ", 2])\ny", "f([1, 2])\ny"),
    ('print(f("a|")', 'b"), 2', 'print(f("ab"), 2)'),
    ('print(f("a|")', 'b"))\ny', 'print(f("ab"))\ny'),
    ("x = f(g({'a': 1|})", "}), 2", "x = f(g({'a': 1}), 2)"),
    ("f(g(1|)", "))\nh(b", "f(g(1))\nh(b)"),
    ("if f(g(1|):", ", 2)):\n    pass", "if f(g(1, 2)):\n    pass"),
    ("console.log(foo(1|);", ", 2));\nbar();", "console.log(foo(1, 2));\nbar();"),
    ("if (foo(|) {", "a)) {\n  return 1;", "if (foo(a)) {\n  return 1;"),
    ("it(() => { foo(|)", "a);\n  bar(b);", "it(() => { foo(a);\n  bar(b);"),
    ("it(() => {|}", "\n  x();\n});\ny = 1;", "it(() => {\n  x();\n});\ny = 1;"),
    # What the text opens itself is not closed by what is there.
    ("foo(|)", "a) {\n  bar();", "foo(a) {\n  bar();"),
    ("if foo(|)", "a):\n    x = [", "if foo(a):\n    x = ["),
    ('x = "|"', 'a" + foo(', 'x = "a" + foo('),
    ("f([|])", "a], {", "f([a], {])"),
    # JavaScript and TypeScript
    ("if (x|) {", " > 1) {\n  return 1;", "if (x > 1) {\n  return 1;"),
    ("if (x|) {", " > 1", "if (x > 1) {"),
    ("foo(|);", "a);\n  bar(b);", "foo(a);\n  bar(b);"),
    ("foo(|);", "a);\n  x = 1", "foo(a);\n  x = 1;"),
    ("foo(|);", "a);\n  if (b) {\n    c();\n  }", "foo(a);\n  if (b) {\n    c();\n  }"),
    ("foo(|); // why", "a); // (or\n  x = 1;", "foo(a); // (or\n  x = 1; // why"),
    ("it(() => {|});", "\n  x();\n});\ny = 1;", "it(() => {\n  x();\n});\ny = 1;"),
    ("x = `${|}`;", "a} and ${b}`;\ny = 2;", "x = `${a} and ${b}`;\ny = 2;"),
    ("x = `${|}`;", "a} and ${b", "x = `${a} and ${b}`;"),
    ("const x: Map<|>", "string, A> = new Map()", "const x: Map<string, A> = new Map()"),
    ("const x: Map<|>", "string, Set<A>> = y", "const x: Map<string, Set<A>> = y"),
    ("if (a |> b)", "+ c > d ", "if (a + c > d > b)"),
    ("f(a|)", " /* :) */, b", "f(a /* :) */, b)"),
    ("f('|')", "a', \"b'\")\n  + c", "f('a', \"b'\")\n  + c"),
    # Rust
    ("let v = f(|);", "x: &'a str);\n    g();", "let v = f(x: &'a str);\n    g();"),
    ("let v = f(|)", "'(')\n    .g", "let v = f('(')\n    .g"),
    ("println!(\"{}\", |);", "x);\n    y;", "println!(\"{}\", x);\n    y;"),
    ("Some(|) =>", "x) => x,", "Some(x) => x,"),
    ("let v: Vec<|>", "u8> = f(|a| -> u8 { a })", "let v: Vec<u8> = f(|a| -> u8 { a })"),
    # Go and Java
    ("if f(|) {", "a) {\n\t\treturn b", "if f(a) {\n\t\treturn b"),
    ("x := []int{|}", "1, 2}\n\ty := 3", "x := []int{1, 2}\n\ty := 3"),
    ("x := []int{|}", "1, 2", "x := []int{1, 2}"),
    ('fmt.Println("|")', 'a)", b)\n\tc', 'fmt.Println("a)", b)\n\tc'),
    ("foo.bar(|);", "a).baz(b);", "foo.bar(a).baz(b);"),
    ("foo.bar(|);", "a);  // don't (\n  x = ')';", "foo.bar(a);  // don't (\n  x = ')';"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "text", "expected"), CASES)
def test_what_the_document_becomes(document: str, text: str, expected: str) -> None:
    prefix, _, suffix = document.partition("|")
    kept = drop_repeated_suffix(prefix, text, suffix)
    assert prefix + kept + suffix[replaced_part(prefix, kept, suffix) :] == expected


@pytest.mark.parametrize(
    ("text", "rest", "count"),
    [
        ("a, b", ")", 0),
        ("a)", ")", 1),
        ("a)\r\n    x = 1", ")", 1),
        ("a\r\n)\r\nx = 1", ")]", 1),
        ('a"\r\n', '")', 1),
        ("a\r\nb'", "')", 0),
        ("a;", ";", 0),
        ("a)];", ")];", 3),
        ("", ")", 0),
        ("a)", "", 0),
        ("it's)", ")", 0),
        ("don't\n)", ")", 0),
    ],
)
def test_the_count(text: str, rest: str, count: int) -> None:
    assert replaced_closers(text, rest) == count


pieces = st.text("ab(){}[]<> \n\"'`;,#/\\", max_size=16)


@given(pieces, pieces, pieces)
def test_never_more_than_the_rest_of_the_line(prefix: str, text: str, suffix: str) -> None:
    rest = suffix.partition("\n")[0]
    assert 0 <= replaced_closers(text, rest) <= len(rest)
    assert 0 <= replaced_part(prefix, text, suffix) <= len(rest)


@given(st.text("ab([{}])", max_size=12), st.text(")]}", max_size=4))
def test_brackets_that_match_in_the_text_replace_nothing(text: str, rest: str) -> None:
    depth = [0]
    for character in text:
        depth.append(depth[-1] + (character in "([{") - (character in ")]}"))
    if min(depth) == 0:
        assert replaced_closers(text, rest) == 0


@pytest.mark.parametrize(
    ("document", "count"),
    [
        ("print(|)\n", 1),
        ("print(f(|))\n", 2),
        ("x = [f('|')]\n", 3),
        ('s = """|"""\n', 3),
        ("if ready(|):\n", 1),
        ("const go = () => {|}\n", 1),
        ("f(a, |, b)\n", 0),
        ("f(a)|)\n", 0),
        ("f(|]\n", 0),
        ("print(|\n)\n", 0),
        ("    |}\n", 0),
        ("f(\n    |)\n", 0),
        ("let s: Vec<|>;\n", 1),
        ("if a <|> b\n", 0),
        ("f('it|s')\n", 0),
        ("|\n", 0),
        ("", 0),
    ],
)
def test_what_the_editor_has_closed(document: str, count: int) -> None:
    prefix, _, suffix = document.partition("|")
    assert auto_closed(prefix, suffix) == count


@pytest.mark.parametrize("huge", ["(" * 200_000, '"' * 200_001, "\\" * 200_000, "/*" * 100_000])
def test_huge_texts(huge: str) -> None:
    assert 0 <= replaced_part(huge, huge, huge) <= len(huge)
