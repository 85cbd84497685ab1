"""What is read of C#'s definitions."""

import pytest

from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures.csharp import documentables
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter, Raised


def read(text: str) -> list[Documentable]:
    tree = parse("csharp", text)
    assert tree is not None
    return documentables(tree)


def member(text: str) -> Documentable:
    """The only member of a class that holds `text`."""
    _, found = read(f"class C\n{{\n    {text}\n}}\n")
    return found


def test_everything_that_a_method_says() -> None:
    text = (
        "namespace N;\n"
        "public partial class Größe<T> where T : new()\n"
        "{\n"
        "    /// <summary>Doc.</summary>\n"
        "    /// <returns>x</returns>\n"
        "    [One(1), Two]\n    [Three]\n"
        "    public override async Task<int> Load<K>(\n"
        "        this K k, ref int a, out string b, int c = 3,\n"
        "        params object[] rest) where K : class\n"
        "    {\n        return 1;\n    }\n"
        "}\n"
    )
    holder, found = read(text)
    assert (holder.name, holder.container, holder.type_parameters) == ("Größe", "", ("T",))
    assert (found.container, found.kind, found.indent) == ("Größe", "method", "    ")
    assert text[found.start :].startswith("[One")
    assert found.existing is not None
    assert found.existing.text.split("\n") == [
        "/// <summary>Doc.</summary>",
        "    /// <returns>x</returns>",
    ]
    assert found.signature.startswith("public override async Task<int> Load<K>( this K k,")
    assert found.signature.endswith("where K : class")
    assert found.parameters == (
        Parameter("k", "K"),
        Parameter("a", "int"),
        Parameter("b", "string"),
        Parameter("c", "int", "3", is_optional=True),
        Parameter("rest", "object[]", kind="rest", is_optional=True),
    )
    assert (found.returns, found.returns_value, found.is_async) == ("Task<int>", True, True)
    assert (found.type_parameters, found.decorators) == (("K",), ("One", "Two", "Three"))
    assert found.is_override
    assert not found.is_private


def test_the_definitions_of_a_file() -> None:
    text = (
        "namespace N {\n"
        'record R<T>(int A, string B = "x") : Base(A);\n'
        "readonly struct S { public S(int x) {} }\n"
        "interface I { int M(int x); string P { get; } }\n"
        "enum E { A, B }\n"
        "delegate void D<T>(int x);\n"
        "class C {\n"
        "  public static C operator +(C a, C b) { return a; }\n"
        "  public static explicit operator int(C a) => 1;\n"
        "  public int this[int i] => i;\n"
        "  void Run() { int Local(int z) => z; }\n"
        "}\n}\n"
    )
    found = read(text)
    assert [(each.container, each.name, each.kind) for each in found] == [
        ("", "R", "class"),
        ("", "S", "struct"),
        ("S", "S", "constructor"),
        ("", "I", "interface"),
        ("I", "M", "method"),
        ("I", "P", "property"),
        ("", "E", "enum"),
        ("", "D", "function"),
        ("", "C", "class"),
        ("C", "operator +", "method"),
        ("C", "operator int", "method"),
        ("C", "this", "property"),
        ("C", "Run", "method"),
    ]
    assert found[0].parameters == (
        Parameter("A", "int"),
        Parameter("B", "string", '"x"', is_optional=True),
    )
    assert [each.name for each in found if each.is_private] == ["Run"]


def test_an_expression_is_a_body() -> None:
    text = "class C {\n    public int Twice(int x) => 2 * x;\n}\n"
    _, found = read(text)
    assert found.body is not None
    assert text[found.body[0] : found.body[1]] == "2 * x"


def test_a_class_has_its_public_fields() -> None:
    found, *_ = read("class C {\n  public int a = 1, b;\n  int c;\n  public int P { get; }\n}\n")
    assert found.attributes == (Parameter("a", "int"), Parameter("b", "int"))


@pytest.mark.parametrize(
    ("text", "returns_value"),
    [
        ("void F() { return; }", False),
        ("async Task F() { }", False),
        ("System.Threading.Tasks.Task F();", False),
        ("ValueTask<int> F();", True),
        ("int F() => throw new E();", True),
        ("int P { get; set; }", True),
        ("int P => 1;", True),
        ("int P { set { } }", False),
        ("C(int x) { }", False),
        ("IEnumerable<int> F() { yield return 1; }", True),
    ],
)
def test_whether_a_value_is_returned(text: str, *, returns_value: bool) -> None:
    found = member(text)
    assert found.returns_value is returns_value
    assert found.yields is ("yield" in text)


@pytest.mark.parametrize(
    ("body", "raises"),
    [
        ("if (x is null) throw new ArgumentNullException(nameof(x));", [("x is null", "")]),
        ('throw new ArgumentNullException("x", "not there");', [("", "not there")]),
        ('throw new ArgumentNullException($"no {x}");', [("", "no {x}")]),
        ('y = x ?? throw new ArgumentNullException(@"no x");', [("", "no x")]),
        ("y = x > 1 ? x : throw new ArgumentNullException();", [("!(x > 1)", "")]),
        ("try { throw new ArgumentNullException(); } catch { }", []),
        ("try { throw new ArgumentNullException(); } catch { throw; }", [("", "")]),
        ("try { throw new ArgumentNullException(); } catch (System.Exception) { }", []),
        ("try { throw new ArgumentNullException(); } catch (Exception e) when (e) { }", [("", "")]),
        ("try { F(); } catch (ArgumentNullException) { throw; }", [("", "")]),
        ("try { F(); } catch (Exception e) { throw; }", []),
        ("Run(() => throw new ArgumentNullException());", []),
        ("void Local() { throw new ArgumentNullException(); }", []),
    ],
)
def test_what_is_thrown_and_not_caught(body: str, raises: list[tuple[str, str]]) -> None:
    expected = [Raised("ArgumentNullException", *each) for each in raises]
    assert list(member(f"void F(object x) {{ {body} }}").raises) == expected


def test_accessors_throw_for_their_property() -> None:
    found = member('public int P { get => 1; set { throw new Bad("no"); } }')
    assert found.raises == (Raised("Bad", message="no"),)
    assert member("public int P => throw new Bad();").raises == (Raised("Bad"),)


def test_who_may_use_a_member() -> None:
    assert member("int f() => 1;").is_private
    assert member("private protected int F() => 1;").is_private
    assert not member("internal int F() => 1;").is_private
    explicit = member("void I.F() { }")
    assert (explicit.name, explicit.is_private, explicit.is_override) == ("F", False, True)


def test_rows_of_slashes_document_nothing() -> None:
    (found,) = read("//// Rule.\nclass C { }\n")
    assert found.existing is None


def test_new_documentation_goes_above_the_attributes() -> None:
    text = "class C\r\n{\r\n\t[A]\r\n\tvoid F() { }\r\n}\r\n"
    _, found = read(text)
    assert (found.insert_at, found.indent) == (text.index("\t[A]"), "\t")
    assert found.signature == "void F()"


def test_syntax_errors_spoil_the_method_and_the_class() -> None:
    text = "class C {\n  void Good() { }\n  void Bad() { if ( }\n}\n"
    problems = {each.name: each.problem for each in read(text)}
    assert problems["C"] == "syntax error in it"
    assert problems["Bad"] != ""
    assert problems["Good"] == ""
