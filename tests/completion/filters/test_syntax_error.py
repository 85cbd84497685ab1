"""No suggestion brings a syntax error that is not there without it; `¦` is the cursor."""

import pytest

from codegen_lsp.completion.filters.candidate import Candidate, Site
from codegen_lsp.completion.filters.syntax_error import new_syntax_error
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.syntax.parsing import parse


def judge(language: str, document: str, text: str, replaces: int = 0) -> str | Reason:
    prefix, _, suffix = document.partition("¦")
    tree = parse(language, prefix + suffix)
    site = None if tree is None else Site(tree, len(prefix), replaces)
    return new_syntax_error(Candidate(language, prefix, text, suffix[replaces:], "line", site=site))


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "def f(a):\n    ¦\n    return a\n", "elif isinstance(a, int):"),
        ("python", "def f(a):\n    ¦\n    return a\n", "logger.warning("),
        ("python", "value = compute(¦\nprint(value)\n", "a b, )"),
        ("python", "name = '¦'\n", "it's"),
        ("javascript", "function f(l) {\n  ¦\n  return l;\n}\n", "for (let e of l) {"),
        ("javascript", "app.get('/', (req) => {\n  ¦\n});\n", "res.send('a'));"),
        ("typescript", "class A {\n  ¦\n}\n", "get(: string {"),
        ("typescriptreact", "const a = <div>¦</div>;\n", "<b>{name</b>"),
        ("go", "func f(ops []int) bool {\n\t¦\n\treturn true\n}\n", "for _, op := range ops {"),
        ("rust", "fn f(d: i32) {\n    if d > 0 {\n        g();\n        ¦\n    }\n}\n", "else{"),
        ("java", "class A {\n  int f() {\n    ¦\n  }\n}\n", "return a +;"),
        ("c", "int f(int *l) {\n  ¦\n  return 0;\n}\n", "if (l[0] > ) return 1;"),
        ("cpp", "int f() {\n  ¦\n  return max;\n}\n", "{"),
        ("csharp", "class A {\n  int F() {\n    ¦\n  }\n}\n", "return items.Where(x => ;"),
        ("php", "<?php\nfunction f($a) {\n  ¦\n}\n", "return $a->;"),
        ("kotlin", "fun f(a: Int): Int {\n  ¦\n}\n", "return when (a) { 1 ->"),
        ("swift", "func f(a: Int) -> Int {\n  ¦\n}\n", "guard let b = a else"),
        ("ruby", "def f(a)\n  ¦\nend\n", "return a if ) b"),
        ("lua", "function f(a)\n  ¦\nend\n", "if a then return b"),
        ("shellscript", "f() {\n  ¦\n}\n", 'if [ -z "$1" ]; then'),
        # In a string that nothing closes.
        (
            "shellscript",
            '  g "$1"\n}\nf() { # <name>\n  if [[ -d "$a" ]]; then\n    echo "Remo¦\n',
            'ving folder $a"',
        ),
    ],
)
def test_a_new_error_is_refused(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) is Reason.SYNTAX_ERROR


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "x = foo(¦\nprint(x)\n", "bar, baz)"),
        ("python", 'def f(a):\n    """It\'s (for ¦', "those who can't."),
        ("python", 'class A:\n    """\n    The ¦', "cat's (own) purpose\n    is to {"),
        ("javascript", "/* it's ¦", "for (those"),
        ("python", "def f(a):\n    if a¦\n", " is None:"),
        ("python", "@¦\ndef f():\n    pass\n", "cache"),
        ("python", "name = f'{¦}'\n", "user.name"),
        ("python", "def f(a):\n    return {\n        ¦\n    }\n", "'a': a,"),
        ("python", "# see ¦\nx = 1\n", "the (docs"),
        ("python", "    ¦", "x = 1"),
        ("javascript", "const s = `a ${¦} b`;\n", "name.trim()"),
        ("javascript", "if (a¦\nfoo();\n", " && b) {"),
        ("typescript", "const f = async (a: string): Promise<¦ => {\n};\n", "void>"),
        ("typescriptreact", "const a = <ul>\n  ¦\n</ul>;\n", "<li key={a}>{b}</li>"),
        ("go", "func f() error {\n\tif err¦\n\treturn nil\n}\n", " != nil {"),
        ("go", "func f() {\n\tx := []int{\n\t\t¦\n\t}\n}\n", "1, 2,"),
        ("rust", "fn f(a: &str) {\n    let b = match a {\n        ¦\n    };\n}\n", '"a" => 1,'),
        ("java", "class A {\n  ¦\n  void f() {}\n}\n", "@Override"),
        ("java", "class A {\n  int f() {\n    return g(a,¦\n  }\n}\n", " b);"),
        ("c", "#define A(x) ¦\nint a;\n", "((x) + 1)"),
        ("cpp", "std::vector<int> v¦\nint a;\n", " = {1, 2};"),
        ("ruby", "def f\n  items.each do |i|\n    ¦\n  end\nend\n", 'puts "#{i}"'),
        ("lua", "local s = [[\n¦\n]]\n", "it's (text"),
        ("shellscript", "cat <<EOT\n¦\nEOT\n", "it's $(date"[:4]),
        ("shellscript", 'f() {\n  if [ -n "$1" ¦\n}\n', "]; then"),
        ("yaml", "a: ¦\n", "[1, 2"),
        ("plaintext", "a ¦\n", "(b"),
    ],
)
def test_what_is_right_or_may_become_it_is_kept(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) == text


@pytest.mark.parametrize(
    ("language", "document", "text", "kept"),
    [
        ("python", "def f(a):\n    ¦\n", "b = a\n    return b\n    c = (", "b = a\n    return b"),
        ("go", "func f() {\n\t¦\n}\n", "a := 1\n\tg(a)\n\tif a > {", "a := 1\n\tg(a)"),
        ("java", "class A {\n  void f() {\n    ¦\n  }\n}\n", "g();\n    h(;", "g();"),
        ("ruby", "def f\n  ¦\nend\n", "a = 1\n  b = [2\n", "a = 1"),
        ("rust", "fn f() {\n    ¦\n}\n", "let a = 1;\n    let = ;", "let a = 1;"),
    ],
)
def test_a_text_is_cut_back_to_the_lines_before_the_error(
    language: str, document: str, text: str, kept: str
) -> None:
    assert judge(language, document, text) == kept


def test_what_the_text_replaces_is_not_counted() -> None:
    assert judge("python", "x = foo(¦)\n", "a)", replaces=1) == "a)"
    assert judge("python", "x = foo(¦)\n", "a)") is Reason.SYNTAX_ERROR


def test_at_the_start_of_a_line_the_rest_of_it_counts_as_the_line_below() -> None:
    assert judge("python", "def f():\n¦    return a\n", "    a = 1") == "    a = 1"


def test_a_dialect_that_the_grammar_does_not_know_is_left_alone() -> None:
    header = "template <typename T> class A : public B<T> { virtual ~A() = default; };\n" * 20
    assert judge("c", header + "¦\n", "class C : public A<int> {") == "class C : public A<int> {"


def test_without_a_tree_the_text_around_is_parsed() -> None:
    candidate = Candidate("python", "x = foo(", "a))", "\n", "line")
    assert new_syntax_error(candidate) is Reason.SYNTAX_ERROR
