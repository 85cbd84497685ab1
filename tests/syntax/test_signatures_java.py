"""What is read of Java's definitions."""

import pytest

from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter, Raised
from codegen_lsp.syntax.signatures.java import documentables


def read(text: str) -> list[Documentable]:
    tree = parse("java", text)
    assert tree is not None
    return documentables(tree)


def method(text: str) -> Documentable:
    """The only method of a class that holds `text`."""
    _, found = read(f"class C {{\n  {text}\n}}\n")
    return found


def test_everything_that_a_method_says() -> None:
    text = (
        "class Größe<T> {\n"
        "    /** Doc. */\n"
        '    @Override\n    @Named("x") // why\n'
        "    public <K extends B> List<K> load(C this, @N int path, T[] all[], String... more)\n"
        "            throws IOException, a.b.Gone {\n"
        "        return null;\n"
        "    }\n"
        "}\n"
    )
    holder, found = read(text)
    assert (holder.name, holder.type_parameters) == ("Größe", ("T",))
    assert (found.container, found.kind, found.indent) == ("Größe", "method", "    ")
    assert text[found.start :].startswith("@Override")
    assert found.existing is not None
    assert found.existing.text == "/** Doc. */"
    assert found.signature == (
        "public <K extends B> List<K> load(C this, @N int path, T[] all[], String... more) "
        "throws IOException, a.b.Gone"
    )
    assert found.parameters == (
        Parameter("path", "int"),
        Parameter("all", "T[][]"),
        Parameter("more", "String", kind="rest", is_optional=True),
    )
    assert (found.returns, found.returns_value) == ("List<K>", True)
    assert (found.type_parameters, found.decorators) == (("K",), ("Override", "Named"))
    assert found.is_override
    assert found.raises == (Raised("IOException"), Raised("a.b.Gone"))


def test_new_documentation_goes_above_the_annotations() -> None:
    text = "class C {\n\n\t@A\n\tvoid f() {}\n}\n"
    _, found = read(text)
    assert (found.insert_at, found.indent) == (text.index("\t@A"), "\t")
    assert found.signature == "void f()"


def test_the_definitions_of_a_file() -> None:
    text = (
        "public interface I { int K = 3; void m(); }\n"
        "record R<T>(int a, T... b) {\n  R { }\n  static int size() { return 1; }\n}\n"
        "enum E {\n  A { int f() { return 1; } }, B;\n  private E() {}\n}\n"
        "@interface An {\n  int value() default 1;\n}\n"
        "class C {\n  Object o = new Object() { public void hidden() {} };\n  C(int x) {}\n}\n"
    )
    assert [(each.container, each.name, each.kind) for each in read(text)] == [
        ("", "I", "interface"),
        ("I", "m", "method"),
        ("", "R", "class"),
        ("R", "size", "method"),
        ("", "E", "enum"),
        ("E", "E", "constructor"),
        ("", "An", "interface"),
        ("An", "value", "method"),
        ("", "C", "class"),
        ("C", "C", "constructor"),
    ]
    found = {each.name: each for each in read(text)}
    assert [each.name for each in found["R"].parameters] == ["a", "b"]
    assert found["I"].attributes == (Parameter("K", "int", "3"),)
    assert (found["E"].is_private, found["C"].returns_value) == (True, False)


def test_a_class_has_its_public_fields() -> None:
    text = "class C {\n  public static final int A = 1, B[] = {};\n  int c;\n  private int d;\n}\n"
    (found,) = read(text)
    assert found.attributes == (Parameter("A", "int", "1"), Parameter("B", "int[]", "{}"))


@pytest.mark.parametrize(
    ("text", "returns_value"),
    [
        ("void f() { return; }", False),
        ("int f() { throw new E(); }", True),
        ("int f()[] { return null; }", True),
        ("abstract String f();", True),
        ("abstract void f();", False),
    ],
)
def test_the_type_tells_whether_a_value_is_returned(text: str, *, returns_value: bool) -> None:
    assert method(text).returns_value is returns_value


@pytest.mark.parametrize(
    ("body", "raises"),
    [
        ('if (n < 0) throw new Bad("n is " + n);', [Raised("Bad", "n < 0")]),
        ('if (a) {} else { throw new Bad("no", cause); }', [Raised("Bad", "!(a)", "no")]),
        ("if (a) { log(); int b = g(); throw new Bad(); }", [Raised("Bad", "a")]),
        ("if (a) { if (b) return 1; throw new Bad(); }", [Raised("Bad")]),
        ("if (a) { for (int b : g()) throw new Bad(); }", [Raised("Bad")]),
        ("if (a) { while (g()) { throw new Bad(); } }", [Raised("Bad")]),
        ("try { throw new Bad(); } catch (Exception e) { log(e); }", []),
        ("try { throw new AnError(); } catch (Exception e) { }", [Raised("AnError")]),
        ("try { throw new Bad(); } catch (Other | x.Bad e) { }", []),
        ("try { throw new Bad(); } catch (Other e) { }", [Raised("Bad")]),
        ("try { g(); } catch (One | Two e) { throw e; }", [Raised("One"), Raised("Two")]),
        ("try { g(); } catch (Exception e) { throw e; }", []),
        ("try (A a = b()) { g(); } catch (One e) { throw new Two(e); }", [Raised("Two")]),
        ('Bad bad = new Bad("x"); throw bad;', [Raised("Bad", message="x")]),
        ("run(() -> { throw new Bad(); });", []),
        ("run(new R() { void r() { throw new Bad(); } });", []),
        ("switch (n) { case 1 -> throw new Bad(); default -> {} }", [Raised("Bad")]),
    ],
)
def test_what_is_thrown_and_not_caught(body: str, raises: list[Raised]) -> None:
    assert list(method(f"void f(int n) {{ {body} }}").raises) == raises


def test_the_throws_clause_adds_what_the_body_does_not_show() -> None:
    found = method("void f() throws IOException, Bad { if (x) throw new a.Bad(); }")
    assert found.raises == (Raised("a.Bad", "x"), Raised("IOException"))


def test_a_licence_documents_nothing() -> None:
    (found,) = read("/** Licence. */\n\nclass C {}\n")
    assert found.existing is None


def test_syntax_errors_spoil_the_method_and_the_class() -> None:
    text = "class C {\n  void good() {}\n  void bad(int) { if ( }\n}\n"
    problems = {each.name: each.problem for each in read(text)}
    assert problems["C"] == problems["bad"] == "syntax error in it"
    assert problems["good"] == ""


def test_carriage_returns_are_kept_out() -> None:
    text = "class C {\r\n  /**\r\n   * Doc.\r\n   */\r\n  void f(int a,\r\n      int b) {}\r\n}\r\n"
    _, found = read(text)
    assert found.signature == "void f(int a, int b)"
    assert found.existing is not None
    assert found.existing.text.endswith("Doc.\r\n   */")
