"""Brackets and quotes that do not match those on both sides; `¦` is the cursor."""

import pytest

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.unbalanced import unbalanced
from codegen_lsp.completion.reasons import Reason


def judge(language: str, document: str, text: str) -> str | Reason:
    prefix, _, suffix = document.partition("¦")
    return unbalanced(Candidate(language, prefix, text, suffix, "line"))


@pytest.mark.parametrize(
    ("language", "document", "text", "kept"),
    [
        ("python", "x = foo(¦)\n", "a, b)", "a, b"),
        ("python", "x = [¦]\n", "1, 2]", "1, 2"),
        ("javascript", "app.get('/', () => {\n  ¦\n});\n", "send();\n});", "send();"),
        ("typescript", "const a: Map<string, number> = f(¦);\n", "b, c))", "b, c)"[:4]),
        ("go", "func f() {\n\t¦\n}\n", "g()\n}", "g()"),
        ("rust", "fn f<'a>(x: &'a str) {\n    ¦\n}\n", "g(x);\n}", "g(x);"),
        ("java", "class A {\n  void f() {\n    ¦\n  }\n}\n", "g();\n  }", "g();"),
        ("c", "int f(void) {\n  ¦\n}\n", "return 0;\n}", "return 0;"),
        ("json", '{\n  "a": [¦]\n}\n', "1, 2]", "1, 2"),
        ("css", "a {\n  ¦\n}\n", "color: red;\n}", "color: red;"),
        ("javascript", "f();\n¦\n", "g();\nh(a;", "g();"),
        ("python", "f()\n¦\n", 'a = "b"\nc = "d', 'a = "b"'),
    ],
)
def test_a_text_is_cut_before_what_does_not_match(
    language: str, document: str, text: str, kept: str
) -> None:
    assert judge(language, document, text) == kept


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "foo(¦)\n", ")"),
        ("python", "x = ¦\n", 'f("a'),
        ("go", "x := ¦\n", 'f("a'),
        ("java", "String s = ¦\n", '"abc;'),
        ("javascript", "¦\nf();\n", "g(a[1;"),
        ("typescript", "const x = ¦\n", 'f("a, b);'),
        ("kotlin", "val x = ¦\n", 'f("a)'),
        ("swift", "let x = ¦\n", 'f("a)'),
        ("scala", "val x = ¦\n", 'f("a)'),
        ("json", '{"a": ¦}\n', '"b'),
    ],
)
def test_a_text_of_which_nothing_would_be_left_is_refused(
    language: str, document: str, text: str
) -> None:
    assert judge(language, document, text) is Reason.UNBALANCED


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "foo(¦)\n", "a), bar(b"),
        ("python", "x = foo(¦\n", "a)"),
        ("python", "# a smiley ¦\n", ':) "'),
        ("python", 'x = """¦\n"""\n', 'say "'),
        ("python", "x = f(¦\n", '"""long'),
        ("python", "print(f'{¦}')\n", 'd["a"]'),
        ("javascript", "const a = /[(]/; f(¦)\n", "a"),
        ("javascript", "const s = `¦`;\n", 'a "'),
        ("javascript", "it('works', () => {\n  ¦\n", "f();\n});"),
        ("typescript", "if (a) {\n  f();\n¦\n", "} else {"),
        ("go", "func f() {\n\tif a {\n\t\tg()\n\t¦\n}\n", "}"),
        ("go", "r := ¦\n", "'\"'"),
        ("rust", "fn f(¦) {}\n", "a: &'a str, b: &'a str"),
        ("rust", "let c = ¦;\n", "'('"),
        ("java", "for (int i = 0;¦\n", " i < n; i++) {"),
        ("c", "¦\n", "for (i = 0;"),
        ("cpp", "auto f = [¦](int a) { return a; };\n", "&"),
        ("shellscript", "case $1 in\n  ¦\nesac\n", "a) echo b ;;"),
        ("shellscript", "echo ${#a}; f ¦\n", '"$(g)"'),
        ("ruby", "x = ¦\n", '"a\nb"'),
        ("markdown", "Smile ¦\n", ":)"),
        ("clojure", "(defn f [x]\n  ¦\n", "(let [y (+ x 1)]"),
        ("html", "<p>¦</p>\n", 'it"s :)'),
        ("typescriptreact", "const a = <p>¦</p>;\n", "{b}"),
        ("python", "שלום = foo(¦)\n", "'א(', 1"),
    ],
)
def test_what_matches_or_may_do_so_is_kept(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) == text


def test_what_a_closer_further_on_closes_is_kept() -> None:
    below = "\n    h();\n  }\n" + "\n  void g() {\n    h();\n  }\n" * 80
    text = "void f() {\n    h();"
    assert judge("java", f"class A {{\n  ¦{below}}}\n", text) == text
    far = "\n    h();" * 300 + "\n  }\n}\n"
    assert judge("java", f"class A {{\n  ¦{far}", text) == text
