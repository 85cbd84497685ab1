"""What is chosen for a place, in small made-up projects of several languages."""

import sys
from pathlib import Path

import pytest

from codegen_lsp.context import indexing
from codegen_lsp.context.candidates import Candidate
from codegen_lsp.context.choosing import WorkspaceChooser
from codegen_lsp.context.chosen import Context
from codegen_lsp.context.excerpts import Excerpt
from codegen_lsp.context.files import Rules
from codegen_lsp.context.indexing import build, update
from codegen_lsp.context.place import place_at
from codegen_lsp.context.records import Symbol
from codegen_lsp.context.selecting import select
from codegen_lsp.syntax.languages import language_of
from codegen_lsp.text import RecentEdit, Snapshot
from tests.context.indexed import index_files, readings_in_process

CLIENT = '''"""Talks to the shop."""


class Response:
    """What the shop answered."""

    status: int
    items: list[str]


class Client:
    """A connection to the shop."""

    def __init__(self, url: str, timeout_s: float = 5) -> None:
        self.url = url

    def get_basket(self, customer: int) -> Response:
        """The basket of a customer."""
        return Response()

    def drop(self) -> None:
        """Close it."""


def connect(url: str) -> Client:
    """Open a connection."""
    return Client(url)


def unrelated_helper(value: int) -> int:
    return value
'''


@pytest.fixture(autouse=True)
def _index_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "readings", readings_in_process)
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))


class Project:
    """A folder of files, one of which is edited at the place of a `|`."""

    def __init__(self, root: Path, files: dict[str, str]) -> None:
        self.root = root
        index_files(root, files)

    def choose(
        self,
        name: str,
        text: str,
        recent: tuple[str, ...] = (),
        edits: tuple[tuple[str, str, str], ...] = (),
    ) -> Context:
        """What is chosen at the `|` in `text`, which the editor has for the file `name`."""
        path, offset = self.root / name, text.index("|")
        text = text.replace("|", "", 1)
        snapshot = Snapshot(path.as_uri(), 1, language_of(path), text)
        chooser = WorkspaceChooser([self.root], Rules(), source_s=60)
        files = [self.root / each for each in recent]
        places = [RecentEdit(self.root / file, *texts) for file, *texts in edits]
        return chooser.choose(snapshot, offset, files, places)


def told(context: Context, path: str) -> str:
    return next((piece.text for piece in context.pieces if piece.path == path), "")


def all_of(context: Context) -> str:
    return "\n".join(piece.text for piece in context.pieces)


def test_the_signature_of_an_imported_function_is_told(tmp_path: Path) -> None:
    project = Project(tmp_path / "p", {"shop/client.py": CLIENT, "shop/__init__.py": ""})
    text = "from shop.client import connect\n\n\ndef main():\n    client = connect(|\n"
    context = project.choose("main.py", text)
    piece = context.pieces[-1]
    assert (piece.path, piece.source) == ("shop/client.py", "import")
    assert 'def connect(url: str) -> Client:\n    """Open a connection."""' in piece.text
    assert "unrelated_helper" not in all_of(context)
    assert (context.repository, context.path, context.reason) == ("p", "main.py", None)


@pytest.mark.parametrize(
    "code",
    [
        "client = Client('x')\nbasket = client.|",
        "client = connect('x')\nbasket = client.get_|",
        "def f(client: Client):\n    return client.|",
        "with connect('x') as client:\n    client.|",
        "def f(clients: list[Client]):\n    for client in clients:\n        client.|",
        "class A:\n    def __init__(self, client: Client):\n        self.client = client\n\n"
        "    def go(self):\n        return self.client.|",
    ],
    ids=["constructed", "result", "annotated", "with", "loop", "attribute"],
)
def test_members_of_what_stands_before_the_dot_are_told(tmp_path: Path, code: str) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    context = project.choose("main.py", f"from client import Client, connect\n\n{code}\n")
    assert "class Client:" in told(context, "client.py")
    assert "    def get_basket(self, customer: int) -> Response:" in told(context, "client.py")


def test_members_follow_the_types_of_results(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    code = "from client import connect\n\nanswer = connect('x').get_basket(1)\nprint(answer.|)\n"
    assert "    items: list[str]" in told(project.choose("main.py", code), "client.py")


def test_functions_of_an_imported_module_are_told(tmp_path: Path) -> None:
    project = Project(tmp_path, {"shop/client.py": CLIENT, "shop/__init__.py": ""})
    for statement, name in [
        ("from shop import client", "client"),
        ("import shop.client as cl", "cl"),
        ("import shop.client", "shop.client"),
    ]:
        context = project.choose("main.py", f"{statement}\n\nc = {name}.conn|\n")
        assert "def connect(url: str) -> Client:" in told(context, "shop/client.py"), statement


def test_names_that_a_package_passes_on_are_found(tmp_path: Path) -> None:
    files = {"shop/client.py": CLIENT, "shop/__init__.py": "from .client import connect\n"}
    context = Project(tmp_path, files).choose(
        "main.py", "from shop import connect as c\n\nclient = c(|\n"
    )
    assert "def connect(url: str)" in told(context, "shop/client.py")


def test_inherited_members_are_told(tmp_path: Path) -> None:
    base = (
        "class Base:\n    def prepare_basket(self, size: int) -> None:\n        pass\n\n"
        "class Middle(Base):\n    def finish_basket(self) -> str:\n        return ''\n"
    )
    code = "from base import Middle\n\nclass Own(Middle):\n    def go(self):\n        self.|\n"
    said = told(Project(tmp_path, {"base.py": base}).choose("own.py", code), "base.py")
    assert "class Base:\n    def prepare_basket(self, size: int) -> None: ..." in said
    assert "def finish_basket(self) -> str" in said


def test_an_imported_name_not_used_yet_is_told(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    code = "from client import Client\n\n\ndef f(x):\n    |\n"
    assert "def __init__(self, url: str" in told(project.choose("main.py", code), "client.py")


def test_similar_code_is_shown(tmp_path: Path) -> None:
    other = (
        "def export_orders(session, folder):\n    rows = session.fetch_rows('orders')\n"
        "    writer = open_writer(folder)\n    for row in rows:\n"
        "        writer.write_row(normalise(row))\n    writer.finish()\n"
    )
    code = (
        "def export_customers(session, folder):\n    rows = session.fetch_rows('customers')\n"
        "    writer = open_writer(folder)\n    |\n"
    )
    context = Project(tmp_path, {"orders.py": other}).choose("customers.py", code)
    assert [(piece.path, piece.source) for piece in context.pieces] == [("orders.py", "similar")]
    assert "writer.write_row(normalise(row))" in context.pieces[0].text


def test_a_copy_of_the_code_at_the_cursor_is_not_shown(tmp_path: Path) -> None:
    code = (
        "def export_orders(session, folder):\n    rows = session.fetch_rows('orders')\n"
        "    writer = open_writer(folder)\n    writer.write_all(rows)\n"
    )
    context = Project(tmp_path, {"copy.py": code}).choose("orders.py", code + "    |\n")
    assert context.pieces == ()


def test_nothing_is_chosen_where_nothing_is_relevant(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    context = project.choose("main.py", "total = 0\nfor number in range(3):\n    total += |\n")
    assert context.pieces == ()
    assert context.reason == "nothing relevant was found"


def test_what_the_index_has_of_the_file_itself_counts_for_nothing(tmp_path: Path) -> None:
    hidden = "def fetch_basket(customer_number):\n    return customer_number * 7\n"
    project = Project(tmp_path, {"main.py": hidden, "client.py": CLIENT})
    context = project.choose("main.py", "def fetch_basket(customer_number):\n    return |\n")
    assert "customer_number * 7" not in all_of(context)


def test_what_the_prompt_shows_anyway_is_not_told(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    code = (
        "from client import connect\n\ndef near_by(x: int):\n    return connect(x)\n\nnear_by(|\n"
    )
    context = project.choose("main.py", code)
    assert told(context, "main.py") == ""


def test_headers_and_imports_that_have_scrolled_away_are_told(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    filler = "        # and so on\n" * 400
    code = (
        "from client import Client\n\n\nclass Basket:\n"
        '    """What a customer buys."""\n\n    client: Client\n\n'
        f"    def fill(self, size: int):\n{filler}        self.client.|\n"
    )
    said = told(project.choose("main.py", code), "main.py")
    assert "from client import Client" in said
    assert 'class Basket:\n    """What a customer buys."""' in said
    assert "    def fill(self, size: int)" in said
    assert "and so on" not in said


def test_the_members_of_a_class_of_a_very_long_file_are_told(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    filler = "".join(f"    def method_{n}(self):\n        return {n}\n\n" for n in range(3000))
    code = (
        f"from client import Client\n\n\nclass Basket(Client):\n{filler}"
        "    def last(self):\n        return self.get_|\n"
    )
    assert "def get_basket" in told(project.choose("main.py", code), "client.py")


def test_the_budget_holds_and_the_best_comes_last(tmp_path: Path) -> None:
    files = {
        f"m{n}.py": "\n".join(f"def work_{n}_{k}(first: int): ...\n" for k in range(30))
        for n in range(20)
    }
    names = "\n".join(f"from m{n} import work_{n}_{k}" for n in range(20) for k in range(30))
    project = Project(tmp_path, files)
    context = project.choose("main.py", f"{names}\n\n\nwork_3_7(|\n")
    scores = [piece.score for piece in context.pieces]
    assert scores == sorted(scores)
    assert context.pieces[-1].path == "m3.py"
    assert sum(len(p.path) + len(p.text) for p in context.pieces) <= 512 * 3.2


def test_the_same_place_gives_the_same(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT, "copy/client.py": CLIENT})
    code = "from client import *\n\nclient = connect('x')\nclient.get_basket(1).|\n"
    assert project.choose("main.py", code) == project.choose("main.py", code)


def test_a_recent_file_is_named_as_such(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    context = project.choose("main.py", "def f(c):\n    c.get_basket(|\n", recent=("client.py",))
    assert [piece.source for piece in context.pieces] == ["recent"]


def test_what_a_recent_file_defines_comes_before_the_same_of_another(tmp_path: Path) -> None:
    files = dict.fromkeys(("a.py", "b.py"), "def get_basket(customer):\n    return 1\n")
    code = "from a import *\nfrom b import *\n\nget_basket(|\n"
    files["b.py"] = files["b.py"].replace("customer", "number")
    project = Project(tmp_path, files)
    orders = [
        [piece.path for piece in project.choose("main.py", code, recent=(name,)).pieces]
        for name in ("a.py", "b.py")
    ]
    assert [order[-1] for order in orders] == ["a.py", "b.py"]


# What was chosen for one place before it mattered what is open or was edited lately.
UNTOUCHED = [
    (
        "orders.py",
        "similar",
        0.365,
        "def ship(parcel, carrier, insured, weight):\n    return parcel, carrier, insured",
    ),
    (
        "client.py",
        "import",
        0.9,
        "class Response:\n    status: int\n    items: list[str]\n"
        'class Client:\n    """A connection to the shop."""\n'
        "    def __init__(self, url: str, timeout_s: float = 5) -> None: ...\n"
        "    def get_basket(self, customer: int) -> Response:\n"
        '        """The basket of a customer."""\n'
        'def connect(url: str) -> Client:\n    """Open a connection."""',
    ),
]


def test_with_nothing_recent_every_score_is_what_it_was(tmp_path: Path) -> None:
    orders = "def ship(parcel, carrier, insured, weight):\n    return parcel, carrier, insured\n"
    project = Project(tmp_path, {"client.py": CLIENT, "orders.py": orders})
    code = (
        "from client import connect\n\nparcel = carrier(insured, weight)\n"
        "client = connect(parcel)\nclient.get_basket(1).|\n"
    )
    context = project.choose("main.py", code)
    told_of = [(piece.path, piece.source, piece.score, piece.text) for piece in context.pieces]
    assert told_of == UNTOUCHED


EDIT = ("client.py", "def connect(url):", "def connect(address):")


def test_what_was_edited_elsewhere_is_a_diff_of_its_own(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT, "till.py": "x = 1\n"})
    code = "from client import connect\n\nclient = connect(|\n"
    edits = (EDIT, ("till.py", "x = 1", "x = 2"), ("client.py", "", "y = 3\n\nz = 4"))
    pieces = project.choose("main.py", code, edits=edits).pieces
    assert [(piece.path, piece.source) for piece in pieces] == [
        ("client.py", "edit"),
        ("till.py", "edit"),
        ("client.py", "import"),
    ]
    assert pieces[0].text == "- def connect(url):\n+ def connect(address):\n+ y = 3\n+ z = 4"
    without = project.choose("main.py", code).pieces
    assert pieces[2:] == without


def test_edits_bring_no_guesses_along(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT, "till.py": "x = 1\n"})
    code = "total = 0\nfor number in range(3):\n    total += |\n"
    pieces = project.choose("main.py", code, edits=(("till.py", "x = 1", "x = 2"),)).pieces
    assert [(piece.source, piece.text) for piece in pieces] == [("edit", "- x = 1\n+ x = 2")]


def test_an_edit_of_the_own_file_is_told_where_the_prompt_does_not_show_it(tmp_path: Path) -> None:
    project = Project(tmp_path, {"main.py": ""})
    edits = (("main.py", "def pay(sum):", "def pay(total):"),)
    far = "def pay(total):\n    return total\n" + "# and so on\n" * 400
    assert told(project.choose("main.py", f"{far}x = |\n", edits=edits), "main.py").startswith("- ")
    near = "def pay(total):\n    return total\n"
    assert project.choose("main.py", f"{near}x = |\n", edits=edits).pieces == ()
    gone = far.replace("total", "amount")
    assert project.choose("main.py", f"{gone}x = |\n", edits=edits).pieces == ()


def test_edits_are_short_and_the_latest_come_first(tmp_path: Path) -> None:
    project = Project(tmp_path, {f"m{n}.py": "" for n in range(6)})
    edits = tuple((f"m{n}.py", "a" * 60, "b" * 60) for n in range(6))
    pieces = project.choose("main.py", "x = |\n", edits=edits).pieces
    assert [piece.path for piece in pieces] == ["m0.py", "m1.py", "m2.py"]
    assert sum(len(piece.text) for piece in pieces) <= 120 * 3.2


def test_edits_of_files_that_may_not_be_read_and_secrets_in_others_are_not_told(
    tmp_path: Path,
) -> None:
    files = {".env": "", "secrets.sql": "", ".gitignore": "*.sql\n", "till.py": ""}
    project = Project(tmp_path, files)
    key = "AKIA" + "Q3EGRBYL7DPKTNZW"
    edits = (
        (".env", "a", "b"),
        ("secrets.sql", "a", "b"),
        ("../elsewhere.py", "a", "b"),
        ("till.py", "key = None", f'key = "{key}"'),
        ("till.py", f'other = "{key}"', f'other = "{key[:-1]}A"'),
    )
    pieces = project.choose("main.py", "x = |\n", edits=edits).pieces
    assert [piece.path for piece in pieces] == ["till.py"]
    assert "REDACTED" in pieces[0].text
    assert "AKIA" not in pieces[0].text
    assert "other" not in pieces[0].text


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:one.py",
        "file:///elsewhere/one.py",
        "nonsense",
        "file://server{here}/one.py",
        "file://{here}/../one.py",
        "file://{here}%00/one.py",
    ],
)
def test_a_document_outside_the_folders_gets_nothing(tmp_path: Path, uri: str) -> None:
    uri = uri.format(here=tmp_path.as_posix())
    snapshot = Snapshot(uri, 0, "python", "import os\n")
    context = WorkspaceChooser([tmp_path], Rules()).choose(snapshot, 3, ())
    assert context == Context((), "the document is in no workspace folder")


def test_without_an_index_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(CLIENT)
    text = "from client import connect\nconnect(\n"
    snapshot = Snapshot((tmp_path / "main.py").as_uri(), 0, "python", text)
    assert WorkspaceChooser([tmp_path], Rules()).choose(snapshot, len(text) - 1, ()).pieces == ()


def test_a_change_of_the_index_is_seen(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(CLIENT)
    text = "from client import connect\nconnect(\n"
    snapshot = Snapshot((tmp_path / "main.py").as_uri(), 0, "python", text)
    chooser = WorkspaceChooser([tmp_path], Rules(), source_s=60)
    assert chooser.choose(snapshot, len(text) - 1, ()).pieces == ()
    build(tmp_path, Rules())
    assert chooser.choose(snapshot, len(text) - 1, ()).pieces


def test_a_slow_source_is_cut_short_and_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(CLIENT)
    build(tmp_path, Rules())
    text = "from client import Client\nClient(\n"
    snapshot = Snapshot((tmp_path / "main.py").as_uri(), 0, "python", text)
    ticks = iter(range(1000))
    chooser = WorkspaceChooser([tmp_path], Rules(), clock=lambda: next(ticks))
    choice = chooser.consider(snapshot, len(text) - 1, ())
    assert "imports" in choice.slow
    assert "class Client" in choice.context.pieces[-1].text


def test_the_inner_of_two_folders_holds_the_document(tmp_path: Path) -> None:
    Project(tmp_path / "outer", {"a.py": ""})
    project = Project(tmp_path / "outer" / "inner", {"client.py": CLIENT})
    text = "from client import connect\nconnect(\n"
    snapshot = Snapshot((project.root / "main.py").as_uri(), 0, "python", text)
    chooser = WorkspaceChooser([tmp_path / "outer", project.root], Rules(), source_s=60)
    context = chooser.choose(snapshot, len(text) - 1, ())
    assert (context.repository, context.path) == ("inner", "main.py")
    assert [piece.path for piece in context.pieces] == ["client.py"]


def test_a_file_denied_since_the_index_was_built_is_not_told(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    text = "from client import connect\nconnect(\n"
    snapshot = Snapshot((project.root / "main.py").as_uri(), 0, "python", text)
    chooser = WorkspaceChooser([tmp_path], Rules(("client.py",)), source_s=60)
    assert chooser.choose(snapshot, len(text) - 1, ()).pieces == ()


def test_secrets_of_the_file_itself_are_not_told(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    key = "ghp_" + "a1B2c3D4e5F6" * 3
    filler = "# and so on\n" * 400
    code = f'ACCESS_TOKEN = "{key}"\n{filler}\nprint(ACCESS_TOKEN, |\n'
    said = told(project.choose("main.py", code), "main.py")
    assert "ACCESS_TOKEN = " in said
    assert key not in said


def test_installed_packages_are_told(tmp_path: Path) -> None:
    packages = ".venv/lib/python3.11/site-packages"
    files = {
        ".venv/pyvenv.cfg": "",
        f"{packages}/shoplib/__init__.py": "def pay(amount: int, card: str) -> bool:\n    ...\n",
    }
    context = Project(tmp_path, files).choose("main.py", "import shoplib\n\nshoplib.pay(|\n")
    assert [(piece.path, piece.source) for piece in context.pieces] == [
        ("shoplib/__init__.py", "package")
    ]
    assert context.pieces[0].text == "def pay(amount: int, card: str) -> bool: ..."


def test_a_broken_text_is_no_error(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    for text in [
        "|",
        "from client import (|",
        "x = [(" * 300 + "|",
        "\x00|\ud800",
        "def f(:\n  self.|",
    ]:
        assert project.choose("main.py", text).path == "main.py"


# Which of what was found is shown


def found(name: str, score: float, line: int = 1) -> Candidate:
    symbol = Symbol("a.py", name, "function", "", f"def {name}():", "", line, line)
    return Candidate(symbol, None, "import", score)


def shown(*finds: Candidate | Excerpt) -> str:
    place = place_at("python", "pay()\n", 0)
    assert place is not None
    return "\n".join(piece.text for piece in select(finds, place, "main.py", 1000))


def test_with_something_likely_what_is_hardly_likely_is_left_out() -> None:
    said = shown(found("pay", 0.9), found("owe", 0.12, 2), found("ask", 0.11, 3))
    assert said == "def pay(): ...\ndef owe(): ..."


def test_guesses_alone_are_not_shown() -> None:
    assert shown(found("pay", 0.29), found("owe", 0.29, 2)) == ""
    assert shown(found("pay", 0.3)) == "def pay(): ..."


def test_what_was_found_twice_counts_once_with_its_best_score() -> None:
    place = place_at("python", "pay()\n", 0)
    assert place is not None
    for finds in ([found("pay", 0.4), found("pay", 0.8)], [found("pay", 0.8), found("pay", 0.4)]):
        (piece,) = select(finds, place, "main.py", 1000)
        assert (piece.text, piece.score) == ("def pay(): ...", 0.8)


def test_of_similar_code_two_parts_are_shown_and_every_import() -> None:
    similar = [Excerpt(f"s{n}.py", 1, f"alike({n})", "similar", 0.6) for n in range(4)]
    imports = [Excerpt("main.py", n, f"import m{n}", "scope", 0.4) for n in range(1, 5)]
    said = shown(*similar, *imports)
    assert said.count("alike") == 2
    assert said.count("import") == 4


# Further members, headers and guesses


def test_a_choice_that_was_cut_short_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(CLIENT)
    build(tmp_path, Rules())
    text = "from client import Client\nClient(\n"
    snapshot = Snapshot((tmp_path / "main.py").as_uri(), 0, "python", text)
    now, step = 0.0, 1.0

    def clock() -> float:
        nonlocal now
        now += step
        return now

    chooser = WorkspaceChooser([tmp_path], Rules(), clock=clock)
    for _ in range(2):  # the first one makes SQLite's log, which looks like a change
        assert chooser.consider(snapshot, len(text) - 1, ()).slow
    step = 0.0
    choice = chooser.consider(snapshot, len(text) - 1, ())
    assert choice.slow == ()
    assert chooser.consider(snapshot, len(text) - 1, ()) is choice


def test_members_that_do_not_begin_with_what_is_typed_are_left_out(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    said = all_of(project.choose("main.py", "from client import connect\n\nconnect('x').get_|\n"))
    assert "def get_basket" in said
    assert "def drop" not in said


@pytest.mark.parametrize(("count", "is_told"), [(1, True), (2, True), (3, False)])
def test_a_method_of_a_name_that_hardly_any_other_has_is_guessed(
    tmp_path: Path, count: int, is_told: bool
) -> None:
    method = "class Shop{0}:\n    def close_till(self, n{0}: int) -> None: ...\n"
    project = Project(tmp_path, {f"m{n}.py": method.format(n) for n in range(count)})
    said = all_of(project.choose("main.py", "def f(shop):\n    shop.close_till(|)\n"))
    assert ("def close_till" in said) is is_told


def test_a_method_called_by_one_common_word_is_not_guessed(tmp_path: Path) -> None:
    project = Project(tmp_path, {"m.py": "class Shop:\n    def close(self, n: int) -> None: ...\n"})
    assert project.choose("main.py", "def f(shop):\n    shop.close(|)\n").pieces == ()


def test_private_members_are_not_offered_from_outside(tmp_path: Path) -> None:
    text = "class Shop:\n    def enter(self): ...\n    def _hide(self): ...\n"
    project = Project(tmp_path, {"m.py": text})
    said = all_of(project.choose("main.py", "from m import Shop\n\nshop = Shop(|)\n"))
    assert "def enter" in said
    assert "_hide" not in said


def test_an_update_of_the_index_is_seen(tmp_path: Path) -> None:
    project = Project(tmp_path, {"client.py": CLIENT})
    text = "from client import connect\nconnect(\n"
    snapshot = Snapshot((tmp_path / "main.py").as_uri(), 0, "python", text)
    chooser = WorkspaceChooser([project.root], Rules(), source_s=60)
    for _ in range(2):
        assert "url: str" in all_of(chooser.choose(snapshot, len(text) - 1, ()))
    (tmp_path / "client.py").write_text(CLIENT.replace("url: str", "address: bytes"))
    assert update(tmp_path, [tmp_path / "client.py"], Rules())
    assert "address: bytes" in all_of(chooser.choose(snapshot, len(text) - 1, ()))


def test_the_headers_told_are_those_around_the_cursor(tmp_path: Path) -> None:
    filler = "        # and so on\n" * 400
    code = (
        "class First:\n    def run(self, one: int) -> None:\n        pass\n\n\n"
        "class Second:\n    def run(self, two: int) -> None:\n" + filler + "        go(|)\n"
    )
    said = told(Project(tmp_path, {"other.py": ""}).choose("main.py", code), "main.py")
    assert "class Second:\n    def run(self, two: int) -> None:" in said
    assert "First" not in said


def test_what_the_inner_of_two_classes_extends_is_told(tmp_path: Path) -> None:
    bases = "class {0}:\n    def {1}_till_{0}(self) -> None: ...\n"
    project = Project(
        tmp_path, {"bases.py": bases.format("Far", "close") + bases.format("Near", "open")}
    )
    code = (
        "import bases\n\n\nclass Outer(bases.Far):\n    class Inner(bases.Near):\n"
        "        def go(self):\n            # the till\n            self.|\n"
    )
    said = told(project.choose("main.py", code), "bases.py")
    assert "def open_till_Near" in said
    assert "def close_till_Far" not in said


def test_a_module_of_ones_own_is_not_taken_for_a_package(tmp_path: Path) -> None:
    packages = ".venv/lib/python3.11/site-packages"
    files = {
        ".venv/pyvenv.cfg": "",
        f"{packages}/shoplib.py": "def pay(amount: int) -> bool:\n    ...\n",
    }
    project = Project(tmp_path, files)
    assert project.choose("main.py", "from .shoplib import pay\n\npay(|\n").pieces == ()
    assert project.choose("main.py", "from shoplib import pay\n\npay(|\n").pieces


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights of their own there")
def test_a_folder_that_was_opened_by_a_link_holds_its_documents(tmp_path: Path) -> None:
    index_files(tmp_path / "real", {"client.py": CLIENT})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    text = "from client import connect\nconnect(\n"
    chooser = WorkspaceChooser([tmp_path / "link"], Rules(), source_s=60)
    for folder in ("link", "real", "link/sub/.."):
        uri = f"{tmp_path.as_uri()}/{folder}/main.py"
        context = chooser.choose(Snapshot(uri, 0, "python", text), len(text) - 1, ())
        assert (context.repository, context.path) == ("link", "main.py")
        assert [piece.path for piece in context.pieces] == ["client.py"]


def test_names_are_known_as_soon_as_there_is_an_index(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(CLIENT)
    text = "from client import Client\n\nclient = Client('x')\nclient.\n"
    snapshot = Snapshot((tmp_path / "main.py").as_uri(), 0, "python", text)
    chooser = WorkspaceChooser([tmp_path], Rules(), source_s=60)
    assert chooser.inspect(snapshot, len(text) - 1, "get_baskit(1)") == ()
    build(tmp_path, Rules())
    (unknown,) = chooser.inspect(snapshot, len(text) - 1, "get_baskit(1)")
    assert unknown.name == "get_baskit"
