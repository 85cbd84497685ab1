"""Punctuation that is not worth a key; `|` is the cursor."""

import pytest

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.trivial import trivial
from codegen_lsp.completion.reasons import Reason


def judge(language: str, document: str, text: str, *, is_invoked: bool = False) -> str | Reason:
    prefix, _, suffix = document.partition("|")
    return trivial(Candidate(language, prefix, text, suffix, "line", is_invoked))


REFUSED = [
    ("python", "x = 1\n|\ny = 2\n", "#"),
    ("go", "x := 1\n|\ny := 2\n", "//"),
    ("typescript", "let a = 1;\n/|\nlet b = 2;\n", "**"),
    ("lua", "local a = 1\n-|\n", "-"),
    ("python", "values = [1,|]\n", ","),
    ("javascript", "f();|\n", ";"),
    ("typescript", "const user = load()|\n\nrender();\n", "."),
    ("rust", "    let x = y|\n}\n", " ="),
    ("java", "        int n = a|\n    }\n", " +"),
    ("cpp", "    std|\n}\n", "::"),
    ("go", "func f() {\n\tg()|\n}\n", "\n}"),
    ("typescript", "foo(bar(1|));\n", "))"),
    ("python", "x = [f(a|)]\n", ")]"),
    ("rust", "fn f() {\n    g();\n    |\n}\n", "}"),
]


@pytest.mark.parametrize(("language", "document", "text"), REFUSED)
def test_punctuation_that_is_there_or_leads_nowhere_is_refused(
    language: str, document: str, text: str
) -> None:
    assert judge(language, document, text) is Reason.TRIVIAL


@pytest.mark.parametrize(("language", "document", "text"), REFUSED)
def test_who_asks_gets_it(language: str, document: str, text: str) -> None:
    assert judge(language, document, text, is_invoked=True) == text


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "print(f(x|\n", "))"),
        ("python", "if x|\n    y()\n", ":"),
        ("javascript", "const a = f()|\n", ";"),
        ("go", "func f() {\n\tg()\n|\n\nfunc h() {\n}\n", "}"),
        ("cpp", "namespace a {\n\nvoid f() {\n  g();\n|\n\n} // namespace a\n", "}"),
        ("java", "class A {\n  void f() {\n    g();\n  |\n\n  void h() {\n  }\n}\n", "}"),
        ("typescript", "run({\n  on() {\n    f();\n  |\n});\n", "},"),
        ("php", "f(g($a[0]|,\n  B);\n}\n", ")"),
        ("rust", "    let x = f()|\n", "?;"),
        ("python", "class P(Protocol):\n    def f(self) -> int: |\n", "..."),
        ("python", "# one\n|\n# two\n", "#"),
        ("java", "|\n * Text.\n */\nclass A {}\n", "/**"),
        ("rust", "/// Take one for the road|\nfn f() {}\n", "."),
        ("typescript", "/**\n * Check it (or not)|\n */\nf();\n", "."),
        ("javascript", "const a = 'x' |\n  'y';\n", "+"),
        ("shellscript", "case $a in\n  x) f ;|\nesac\n", ";"),
        ("shellscript", "a=(\n  x\n|\n", ")"),
        ("c", "for (;|\n", ";"),
        ("c", "x+|\n", "+;"),
        ("python", "print('wait|", ".."),
        ("python", "s = '|", "'"),
        ("typescriptreact", "return <div>{a|</div>;\n", "}"),
        ("python", "@|\ndef f(): ...\n", "property"),
        ("python", "x = '|'", "שלום"),
        ("python", "|", ""),
        ("yaml", "a:\n  |\n", "-"),
        ("lua", "function a(|\n  f(1)\n  h(function() g() end)\nend\n", ")"),
        ("javascript", "x = a\n    + (b) |\n  c + d;\n", "+"),
    ],
)
def test_punctuation_that_is_missing_stays(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) == text
