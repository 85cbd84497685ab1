"""What signatures of C and C++ say, where documentation stands, and what is wrong with bad ones."""

import pytest

from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures.c import documentables
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter, Raised


def found_in(text: str, language: str = "cpp") -> dict[str, Documentable]:
    tree = parse(language, text)
    assert tree is not None
    found = documentables(tree)
    return {f"{each.container}.{each.name}".lstrip("."): each for each in found}


def only(text: str, language: str = "cpp") -> Documentable:
    (found,) = found_in(text, language).values()
    return found


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_a_function_with_all_its_parts(language: str) -> None:
    text = (
        "/** Copies. */\nstatic const char *copy(const char *from, int (*each)(int), "
        "char to[8], struct s *, ...) // why\n{\n    return from;\n}\n"
    )
    function = only(text, language)
    assert (function.name, function.kind) == ("copy", "function")
    assert function.signature == (
        "static const char *copy(const char *from, int (*each)(int), char to[8], struct s *, ...)"
    )
    assert function.parameters == (
        Parameter("from", "const char *"),
        Parameter("each", "int (*)(int)"),
        Parameter("to", "char[8]"),
    )
    assert (function.returns, function.returns_value) == ("const char *", True)
    assert function.body == (text.index("{"), len(text) - 1)
    assert (function.placement, function.start) == ("above", text.index("static"))
    assert function.existing is not None
    assert function.existing.text == "/** Copies. */"
    assert function.is_private  # of this file only
    assert function.problem == ""


@pytest.mark.parametrize(
    ("text", "name", "returns", "returns_value"),
    [
        ("int f(void);", "f", "int", True),
        ("void f(int);", "f", "void", False),
        ("void *f();", "f", "void *", True),
        ("extern inline unsigned long f() { abort(); }", "f", "unsigned long", False),
        ("int (f)(int);", "f", "int", True),
        ("int (*f(int x))(char) { return 0; }", "f", "int (*)(char)", True),
        ("EXPORT int f();", "f", "int", True),
        ("static int CALL f() { return 1; }", "f", "int", True),
    ],
)
def test_results_in_c(text: str, name: str, returns: str, returns_value: bool) -> None:
    function = only(f"{text}\n", "c")
    assert (function.name, function.problem) == (name, "")
    assert (function.returns, function.returns_value) == (returns, returns_value)


@pytest.mark.parametrize(
    ("text", "returns", "returns_value"),
    [
        ("auto f() -> std::vector<int> { return {}; }", "std::vector<int>", True),
        ("constexpr auto f() { return 1; }", "auto", True),
        ("auto f() { g(); }", "auto", False),
        ("const T& f() { auto l = [] { return 1; }; throw X(); }", "const T &", False),
        ("task<int> f() { co_return 1; }", "task<int>", True),
        ("EXPORT void CALL f(int a) {}", "void", False),
        ("[[nodiscard]] virtual int f();", "int", True),
    ],
)
def test_results_in_cpp(text: str, returns: str, returns_value: bool) -> None:
    function = only(f"{text}\n")
    assert (function.returns, function.returns_value) == (returns, returns_value)
    assert not function.yields


def test_a_coroutine_yields() -> None:
    assert only("gen f() { co_yield 1; }\n").yields


@pytest.mark.parametrize(
    "text",
    [
        "#define F(x) x",
        "MACRO(x);",
        "TEST(Suite, Case) { int x; }",
        "DEFINE_FN(int, f) { return 1; }",
        "int x;",
        "int (*f)(int);",
        "typedef int (*f)(int);",
        "struct s;",
        "struct { int x; } y;",
        "int x = 1, f(int);",
    ],
)
def test_what_is_no_definition(text: str) -> None:
    assert found_in(f"{text}\n") == {}


def test_members_of_a_class() -> None:
    text = """class Shape final : public Base {
public:
    explicit Shape(int sides) : sides(sides) {}
    ~Shape() = default;
    virtual double area(double scale = 1.0) const override;
    operator bool() const { return true; }
    bool operator==(const Shape& other) const { return true; }
    static int count();
    int sides, *corners; ///< How many.
    DISALLOW_COPY(Shape);
private:
    int hidden;
    struct Inner { int x; };
    void draw() {}
#ifdef DEBUG
    void dump();
#endif
};
"""
    found = found_in(text)
    assert {name: (each.kind, each.is_private) for name, each in found.items()} == {
        "Shape": ("class", False),
        "Shape.Shape": ("constructor", False),
        "Shape.~Shape": ("method", False),
        "Shape.area": ("method", False),
        "Shape.operator bool": ("method", False),
        "Shape.operator==": ("method", False),
        "Shape.count": ("method", False),
        "Shape.Inner": ("struct", True),
        "Shape.draw": ("method", True),
        "Shape.dump": ("method", True),
    }
    assert found["Shape"].attributes == (Parameter("sides", "int"), Parameter("corners", "int"))
    assert found["Shape"].signature == "class Shape final : public Base"
    assert found["Shape.Shape"].signature == "explicit Shape(int sides)"
    assert found["Shape.Shape"].returns == ""
    assert found["Shape.area"].is_override
    assert found["Shape.area"].parameters == (
        Parameter("scale", "double", "1.0", is_optional=True),
    )
    assert found["Shape.operator bool"].returns == "bool"
    assert found["Shape.draw"].indent == "    "


def test_definitions_outside_their_class_and_in_namespaces() -> None:
    text = """namespace a::b {
Shape::Shape(int) {}
Shape::~Shape() {}
int Outer::Shape<int>::sides() { return 1; }
void plain();
}
namespace {
void hidden() {}
}
extern "C" {
void c_function(int a);
}
extern "C" int other();
"""
    found = found_in(text)
    assert {name: each.kind for name, each in found.items()} == {
        "Shape.Shape": "constructor",
        "Shape.~Shape": "method",
        "Shape.sides": "method",
        "b.plain": "function",
        "hidden": "function",
        "c_function": "function",
        "other": "function",
    }
    assert [name for name, each in found.items() if each.is_private] == ["hidden"]
    assert found["other"].start == text.index('extern "C" int')


def test_templates_are_documented_above_them() -> None:
    text = """/// One.
/// Two.
template <typename T, int N = 3, class... Rest>
T first(const T& value, Rest&&... rest) { return value; }
template <class T>
template <template <class> class C>
void Box<T>::fill(C<T> from) {}
"""
    found = found_in(text)
    first = found["first"]
    assert first.type_parameters == ("T", "N", "Rest")
    assert first.parameters == (
        Parameter("value", "const T&"),
        Parameter("rest", "Rest&&...", kind="rest"),
    )
    assert first.start == text.index("template")
    assert first.existing is not None
    assert first.existing.text == "/// One.\n/// Two."
    assert found["Box.fill"].type_parameters == ("C",)


def test_types() -> None:
    found = found_in(
        "typedef struct node { int x; } node_t;\nunion u { int i; };\n"
        "enum class Color : char { Red, Green };\nstruct Outer { enum Kind { A } kind; };\n"
    )
    assert {
        name: (each.kind, [one.name for one in each.attributes]) for name, each in found.items()
    } == {
        "node_t": ("struct", ["x"]),
        "u": ("struct", ["i"]),
        "Color": ("enum", ["Red", "Green"]),
        "Outer": ("struct", ["kind"]),
        "Outer.Kind": ("enum", ["A"]),
    }


def test_a_prototype_before_its_function_is_one_of_several() -> None:
    tree = parse("c", "int f(int);\nint g(int);\nint f(int x) { return x; }\n")
    assert tree is not None
    found = documentables(tree)
    assert [(each.name, each.is_overload) for each in found] == [
        ("f", True),
        ("g", False),
        ("f", False),
    ]


@pytest.mark.parametrize(
    ("body", "raises"),
    [
        (
            'if (n < 0) throw std::invalid_argument("n is bad");',
            [Raised("std::invalid_argument", "n < 0", "n is bad")],
        ),
        ("if (a) { g(); } else throw E{};", [Raised("E", "!(a)")]),
        ("if (a) g(); else if (b == f(1)) throw new E();", [Raised("E", "b == f(1)")]),
        ("if (a) { if (b) return; throw E(); }", [Raised("E")]),
        ("if (a) { for (int b : g()) throw E(); }", [Raised("E")]),
        ("throw E(); throw E(2); throw F();", [Raised("E"), Raised("F")]),
        ("throw known; throw 1; throw factory.make();", []),
        ("auto l = [] { throw E(); };", []),
        ("try { throw E(); } catch (const E& e) { }", []),
        ("try { throw ns::E(); } catch (E) { }", []),
        ("try { throw E(); } catch (...) { }", []),
        ("try { throw E(); } catch (const std::exception& e) { }", []),
        ("try { throw E(); } catch (const F& f) { }", [Raised("E")]),
        ("try { throw E(); } catch (...) { throw; }", [Raised("E")]),
        ("try { g(); } catch (const E& e) { throw; }", [Raised("E")]),
        ("try { g(); } catch (const E& e) { throw e; }", [Raised("E")]),
        ("if (a) { try { g(); } catch (E) { throw F(); } }", [Raised("F")]),
    ],
)
def test_what_is_thrown(body: str, raises: list[Raised]) -> None:
    assert list(only(f"void f() {{ {body} }}\n").raises) == raises


def test_specifications_of_exceptions() -> None:
    found = found_in("void f() throw(A, ns::B);\nvoid g() noexcept { throw A(); }\n")
    assert found["f"].raises == (Raised("A"), Raised("ns::B"))
    assert found["g"].raises == ()


@pytest.mark.parametrize(
    ("above", "documentation"),
    [
        ("/*! One. */\n", "/*! One. */"),
        ("//! One.\n//! Two.\n", "//! One.\n//! Two."),
        ("/* One. */\n", None),
        ("// One.\n", None),
        ("/***** One. *****/\n", None),
        ("int x; ///< One.\n", None),
        ("int x;\n/**< One. */\n", None),
        ("/** Licence. */\n\n", None),
        ("/** @file\n * One.\n */\n", None),
        ("/** @} */\n", None),
    ],
)
def test_which_comments_document(above: str, documentation: str | None) -> None:
    function = only(f"{above}int f(int a);\n")
    assert (function.existing and function.existing.text) == documentation


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("int f() { return (; }\n", "syntax error in it"),
        ("EXPORT\nint f();\n", "syntax error in it"),
        ("int x; int f();\n", "something stands before it on its line"),
    ],
)
def test_problems(text: str, problem: str) -> None:
    assert only(text).problem == problem


def test_a_comment_before_a_definition_on_its_line_is_part_of_it() -> None:
    text = "class A;\n\n/** One. */\n/* static */ void A::f() {}\n"
    function = only(text)
    assert function.start == function.insert_at == text.index("/* static")
    assert (function.signature, function.problem) == ("void A::f()", "")
    assert function.existing is not None
    assert function.existing.text == "/** One. */"


def test_documentation_does_not_go_into_a_definition() -> None:
    broken = found_in("EXPORT void\nCALL f(int a) {}\n\nint g();\n", "c")
    assert broken["f"].problem == "syntax error above it"
    assert broken["g"].problem == ""


def test_a_macro_is_no_type_of_a_constructor() -> None:
    apart = found_in("class A {\n    OBJECT\n    A(int x);\n};\n")["A.A"]
    assert apart.problem == "a macro stands above it"
    beside = found_in("class A {\n    API A(int x);\n};\n")["A.A"]
    assert (beside.problem, beside.returns, beside.returns_value) == ("", "", False)


def test_an_error_spoils_only_what_holds_it() -> None:
    found = found_in(
        "struct S {\n    void bad() { int x = ; }\n    void good() {}\n};\nvoid other() {}\n"
    )
    assert {name: each.problem for name, each in found.items()} == {
        "S": "syntax error in it",
        "S.bad": "syntax error in it",
        "S.good": "",
        "other": "",
    }


def test_offsets_are_code_points_and_lines_may_end_in_two_characters() -> None:
    text = "/// 😀\r\n/// é\r\nint f(int a) { return a; }\r\n"
    function = only(text)
    assert function.existing is not None
    assert function.existing.text == "/// 😀\r\n/// é"
    assert text[function.start : function.end] == "int f(int a) { return a; }"


def test_deep_nesting_is_read() -> None:
    depth = 1_500
    text = "struct S {\n" * depth + "int f();\n" + "};\n" * depth
    assert found_in(text)["S.f"].returns == "int"
    broken = "int f() { return " + "(" * depth + ";" + ")" * depth + "; }\n"
    assert all(each.problem for each in found_in(broken).values())
