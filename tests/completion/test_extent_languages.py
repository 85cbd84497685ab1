"""When a block is suggested in the languages beside Python and JavaScript; `|` is the cursor."""

import pytest

from codegen_lsp.completion.extent import choose_extent

BLOCKS = {
    "go": [
        "package a\n\nfunc f(a int) (int, error) {\n\t|\n}\n",
        "func (t *T) f() {|}",
        "type A struct {\n\t|\n}",
        "type A interface {\n\t|\n}",
        "if err != nil {\n\t|\n}",
        "func f() {\n\tfor _, x := range xs {\n\t\t|\n",
        "func f() {\n\tswitch x {\n\tcase 1, 2:\n\t\t|\n\tdefault:\n\t}\n}",
        "func f() {\n\tselect {\n\t\t|\n\t}\n}",
        "func f() {\n\tgo func() {\n\t\t// é {\n\t\t|\n\t}()\n}",
    ],
    "rust": [
        "fn f<T: A>(x: &'a T) -> Option<u8> {\n    |\n}",
        "impl<T> A for B<T> {\n    |\n}",
        "pub struct A {\n    |\n}",
        "enum E {\n    |\n}",
        "fn f() {\n    match x {\n        Some(y) => {|}\n    }\n}",
        "fn f() {\n    match x {\n        |\n    }\n}",
        "fn f() {\n    if let Some(x) = y {\n        |\n",
        "fn f() {\n    unsafe {\n        |",
        'fn f() {\n    let s = "é {";\n    loop {\n        |\n    }\n}',
    ],
    "java": [
        "class A {\n    |\n}",
        "class A<T extends B> {\n    public <K> List<T> get(int a) throws E {\n        |\n    }\n}",
        "class A {\n    A() {|}\n}",
        "interface A {\n    |\n}",
        "enum A {\n    |\n}",
        "class A { void f() {\n  for (int i : xs) {\n    |\n  }\n} }",
        "class A { void f() {\n  switch (a) {\n    case 1:\n      |\n  }\n} }",
        "class A { void f() {\n  run(() -> {\n    |\n  });\n} }",
        "class A { void f() {\n  try {\n    |\n  } catch (E e) {\n  }\n} }",
    ],
    "c": [
        "int f(int a)\n{\n    |\n}",
        "static char *f(void) {\n    |\n}",
        "struct a {\n    |\n};",
        "enum a {\n    |\n};",
        "int f() {\n    if (a) {\n        |\n    } else {\n    }\n}",
        "int f() {\n    do {\n        |\n    } while (a);\n}",
        "int f() {\n    switch (a) {\n    case 1:\n        |\n    }\n}",
        "#ifdef X\nint f() {\n    /* é { */\n    |\n}\n#endif",
    ],
    "cpp": [
        "template <typename T>\nT A<T>::f(const T& a) const {\n  |\n}",
        "class A : public B {\n  |\n};",
        "namespace a::b {\n|\n}",
        "void f() {\n  for (auto& x : xs) {\n    |\n  }\n}",
        "void f() {\n  auto g = [&](int y) {\n    |\n  };\n}",
        "void f() {\n  try {\n    |\n  } catch (const E& e) {\n  }\n}",
        "class A {\n public:\n  explicit A(int x) : x_(x) {\n    |\n  }\n};",
    ],
    "csharp": [
        "namespace A\n{\n    |\n}",
        "class A : B\n{\n    |\n}",
        "class A\n{\n    public async Task<T> F<T>(int a)\n    {\n        |\n    }\n}",
        "class A\n{\n    int P\n    {\n        get\n        {\n            |\n        }\n    }\n}",
        "class A { void F() {\n  switch (a)\n  {\n    case 1:\n      |\n  }\n} }",
        "class A { void F() {\n  foreach (var x in xs)\n  {\n    |\n  }\n} }",
        "class A { void F() {\n  Run(() =>\n  {\n    |\n  });\n} }",
        'class A { void F() {\n  var s = $"é {a}";\n  using (var z = Open()) {\n    |\n  }\n} }',
    ],
    "php": [
        "<?php\nfunction f(int $a): ?array\n{\n    |\n}",
        "<?php\nclass A extends B\n{\n    public static function f()\n    {\n        |\n    }\n}",
        "class A\n{\n    |\n}",
        "<?php\nforeach ($xs as $k => $v) {\n    |\n}",
        "<?php\nswitch ($a) {\n    case 1:\n        |\n}",
        "<?php\n$f = function ($x) use ($y) {\n    |\n};",
        "<?php\ntry {\n    |\n} catch (E $e) {\n}",
    ],
    "kotlin": [
        "fun f(a: Int): List<T>? {\n    |\n}",
        "class A(val x: Int) : B(x) {\n    |\n}",
        "class A {\n    override suspend fun f() {\n        |\n    }\n}",
        "interface A {\n    |\n}",
        "fun f() {\n    when (x) {\n        |\n    }\n}",
        "fun f() {\n    for (x in xs) {\n        |\n    }\n}",
        "fun f() {\n    xs.forEach {\n        |\n    }\n}",
        "fun f() {\n    if (a) {\n        |\n    } else {\n    }\n}",
    ],
    "swift": [
        "func f(for a: Int) async throws -> [T]? {\n    |\n}",
        "class A: B {\n    |\n}",
        "struct A {\n    init(a: Int) {\n        |\n    }\n}",
        "extension A: B {\n    |\n}",
        "func f() {\n    if let x = y {\n        |\n    } else {\n    }\n}",
        "func f() {\n    guard let x = y else {\n        |\n    }\n}",
        "func f() {\n    switch x {\n    case .a(let y):\n        |\n    }\n}",
        "func f() {\n    for x in xs {\n        |\n    }\n}",
        "struct A {\n    var x: Int {\n        |\n    }\n}",
    ],
    "ruby": [
        "def f(a, b = 1)\n  |\nend",
        "def f\n  |\n",
        "class A < B\n  |\nend",
        "module A\n  class B\n    def self.f(x)\n      |\n    end\n  end\nend",
        "class A\n  def f\n    if a\n      |",
        "3.times do\n  |\nend",
        "case a\nwhen 1\n  |\nend",
        "begin\n  |\nrescue E => e\nend",
        "def f\n  # é\n  |\nend",
    ],
    "lua": [
        "function M.f(a, b)\n  |\nend",
        "local function f()\n  |\n",
        "function f()\n  if a then\n    |\n",
        "function f()\n  if a then\n    b()\n  else\n    |\n  end\nend",
        "for i = 1, 3 do\n  |\nend",
        "repeat\n  |\nuntil x",
        'describe("é", function()\n  |\nend)',
        "function f()\n  -- first\n  |\nend",
    ],
    "shellscript": [
        "f() {\n  |\n}",
        "function f {\n  |\n",
        "if [[ -z $a ]]; then\n  |\nfi",
        "f() {\n  if a; then\n    b\n  else\n    |\n  fi\n}",
        "for x in a b; do\n  |\ndone",
        "while read -r x; do\n  # é\n  |\ndone < y",
        'case "$1" in\n  start)\n    |\nesac',
    ],
}

LINES = {
    "go": [
        "x := T{\n\t|\n}",
        "import (\n\t|\n)",
        "f(a,\n\t|\n)",
        "func f() {\n\t|\n\treturn 1\n}",
        "// if x {|",
        'x := "if {|"',
        "func f() {\n\ta()\n\t|\n}",
    ],
    "rust": [
        "let x = A {\n    |\n};",
        "use a::{|};",
        'let s = "if {|";',
        "fn f() {\n    a();\n    |\n}",
    ],
    "java": [
        "class A { int[] a = {\n  |\n}; }",
        "class A { void f() {\n  |\n  g();\n} }",
        'class A { String s = "{|"; }',
        "/* class A {\n  |",
    ],
    "c": ["int a[] = {\n    |\n};", "int f() {\n    a();\n    |\n}", "// {|", "#define A {|"],
    "cpp": ["auto x = A{\n  |\n};", "void f() {\n  a();\n  |\n}", "std::vector<|"],
    "csharp": [
        "var a = new A\n{\n    |\n};",
        'class A { string s = "{|"; }',
        "class A { void F() {\n  G();\n  |\n} }",
    ],
    "php": [
        "<?php\n$a = [\n    |\n];",
        "<?php\n// if {|",
        "<?php\nfunction f() {\n    g();\n    |\n}",
    ],
    "kotlin": ['val s = "{|"', "fun f() {\n    g()\n    |\n}", "/* fun f() {\n    |"],
    "swift": ['let s = "{|"', "func f() {\n    g()\n    |\n}", "let a = [\n    |\n]"],
    "ruby": [
        "x = 1\n|",
        "def f\n  a\n  |\nend",
        "def f|",
        "x = [\n  |\n]",
        "def f\n  |\n  a\nend",
        "a if b\n|",
    ],
    "lua": ["x = 1\n|", "function f()\n  a()\n  |\nend", "t = {\n  |\n}", "function f|", "if a|"],
    "shellscript": ["x=1\n|", "f() {\n  a\n  |\n}", "arr=(\n  |\n)", "if a|", "echo then\n|"],
}


@pytest.mark.parametrize(
    ("language", "document"), [(name, text) for name, texts in BLOCKS.items() for text in texts]
)
def test_a_block_is_opened(language: str, document: str) -> None:
    prefix, _, suffix = document.partition("|")
    assert choose_extent(language, prefix, suffix, "auto") == "block"


@pytest.mark.parametrize(
    ("language", "document"), [(name, text) for name, texts in LINES.items() for text in texts]
)
def test_no_block_is_opened(language: str, document: str) -> None:
    prefix, _, suffix = document.partition("|")
    assert choose_extent(language, prefix, suffix, "auto") == "line"
