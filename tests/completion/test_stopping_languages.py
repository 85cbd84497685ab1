"""Where a block ends in the languages beside Python and JavaScript.

In a document `|` is the cursor; in a generated text `¦` is where it must be cut.
"""

import pytest

from codegen_lsp.completion.stopping import stop_rule

CASES = {
    "go": [
        ("func f() int {\n\t|\n}\n", "x := 1\n\treturn x¦\n}\n\nfunc g() {"),
        ("func f() int {\n\t|\n", "return T{a: 1}.b\n}¦\n\nfunc g() {"),
        ("func f() {\n\tif err != nil {\n\t\t|\n\t}\n}", "return `}`, '}' // }¦\n\t}\n\tfoo()"),
        ("func f() {\n\tgo func() {|\n}", "\n\t\ta()\n\t}¦()\n\tb()"),
        ("switch x {\ncase 1:\n\t|\n}", "a()\n\tif b {\n\t}¦\ncase 2:\n\tc()"),
        ("type A struct {\n\t|\n", 'a int `json:"{"`\n\tb map[string]int\n}¦\n\nfunc'),
    ],
    "rust": [
        ("fn f() -> u8 {\n    |\n}\n", "let x = A { a: 1 };\n    x.a¦\n}\n\nfn g"),
        ("fn f<'a>(x: &'a str) -> u8 {\n    |\n", "x.len() as u8\n}¦\n\nfn g"),
        (
            "fn f() {\n    match x {\n        |\n    }\n}",
            "A => 1,\n        B { y } => { z }¦\n    }\n",
        ),
        ("impl A for B {\n    |\n", "fn f(&self) {\n        1\n    }\n\n    fn g() {}\n}¦\n\nimpl"),
        ("fn f() {\n    |\n}", 'let s = r#"}"#; // }\n    /* } */\n    s¦\n}\n'),
    ],
    "java": [
        (
            "class A {\n    int f() {\n        |\n    }\n}",
            "int x = 1;\n        return x;¦\n    }\n",
        ),
        ("class A {\n    int f() {\n        |\n", "return g(() -> { a(); });\n    }¦\n\n    int"),
        ("class A {\n    |\n}", "int a = 1;\n\n    int f() {\n        return a;\n    }¦\n}\n"),
        ("class A { void f() {\n  try {\n    |\n", 'a("}"); // }\n  }¦ catch (E e) {\n  }'),
        (
            "class A { void f() {\n  switch (x) {\n  case 1:\n    |\n  }",
            "a();\n    break;¦\n  case 2:",
        ),
    ],
    "c": [
        (
            "int f(int a)\n{\n    |\n}\n",
            "if (a) {\n        b();\n    }\n    return a;¦\n}\n\nint g",
        ),
        ("int f(int a)\n{\n    |\n", "return a + '}';\n}¦\n\nint g"),
        ("struct a {\n    |\n", "int b;\n    char *c;\n};¦\n\nstruct"),
        ("    switch (a) {\n    case 1:\n        |\n    }", "b();\n        break;¦\n    case 2:\n"),
        ("int f() {\n    for (;;) {|\n}", "\n        /* } */\n        a();\n    }¦\n    return"),
    ],
    "cpp": [
        (
            "int A::f() const {\n  |\n}\n",
            "auto g = [&](int y) { return y; };\n  return g(1);¦\n}\n",
        ),
        ("class A {\n public:\n  |\n};", "A() {}\n  int f() { return 1; }¦\n};\n\nint"),
        ("namespace a {\n|\n}", "class A {};\n\nint f() {\n  return 1;\n}¦\n}  // namespace a\n"),
        ("void f() {\n  for (auto x : xs) {|\n}", '\n    g("}", x);\n  }¦\n  h();'),
    ],
    "csharp": [
        (
            "class A\n{\n    int F()\n    {\n        |\n    }\n}",
            'var s = $"{a}";\n        return 1;¦\n    }',
        ),
        (
            "class A\n{\n    int F()\n    {\n        |\n",
            "return xs.Map(x => { y(); });\n    }¦\n\n    int",
        ),
        ("class A\n{\n    |\n}", "int a;\n\n    public int P { get; set; }¦\n}\n"),
        (
            "class A { void F() {\n  switch (a)\n  {\n    case 1:\n      |\n  }\n} }",
            "b();\n      break;¦\n    case 2:",
        ),
    ],
    "php": [
        (
            "<?php\nfunction f()\n{\n    |\n}\n",
            "$x = ['a' => 1];\n    return $x;¦\n}\n\nfunction g",
        ),
        ("<?php\nfunction f()\n{\n    |\n", 'return "{$a}}";\n}¦\n\nfunction g'),
        (
            "class A\n{\n    |\n}",
            "private $a;\n\n    function f()\n    {\n        return 1;\n    }¦\n}\n",
        ),
        ("<?php\nforeach ($a as $b) {\n    |\n", "c($b); // }\n}¦\nd();"),
    ],
    "kotlin": [
        ("fun f(): Int {\n    |\n}\n", "val x = xs.map { it + 1 }\n    return x¦\n}\n\nfun g"),
        ("fun f(): Int {\n    |\n", 'return "${a}}".length\n}¦\n\nfun g'),
        ("class A {\n    |\n}", "val a = 1\n\n    fun f() {\n        b()\n    }¦\n}\n"),
        (
            "fun f() {\n    when (x) {\n        |\n    }\n}",
            "1 -> a()\n        else -> { b() }¦\n    }\n",
        ),
    ],
    "swift": [
        ("func f() -> Int {\n    |\n}\n", "let x = xs.map { $0 + 1 }\n    return x¦\n}\n\nfunc g"),
        ("func f() -> Int {\n    |\n", 'return "\\(a)}".count\n}¦\n\nfunc g'),
        ("struct A {\n    |\n}", "var a = 1\n\n    func f() {\n        b()\n    }¦\n}\n"),
        ("func f() {\n    guard let x = y else {|\n}", "\n        return\n    }¦\n    g()"),
        ("switch x {\ncase 1:\n    |\n}", "a()\n    b()¦\ncase 2:\n"),
    ],
    "ruby": [
        ("def f\n  |\nend\n", "x = {a: 1}\n  x.map { |y| y }¦\nend\n\ndef g"),
        ("def f\n  |\n", "if a\n    b\n  end\n  c\nend¦\n\ndef g"),
        (
            "class A\n  def f\n    |\n\n  def g\n  end\nend",
            'x = "end #{y}"\n    x\n  end¦\n\n  def h',
        ),
        ("if a\n  |\nelse\n  c\nend", "b¦\nend\n"),
        ("xs.each do\n  |\n", "a\n  b\nend.c¦\nd"),
        ("begin\n  |\n", "a¦\nrescue E => e\n  b\nend\n"),
    ],
    "lua": [
        ("function f()\n  |\nend\n", "local t = { a = 1 }\n  return t¦\nend\n\nfunction g"),
        ("function f()\n  |\n", "if a then\n    b()\n  end\n  return [[end]]\nend¦\n\nfunction g"),
        ("if a then\n  |\nelse\n  b()\nend", "c()¦\nelse\n"),
        ('describe("a", function()\n  |\n', "b()\n  c({ 1 })\nend)¦\n\nd()"),
        ("repeat\n  |\n", "a()\nuntil b¦\nc()"),
    ],
    "shellscript": [
        ("f() {\n  |\n}\n", 'local x="$1"\n  echo "${x}" }¦\n}\n\ng() {'),
        ("f() {\n  |\n", "if a; then\n    b\n  fi\n  return 1\n}¦\n\ng() {"),
        ("for x in a; do\n  |\n", 'y "$x"\ndone¦\nz'),
        ("if a; then\n  |\nelse\n  b\nfi", "c¦\nfi\n"),
        ("while a; do\n  |\n", "b\n  c | d\ndone < e¦\nf"),
    ],
}

UNFINISHED = {
    "go": ("func f() {\n\t|\n}", "x := 1¦\n\tif x {\n\t\ty()"),
    "rust": ("fn f() {\n    |\n}", "let x = 1;¦\n    if x {\n        y("),
    "java": ("class A { void f() {\n  |\n} }", "int x = 1;¦\n  g(x,\n"),
    "c": ("int f() {\n    |\n}", "int x = 1;¦\n    while (x) {\n        y();"),
    "cpp": ("int f() {\n  |\n}", "int x = 1;¦\n  auto y = [&] {\n    z();"),
    "csharp": ("class A { void F() {\n  |\n} }", "var x = 1;¦\n  foreach (var y in x) {\n    z();"),
    "php": ("<?php\nfunction f() {\n    |\n}", "$x = 1;¦\n    foreach ($x as $y) {\n        z();"),
    "kotlin": ("fun f() {\n    |\n}", "val x = 1¦\n    for (y in x) {\n        z()"),
    "swift": ("func f() {\n    |\n}", "let x = 1¦\n    for y in x {\n        z()"),
    "ruby": ("def f\n  |\nend", "x = 1¦\n  if x\n    y\n"),
    "lua": ("function f()\n  |\nend", "local x = 1¦\n  if x then\n    y()\n"),
    "shellscript": ("f() {\n  |\n}", "local x=1¦\n  if x; then\n    y\n"),
}


@pytest.mark.parametrize(
    ("language", "document", "text"), [(name, *case) for name in CASES for case in CASES[name]]
)
def test_a_block_ends(language: str, document: str, text: str) -> None:
    prefix, _, suffix = document.partition("|")
    expected, generated = text.partition("¦")[0], text.replace("¦", "")
    at_once = stop_rule("block", language, prefix, suffix)
    assert generated[: at_once.cut(generated, "stop")] == expected
    rule, settled = stop_rule("block", language, prefix, suffix), [0]
    cut: int | None = None
    for end in range(len(generated) + 1):
        cut = rule.cut(generated[:end], "running")
        settled.append(rule.settled())
        if cut is not None:
            break
    else:
        cut = rule.cut(generated, "stop")
    assert generated[:cut] == expected
    assert settled == sorted(settled)
    assert settled[-1] <= len(expected)


@pytest.mark.parametrize(("language", "case"), UNFINISHED.items())
def test_a_statement_cut_short_is_dropped(language: str, case: tuple[str, str]) -> None:
    prefix, _, suffix = case[0].partition("|")
    expected, generated = case[1].partition("¦")[0], case[1].replace("¦", "")
    rule = stop_rule("block", language, prefix, suffix)
    assert generated[: rule.cut(generated, "length")] == expected
