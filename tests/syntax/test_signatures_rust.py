"""What Rust's signatures say, where their documentation stands, and what is wrong with bad ones."""

import pytest

from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter, Raised
from codegen_lsp.syntax.signatures.rust import documentables


def found_in(text: str) -> dict[str, Documentable]:
    tree = parse("rust", text)
    assert tree is not None
    found = documentables(tree)
    return {f"{each.container}.{each.name}".lstrip("."): each for each in found}


def only(text: str) -> Documentable:
    (found,) = found_in(text).values()
    return found


def test_a_function_with_all_its_parts() -> None:
    text = (
        "pub async fn load<'a, T: Read, const N: usize>(mut from: &'a [T], (x, y): (u8, u8), "
        "_: u8) /* never fails */ -> Vec<T> where T: Y {\n    vec![]\n}\n"
    )
    function = only(text)
    assert function.signature == (
        "pub async fn load<'a, T: Read, const N: usize>(mut from: &'a [T], (x, y): (u8, u8), "
        "_: u8) -> Vec<T> where T: Y"
    )
    assert function.parameters == (Parameter("from", "&'a [T]"), Parameter("param1", "(u8, u8)"))
    assert function.type_parameters == ("T", "N")
    assert (function.returns, function.returns_value) == ("Vec<T>", True)
    assert function.body == (text.index("{"), len(text) - 1)
    assert function.is_async
    assert (function.is_private, function.raises, function.existing) == (False, (), None)
    assert function.problem == ""


@pytest.mark.parametrize(
    ("result", "error"),
    [
        ("Result<u8, ParseError>", "ParseError"),
        ("std::result::Result<(), Box<dyn Error + 'a>>", "Box<dyn Error + 'a>"),
        ("io::Result<u8>", "Error"),
        ("fmt::Result", "Error"),
        ("Option<Result<u8, E>>", None),
        ("QueryResult<u8>", None),
    ],
)
def test_a_result_is_an_error(result: str, error: str | None) -> None:
    function = only(f"fn f() -> {result} {{ todo!() }}\n")
    assert function.raises == (() if error is None else (Raised(error),))
    assert function.returns_value


def test_an_alias_is_an_error_if_the_body_says_so() -> None:
    found = found_in(
        "fn a() -> PyResult<u8> { Ok(1) }\n"
        "fn b() -> QueryResult<u8> { QueryResult::new(|x| Ok(x)) }\n"
        "fn c() -> Answer<u8> { Ok(1) }\n"
    )
    raises = {name: each.raises for name, each in found.items()}
    assert raises == {"a": (Raised("Error"),), "b": (), "c": ()}


@pytest.mark.parametrize("result", ["", " -> ()", " -> !"])
def test_nothing_is_no_value(result: str) -> None:
    assert not only(f"fn f(){result} {{ loop {{}} }}\n").returns_value


def test_where_functions_stand() -> None:
    found = found_in(
        """pub trait Shape {
    fn area(&self) -> f64;
    fn name() {}
}
impl<T> Shape for Square<T> {
    fn area(self: Box<Self>) -> f64 { 1.0 }
}
impl Square<u8> {
    pub fn new(side: u8) -> Self { Self }
    pub(crate) fn side(&mut self) {}
}
mod inner {
    //! About the module.
    pub fn deep() {
        fn deeper() {}
    }
}
extern "C" {
    pub fn abs(x: i32, ...) -> i32;
}
macro_rules! made { () => { fn hidden() {} } }
"""
    )
    assert {name: (each.kind, each.is_private) for name, each in found.items()} == {
        "Shape": ("interface", False),
        "Shape.area": ("method", False),
        "Shape.name": ("method", False),
        "Square.area": ("method", False),
        "Square.new": ("method", False),
        "Square.side": ("method", True),
        "inner.deep": ("function", False),
        "deep.deeper": ("function", True),
        "abs": ("function", False),
    }
    assert [name for name, each in found.items() if each.is_override] == ["Square.area"]
    assert found["Shape.area"].body is None
    assert found["Square.area"].parameters == ()
    assert found["abs"].parameters == (Parameter("x", "i32"),)
    assert found["inner.deep"].existing is None


def test_types() -> None:
    found = found_in(
        "pub struct S<T> { pub a: T, b: u8, pub(crate) c: u8 }\npub struct P(pub u8, u8);\n"
        "union U { a: u8 }\npub enum E<T> { A, B(T) }\n"
    )
    assert [(each.kind, each.signature) for each in found.values()] == [
        ("struct", "pub struct S<T>"),
        ("struct", "pub struct P(pub u8, u8)"),
        ("struct", "union U"),
        ("enum", "pub enum E<T>"),
    ]
    assert found["S"].attributes == (Parameter("a", "T"),)
    assert found["P"].body is None
    assert [each.name for each in found["E"].attributes] == ["A", "B"]


def test_documentation_and_attributes() -> None:
    text = """
// Licence.

/// One.
///
/// Two.
#[inline(always)] // quick
#[tokio::test]
    #[doc(hidden)]
    pub fn f() {}
"""
    function = only(text)
    assert function.decorators == ("inline", "tokio::test", "doc")
    assert function.existing is not None
    assert function.existing.text == "/// One.\n///\n/// Two."
    assert function.start == function.insert_at == text.index("#[inline")
    assert function.signature == "pub fn f()"
    assert function.is_private
    assert function.problem == ""


@pytest.mark.parametrize(
    ("above", "documentation"),
    [
        ("/** One. */\n", "/** One. */"),
        ("#[a]\n/// One.\n", "/// One."),
        ("/// One.\n\n", "/// One."),
        ("// One.\n", None),
        ("//// One.\n", None),
        ("/*** One. */\n", None),
        ("#![a]\n//! One.\n", None),
        ("/// Of A.\nconst A: u8 = 1;\n", None),
    ],
)
def test_which_comments_document(above: str, documentation: str | None) -> None:
    function = only(f"{above}fn f() {{}}\n")
    assert (function.existing and function.existing.text) == documentation
    assert function.problem == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('#[doc = "One."]\nfn f() {}\n', "an attribute documents it"),
        ("/// One.\n#[a]\n/// Two.\nfn f() {}\n", "its documentation stands in several places"),
        ("/// One.\n/** Two. */\nfn f() {}\n", "its documentation stands in several places"),
        ("const A: u8 = 1; fn f() {}\n", "something stands before it on its line"),
        ("fn f() { let x = ; }\n", "syntax error in it"),
    ],
)
def test_problems(text: str, problem: str) -> None:
    assert only(text).problem == problem


def test_an_error_spoils_only_what_holds_it() -> None:
    found = found_in("mod m {\n    fn bad() { let x = ; }\n    fn good() {}\n}\nfn other() {}\n")
    problems = {name: each.problem for name, each in found.items()}
    assert problems == {"m.bad": "syntax error in it", "m.good": "", "other": ""}


def test_offsets_are_code_points_and_lines_may_end_in_two_characters() -> None:
    text = "/// 😀\r\n/// é\r\nfn f(été: u8) {}\r\n"
    function = only(text)
    assert function.existing is not None
    assert function.existing.text == "/// 😀\r\n/// é"
    assert text[function.start : function.end] == "fn f(été: u8) {}"
    assert function.parameters == (Parameter("été", "u8"),)


def test_deep_nesting_is_read() -> None:
    depth = 1_500
    text = "mod m {" * depth + "\nfn f() {}\n" + "}" * depth
    assert only(text).name == "f"
