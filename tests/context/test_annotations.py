"""Types as signatures and declarations write them."""

import pytest

from codegen_lsp.context import annotations
from codegen_lsp.context.annotations import Declared
from codegen_lsp.context.records import Symbol
from codegen_lsp.syntax.definitions import Kind


def symbol(signature: str, name: str, kind: Kind = "class") -> Symbol:
    return Symbol("a.py", name, kind, "", signature, "", 1, 2)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Client", "Client"),
        ("shop.Client", "shop.Client"),
        ("'Client'", "Client"),
        ("Client | None", "Client"),
        ("None | Client", "Client"),
        ("Optional[Client]", "Client"),
        ("typing.Optional['Client']", "Client"),
        ("Box[int]", "Box"),
        ("Client | undefined", "Client"),
        ("Client | Server", None),
        ("list[Client] | tuple[Client]", None),
        ("Callable[[int], Client] | None", "Callable"),
        ("", None),
    ],
)
def test_plain_types(written: str, name: str | None) -> None:
    assert annotations.plain_type(written) == name


@pytest.mark.parametrize(
    ("signature", "language", "bases"),
    [
        ("class A:", "python", []),
        ("class A():", "python", []),
        ("class A(B, c.D[int, str], metaclass=ABCMeta):", "python", ["B", "c.D"]),
        ("class A[T](B[T])", "python", ["B"]),
        ("class A(B, metaclass=Registry):", "python", None),
        ("class A(make_base()):", "python", None),
        ("class A(*bases):", "python", None),
        ("class A(B, " + "C" * 300, "python", None),
        ("export class A", "typescript", []),
        ("class A<T> extends B<T> implements C, D", "typescript", ["B"]),
        ("class A extends mixin(B)", "typescript", None),
    ],
)
def test_bases(signature: str, language: str, bases: list[str] | None) -> None:
    assert annotations.bases(symbol(signature, "A"), language) == bases


@pytest.mark.parametrize(
    ("signature", "kind", "language", "written"),
    [
        ("def a(b: int) -> C | None", "function", "python", "C | None"),
        ("def a(b: int)", "function", "python", None),
        ("a(b: number): C", "method", "typescript", "C"),
        ("a: C = C()", "variable", "python", "C"),
        ("a = C()", "variable", "python", None),
        ("private a?: C;", "variable", "typescript", "C"),
    ],
)
def test_what_symbols_give(signature: str, kind: Kind, language: str, written: str | None) -> None:
    assert annotations.of_symbol(symbol(signature, "a", kind), language) == written


@pytest.mark.parametrize(
    ("signature", "names"),
    [
        ("def a(self, b, *, c: dict[str, int] = {}, d=(1, 2)) -> E:", {"self", "b", "c", "d", ""}),
        ("def a(*b, c)", {"b", "c"}),
        ("def a()", set()),
        ("def a(b, **c)", None),
        ("def a(b, " + "c" * 300, None),
    ],
)
def test_parameters(signature: str, names: set[str] | None) -> None:
    assert annotations.parameters(symbol(signature, "a", "function")) == names


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("a: B = c()\n", Declared("B", is_type=True)),
        ("a: B, c: int) -> None:\n", Declared("B", is_type=True)),
        ("a = B(\n    1,\n)\n", Declared("B()", is_type=False)),
        ("a = await b.c(d())  # e\n", Declared("b.c()", is_type=False)),
        ("a = b.c\n", Declared("b.c", is_type=False)),
        ("a = None\n", Declared("None", is_type=False)),
        ("a = b or c\n", None),
        ("a = b().c\n", None),
        ("a = [b]\n", None),
        ("a == b\n", None),
        ("a in b:\n", None),
    ],
)
def test_declarations(text: str, declared: Declared | None) -> None:
    assert annotations.declared(text, 1) == declared


@pytest.mark.parametrize(
    ("code", "is_tested"),
    [
        ("if isinstance(a.b, C):", True),
        ("if hasattr(a.b, 'c'):", True),
        ("match a.b:", True),
        ("if (a.b instanceof C)", True),
        ("if is_c(a.b):", True),
        ("isinstance(a.c, C)", False),
        ("call(a.b)", False),
    ],
)
def test_tests_of_a_type(code: str, is_tested: bool) -> None:
    assert ("a.b" in annotations.tested(code)) is is_tested
