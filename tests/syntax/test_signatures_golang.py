"""What Go's signatures say, where their documentation stands, and what is wrong with bad ones."""

from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter
from codegen_lsp.syntax.signatures.golang import documentables


def found_in(text: str) -> dict[str, Documentable]:
    tree = parse("go", text)
    assert tree is not None
    found = documentables(tree)
    return {f"{each.container}.{each.name}".lstrip("."): each for each in found}


def only(text: str) -> Documentable:
    (found,) = found_in(text).values()
    return found


def test_a_function_with_all_its_parts() -> None:
    text = (
        "package a\n\n// Top gives n.\nfunc Top[K comparable, V any]"
        "(a, b int, _ K, rest ...string) (n int, err error) { // why\n\treturn 1, nil\n}\n"
    )
    function = only(text)
    assert function.kind == "function"
    assert function.signature == (
        "func Top[K comparable, V any](a, b int, _ K, rest ...string) (n int, err error)"
    )
    assert function.parameters == (
        Parameter("a", "int"),
        Parameter("b", "int"),
        Parameter("rest", "...string", kind="rest"),
    )
    assert function.type_parameters == ("K", "V")
    assert (function.returns, function.returns_value) == ("(n int, err error)", True)
    assert function.raises == ()
    assert function.body == (text.index("{ //"), len(text) - 1)
    assert (function.placement, function.insert_at) == ("above", text.index("func"))
    assert function.existing is not None
    assert function.existing.text == "// Top gives n."
    assert (function.is_private, function.problem) == (False, "")


def test_a_method_belongs_to_its_receiver() -> None:
    found = found_in("package a\nfunc (s *Set[T]) Add(x T) {}\nfunc (l list) Add() {}\n")
    assert [(name, each.kind) for name, each in found.items()] == [
        ("Set.Add", "method"),
        ("list.Add", "method"),
    ]
    assert found["Set.Add"].parameters == (Parameter("x", "T"),)
    assert not found["Set.Add"].is_private
    assert found["list.Add"].is_private


def test_types_alone_and_in_a_group() -> None:
    text = """package a

// Point is.
type Point struct {
	X, Y int `json:"x"`
	err  error
	Inner struct{ Z int }
}

type (
	/* Shape is. */
	Shape interface {
		// Area is.
		Area(scale float64) (float64, error)
		io.Reader
	}
	name = string
)
"""
    found = found_in(text)
    assert {name: each.kind for name, each in found.items()} == {
        "Point": "struct",
        "Shape": "interface",
        "Shape.Area": "method",
        "name": "class",
    }
    point, area = found["Point"], found["Shape.Area"]
    assert [each.name for each in point.attributes] == ["X", "Y", "Inner"]
    assert point.signature == "type Point struct"
    assert point.start == text.index("type Point")
    assert found["Shape"].indent == "\t"
    assert found["Shape"].insert_at == text.index("\tShape")
    assert (area.indent, area.body, area.returns_value) == ("\t\t", None, True)
    assert [each.existing and each.existing.text for each in found.values()] == [
        "// Point is.",
        "/* Shape is. */",
        "// Area is.",
        None,
    ]


def test_a_value_needs_a_return_of_its_own() -> None:
    found = found_in(
        "package a\n"
        "func Never() int { f := func() int { return 1 }; panic(f()) }\n"
        "func Named() (n int) { n = 1; return }\n"
        "func Nothing() { return }\n"
        "func Outside(x int) int\n"
    )
    assert {name: each.returns_value for name, each in found.items()} == {
        "Never": False,
        "Named": True,
        "Nothing": False,
        "Outside": True,
    }


def test_documentation_goes_above_directives_and_does_not_hold_them() -> None:
    text = "package a\n\n// F is.\n//\n//\tcode\n//go:noinline\n//export F\nfunc F() {}\n"
    function = only(text)
    assert function.existing is not None
    assert function.existing.text == "// F is.\n//\n//\tcode"
    assert function.insert_at == function.start == text.index("//go:")
    assert function.signature == "func F()"
    assert only("package a\n//nolint:all\nfunc F() {}\n").existing is None


def test_what_is_no_documentation() -> None:
    for above in ("// Far.\n\n", "var x = 1 // Of x.\n", "// Licence.\n\n// +build x\n\n"):
        assert only(f"package a\n{above}func F() {{}}\n").existing is None


def test_an_error_spoils_only_its_own_function() -> None:
    found = found_in("package a\nfunc Bad( { }\n\nfunc Good() {}\n")
    assert found["Bad"].problem == "syntax error in it"
    assert found["Good"].problem == ""


def test_a_second_definition_on_a_line_has_no_place() -> None:
    found = found_in("package a\ntype A int; type B int\n")
    assert found["A"].problem == ""
    assert found["B"].problem == "something stands before it on its line"


def test_offsets_are_code_points_and_lines_may_end_in_two_characters() -> None:
    text = "package a\r\n// 😀 é\r\n// two\r\nfunc F(été string) {}\r\n"
    function = only(text)
    assert function.existing is not None
    assert function.existing.text == "// 😀 é\r\n// two"
    assert text[function.start : function.end] == "func F(été string) {}"
    assert function.parameters == (Parameter("été", "string"),)
