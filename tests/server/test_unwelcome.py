"""What the user has deleted or rejected: what counts as one text, and how long it is remembered."""

from codegen_lsp.server.unwelcome import FORGOTTEN_AFTER_S, Unwelcome

URI = "file:///a.py"
LINE = "x = compute(values)"


def type_and_delete(memory: Unwelcome, before: str, left: str) -> bool:
    """Delete from the end of `before`, key by key, until `left` is left."""
    said = False
    while before != left:
        said = memory.changed(URI, before, before[:-1], 0.0)
        before = before[:-1]
    return said


def test_what_is_deleted_key_by_key_is_one_text() -> None:
    memory = Unwelcome()
    assert type_and_delete(memory, LINE, "x = ")
    assert memory.near(URI, 0, 1.0) == (("compute(values)",), ())
    for count in range(1, 5):  # with Delete, before the cursor's place
        memory.changed(URI, "a = 1"[count - 1 :], "a = 1"[count:], 1.0)
    assert memory.near(URI, 0, 1.0)[0] == ("compute(values)", "a = ")


def test_a_selection_or_an_undo_is_one_text_and_a_slip_is_not_worth_remembering() -> None:
    memory = Unwelcome()
    assert not memory.changed(URI, LINE, LINE[:-3], 0.0)
    assert memory.changed(URI, "a\nfoo(bar)\nb", "a\n\nb", 0.0)
    memory.changed(URI, "a\n\nb", "a\nfoo(bar)\nb", 0.0)  # and pasted again
    assert memory.changed(URI, "a\nfoo(bar)\nb", "a\nx\nb", 0.0)  # typed over
    assert memory.near(URI, 1, 0.0)[0][-2:] == ("foo(bar)", "foo(bar)")


def test_lines_are_deleted_from_their_start_whatever_follows_begins_alike() -> None:
    memory = Unwelcome()
    below = "    self.second = second\n"
    assert memory.changed(URI, f"a\n    self.first = first\n{below}", f"a\n{below}", 0.0)
    assert memory.near(URI, 1, 0.0)[0] == ("    self.first = first\n",)
    assert memory.changed(URI, "if a:\n    b()\n    if a:\n", "if a:\n", 0.0)
    assert memory.near(URI, 1, 0.0)[0][-1] == "    b()\n    if a:\n"


def test_typing_deletes_nothing() -> None:
    memory = Unwelcome()
    assert not memory.changed(URI, "x = ", "x = compute()", 0.0)
    assert not memory.changed(URI, "x = 1", "x = compute()", 0.0)
    assert memory.near(URI, 0, 0.0) == ((), ())


def test_it_is_forgotten_elsewhere_and_with_time() -> None:
    memory = Unwelcome()
    memory.rejected(URI, "compute()", 10, 0.0)
    assert memory.near(URI, 12, 1.0) == ((), ("compute()",))
    assert memory.near(URI, 13, 1.0) == ((), ())
    assert memory.near("file:///b.py", 10, 1.0) == ((), ())
    assert memory.near(URI, 10, FORGOTTEN_AFTER_S + 1) == ((), ())
    memory.closed(URI)
    assert memory.near(URI, 10, 1.0) == ((), ())


def test_only_the_latest_are_kept() -> None:
    memory = Unwelcome()
    for number in range(20):
        memory.rejected(URI, str(number), 0, 0.0)
    assert memory.near(URI, 0, 0.0)[1] == tuple(map(str, range(12, 20)))
