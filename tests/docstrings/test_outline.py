from codegen_lsp.docstrings.outline import shortened


def lines_of(text: str) -> int:
    return text.count("\n") + 1


def long_function(lines: int) -> str:
    body = [f"        step_{number}()" for number in range(lines)]
    return "\n".join(
        [
            "def work(rows):",
            "    for row in rows:",
            *body,
            "    if not rows:",
            "        return None",
        ]
        + [f"        late_{number}()" for number in range(8)]
        + ["    return rows"]
    )


def test_short_source_stays_as_it_is() -> None:
    assert shortened("def f():\n    pass", 10, lines_of) == "def f():\n    pass"


def test_outline_of_a_long_function_keeps_its_ends_and_what_it_returns() -> None:
    outline = shortened(long_function(500), 30, lines_of).split("\n")
    assert outline[0] == "def work(rows):"
    assert outline[-1] == "    return rows"
    assert "        return None" in outline
    assert "    if not rows:" in outline
    assert "..." in outline
    assert "        step_250()" not in outline


def test_outline_never_passes_the_limit() -> None:
    flat = "def f():\n" + "\n".join(f"    x{number} = {number}" for number in range(3000))
    assert len(shortened(flat, 400, len)) <= 400
    assert len(shortened("x = " + "1 + " * 5000, 400, len)) <= 400
