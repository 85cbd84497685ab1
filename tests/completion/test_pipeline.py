"""The pipeline around a scripted engine: what becomes of the tokens that a model writes."""

import threading
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen_lsp.completion.options import CompletionOptions, Multiline
from codegen_lsp.completion.pipeline import Completer
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.engine.base import Request
from codegen_lsp.engine.scripted import ScriptedEngine
from codegen_lsp.prompt.build import PromptBudget
from codegen_lsp.text import Snapshot
from tests.scripted_models import QWEN, TOKENIZER, script, scripted_model


def complete(
    prefix: str,
    *written: str,
    suffix: str = "",
    language: str = "python",
    multiline: Multiline = "auto",
    max_new_tokens: int | None = None,
) -> Suggestion:
    """What the pipeline makes of a model that writes `written` between prefix and suffix."""
    tries = [script(prefix.replace("\r\n", "\n"), *written)] * 2  # a silent one is repeated
    model = scripted_model(tries)
    snapshot = Snapshot("file:///x", 0, language, prefix + suffix)
    options = CompletionOptions(multiline, max_new_tokens)
    (suggestion,) = Completer(model).complete(snapshot, len(prefix), options)
    return suggestion


def test_healed_characters_are_not_repeated() -> None:
    model = scripted_model([TOKENIZER.encode("first + second\n")])
    snapshot = Snapshot("file:///x", 0, "python", "    return fi")
    (suggestion,) = Completer(model).complete(snapshot, len(snapshot.text))
    assert suggestion.text == "rst + second"
    assert suggestion.offset == len(snapshot.text)


def test_a_line_ends_with_the_line_and_the_engine_is_not_read_further() -> None:
    written = script("total = ", "first", " + ", "second", "\n", "first\nfirst\n")
    model = scripted_model([written])
    snapshot = Snapshot("file:///x", 0, "python", "total = ")
    (suggestion,) = Completer(model).complete(snapshot, len(snapshot.text))
    assert suggestion.text == "first + second"
    assert suggestion.statistics.completion_tokens < len(written)
    assert suggestion.statistics.finish_reason == "running"


def test_out_of_time_a_block_ends_with_a_statement() -> None:
    prefix = "def add(first, second):"
    written = "\n    total = (\n        first\n    )\n    total = second\n    return total\n\n\n"
    snapshot = Snapshot("file:///x", 0, "python", prefix)
    for limit, expected in ((0.0, 4), (None, 6), (3600.0, 6)):
        model = scripted_model([script(prefix, *written)])
        options = CompletionOptions(time_limit_s=limit)
        (suggestion,) = Completer(model).complete(snapshot, len(prefix), options)
        # The first statement is waited for: half of one would be of no use.
        assert suggestion.text == "\n".join(written.split("\n")[:expected])


def test_a_line_that_opens_what_nothing_closes_becomes_a_whole_statement() -> None:
    prefix = "function f(first) {\n    "
    written = "if (first) {\n        total(first);\n    }\n    second();\n"
    suffix = "\n    return first;\n}\n"
    whole = complete(prefix, *written, suffix=suffix, language="javascript")
    assert whole.text == "if (first) {\n        total(first);\n    }"
    assert whole.reason is None


@pytest.mark.parametrize(("limit", "expected"), [(None, 3), (3600.0, 3), (0.0, 0)])
def test_the_rest_of_a_call_is_written_if_a_line_of_it_would_not_do(
    limit: float | None, expected: int
) -> None:
    prefix = "void f() {\n  if (a) {\n    total(\n        fi"
    written = "rst,\n        second,\n        add(first));\n    second();\n  }\n}\n"
    suffix = "\n  }\n\n  if (b) {\n  }\n}\n"
    snapshot = Snapshot("file:///x", 0, "cpp", prefix + suffix)
    model = scripted_model([script(prefix, *written)] * 2)
    options = CompletionOptions(time_limit_s=limit)
    (suggestion,) = Completer(model).complete(snapshot, len(prefix), options)
    assert suggestion.text == "\n".join(written.split("\n")[:expected])
    assert suggestion.reason is (None if expected else Reason.SYNTAX_ERROR)


def test_who_never_wants_several_lines_gets_no_whole_statement() -> None:
    prefix = "function f(first) {\n    "
    written = "if (first) {\n        total(first);\n    }\n"
    suffix = "\n    return first;\n}\n"
    one = complete(prefix, *written, suffix=suffix, language="javascript", multiline="never")
    assert (one.text, one.reason) == ("", Reason.SYNTAX_ERROR)


def test_no_line_end_is_put_behind_a_suggestion_that_replaces_its_line() -> None:
    prefix = "total = [\n    first,\n"
    closing = complete(prefix, "    second]\n", suffix="]\n")
    assert (closing.text, closing.replaces) == ("    second]", 1)


def test_at_the_start_of_a_line_a_suggestion_goes_above_it() -> None:
    above = complete("import total\n", "import first\n", suffix="import second\n")
    assert above.text == "import first\n"
    behind = complete("import total\n", "import first\n", suffix="\nimport second\n")
    assert behind.text == "import first"
    inside = complete("total = ", "first\n", suffix=" + second\n")
    assert not inside.text.endswith("\n")


def test_a_line_is_finished_whatever_the_time() -> None:
    model = scripted_model([script("total = ", "first", " + ", "second", "\n")])
    snapshot = Snapshot("file:///x", 0, "python", "total = ")
    options = CompletionOptions(time_limit_s=0.0)
    (suggestion,) = Completer(model).complete(snapshot, len(snapshot.text), options)
    assert suggestion.text == "first + second"


def test_a_block_ends_where_the_indentation_does() -> None:
    suggestion = complete(
        "def add(first, second):", "\n    total = first\n    return total\n\n\nadd(1, 2)\n"
    )
    assert suggestion.text == "\n    total = first\n    return total"


@pytest.mark.parametrize(
    ("multiline", "expected"),
    [("never", "\n    total = first"), ("always", "\n    total = first\n    return total")],
)
def test_the_caller_can_force_the_extent(multiline: Multiline, expected: str) -> None:
    suggestion = complete(
        "def add(first):", "\n    total = first\n    return total\nadd(1)\n", multiline=multiline
    )
    assert suggestion.text == expected


@pytest.mark.parametrize(
    ("written", "suffix", "reason"),
    [
        ([""], "", Reason.EMPTY),
        (["   \n"], "", Reason.WHITESPACE_ONLY),
        ([")"], ")\n", Reason.REPEATS_SUFFIX),
    ],
)
def test_silence_has_a_reason(written: list[str], suffix: str, reason: Reason) -> None:
    suggestion = complete("print(first", *written, suffix=suffix)
    assert (suggestion.text, suggestion.reason) == ("", reason)


def test_leaving_the_block_at_once_is_a_reason() -> None:
    suggestion = complete("def add():", "\n```\nfirst", multiline="always")
    assert (suggestion.text, suggestion.reason) == ("", Reason.LEAVES_BLOCK)


def test_a_limit_that_leaves_no_text_is_the_reason() -> None:
    suggestion = complete("    return fi", "", "rst + second", max_new_tokens=1)
    assert suggestion.statistics.completion_tokens == 1
    assert (suggestion.text, suggestion.reason) == ("", Reason.INCOMPLETE_STATEMENT)


def test_cancelled_before_the_first_token() -> None:
    model = scripted_model([script("total = ", "first\n")])
    cancel = threading.Event()
    cancel.set()
    snapshot = Snapshot("file:///x", 0, "python", "total = ")
    (suggestion,) = Completer(model).complete(snapshot, 8, cancel=cancel)
    assert (suggestion.text, suggestion.reason) == ("", Reason.CANCELLED)
    assert suggestion.mean_logprob is None


def test_what_was_written_before_the_cancellation_stays() -> None:
    model = scripted_model([script("total = ", "first", " + ", "second", "\n")])
    cancel = threading.Event()
    snapshot = Snapshot("file:///x", 0, "python", "total = ")
    stream = Completer(model).stream(snapshot, 8, cancel=cancel)
    pieces = []
    for piece in stream:
        pieces.append(piece)
        cancel.set()
    assert stream.suggestion.statistics.finish_reason == "cancelled"
    assert stream.suggestion.text == "".join(pieces)
    assert stream.suggestion.text != ""
    assert stream.suggestion.reason is None


def test_mean_logprob_is_of_all_generated_tokens() -> None:
    suggestion = complete("total = ", "first", "\n")
    count = suggestion.statistics.completion_tokens
    assert suggestion.mean_logprob == pytest.approx(-(count + 1) / 2)


def test_line_ends_are_those_of_the_document() -> None:
    suggestion = complete(
        "import os\r\ndef add(first):", "\n    total = first\n    return total\nadd(1)\n"
    )
    assert suggestion.text == "\r\n    total = first\r\n    return total"


@pytest.mark.parametrize(("ending", "chunk"), [("\r\n", "\n"), ("\n", "\r\n"), ("\r\n", "\r\n")])
def test_line_ends_that_the_model_writes_become_those_of_the_document(
    ending: str, chunk: str
) -> None:
    body = ["", "    total = first", "    return total", "add(1)", ""]
    written = [character for line in chunk.join(body) for character in line]
    suggestion = complete(f"import os{ending}def add(first):", *written)
    assert suggestion.text == ending.join(body[:3])


def test_the_prompt_has_plain_line_ends() -> None:
    model = scripted_model([script("a\nb", "")])
    Completer(model).complete(Snapshot("file:///x", 0, "python", "a\r\nb\rc\r\n"), 4)
    assert isinstance(model.engine, ScriptedEngine)
    text = TOKENIZER.decode(model.engine.requests[0].prompt_ids)
    assert "\r" not in text
    assert "\nc\n" in text


def ids_at(document: str) -> list[int]:
    """The prompt for a cursor at `|`."""
    prefix, _, suffix = document.partition("|")
    model = scripted_model([[], []])
    Completer(model).complete(Snapshot("file:///x", 0, "python", prefix + suffix), len(prefix))
    assert isinstance(model.engine, ScriptedEngine)
    return list(model.engine.requests[0].prompt_ids)


def test_closers_that_the_editor_puts_behind_the_cursor_leave_the_prompt_as_it_was() -> None:
    plain = ids_at("x = first\ntotal = add(|\nprint(x)\n")
    assert ids_at("x = first\ntotal = add(|)\nprint(x)\n") == plain
    assert ids_at("x = first\ntotal = add(|, 2)\nprint(x)\n") != plain


LONG = "".join(f"value_{number} = first + second\n" for number in range(400))


WINDOWS = PromptBudget(prefix_tokens=400, suffix_tokens=40)


def prepare(text: str, cancel: threading.Event, *, holds_two: bool = True) -> list[Request]:
    """What the engine is asked, if it holds two prompts like that or only one."""
    model = scripted_model([[]] * 2)
    assert isinstance(model.engine, ScriptedEngine)
    sizes: list[int] = []

    def hold(num_tokens: int) -> bool:
        sizes.append(num_tokens)
        return holds_two

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model.engine, "holds_two", hold)
        snapshot = Snapshot("file:///x", 0, "python", text)
        Completer(model, WINDOWS).prepare(snapshot, len(text), cancel)
    asked = list(model.engine.requests)
    Completer(model, WINDOWS).complete(snapshot, len(text))
    assert set(sizes) <= {len(model.engine.requests[-1].prompt_ids)}  # that of the present one
    return asked


def prepared(text: str) -> list[list[int]]:
    return [list(request.prompt_ids) for request in prepare(text, threading.Event())]


@pytest.fixture(scope="module")
def before_a_move() -> str:
    """A text whose next window is another."""
    texts = (LONG + "x\n" * count for count in range(0, 400, 4))
    return next(text for text in texts if prepared(text))


def test_reading_ahead_is_cancelled_like_any_request(before_a_move: str) -> None:
    cancel = threading.Event()
    (request,) = prepare(before_a_move, cancel)
    assert request.cancel is cancel


def test_an_engine_that_holds_but_one_prompt_keeps_the_present_one(before_a_move: str) -> None:
    assert prepare(before_a_move, threading.Event(), holds_two=False) == []


def test_a_prefix_that_fits_has_no_next_window() -> None:
    assert prepared("total = first\n" * 5) == []


def test_the_next_window_is_read_shortly_before_it_is_needed() -> None:
    ahead = [prepared(LONG + "x\n" * count) for count in range(0, 400, 4)]
    assert 0 < sum(map(bool, ahead)) < len(ahead)
    model = scripted_model([[]] * 400)
    completer = Completer(model, WINDOWS)
    assert isinstance(model.engine, ScriptedEngine)
    moves = [number for number, pair in enumerate(pairwise(ahead), 1) if pair[0] and not pair[1]]
    assert moves
    for number in moves:
        text = LONG + "x\n" * (4 * number)
        completer.complete(Snapshot("file:///x", 0, "python", text), len(text))
        (read,) = ahead[number - 1]
        assert list(model.engine.requests[-1].prompt_ids)[: len(read)] == read


def test_a_docstring_that_the_prompt_holds_but_the_end_of_is_still_open() -> None:
    told = "".join(f"    Value {number} is first.\n" for number in range(200))
    prefix = f'import total\n\n\ndef first():\n    """Tell.\n\n{told}    '
    model = scripted_model([script(prefix, '"""', "\n")])
    snapshot = Snapshot("file:///x", 0, "python", f"{prefix}\n    return total\n")
    (suggestion,) = Completer(model, WINDOWS).complete(snapshot, len(prefix))
    assert isinstance(model.engine, ScriptedEngine)
    assert "Tell" not in TOKENIZER.decode(model.engine.requests[0].prompt_ids)
    assert suggestion.text == '"""'


HEADER = "def add(first, second):\n    "
BODY = "\n    return first + second\n"


def test_of_a_long_docstring_above_a_body_the_summary_is_suggested() -> None:
    written = '"""Add both.\n\n    Args:\n'
    assert complete(HEADER, written, suffix=BODY).text == '"""Add both."""'
    in_a_line = complete(HEADER, written, suffix=BODY, multiline="never")
    assert in_a_line.text == '"""Add both."""'


def test_a_docstring_that_begins_with_a_line_end_is_written_to_its_end() -> None:
    written = '"""\n    Add both.\n    """\n    return first\n'
    found = complete(HEADER, written, suffix=BODY)
    assert found.text == '"""\n    Add both.\n    """'
    silent = complete(HEADER, written, suffix=BODY, multiline="never")
    assert (silent.text, silent.reason) == ("", Reason.OPEN_STRING)


def test_there_is_no_second_docstring() -> None:
    documented = f'{HEADER}"""Add."""\n    '
    for written in ('"""Add both.\n\n    Args:\n', '"""\n    Add both.\n    """\n'):
        silent = complete(documented, written, suffix=BODY)
        assert (silent.text, silent.reason) == ("", Reason.OPEN_STRING)


def test_the_format_is_told_and_used() -> None:
    for infills, name in ((True, QWEN.name), (False, None)):
        model = scripted_model([script("total = ", "first\n")], infills=infills)
        snapshot = Snapshot("file:///x", 0, "python", "total = \nclass Shop: pass")
        (suggestion,) = Completer(model).complete(snapshot, 8)
        assert suggestion.format_name == name
        assert suggestion.text == "first"
        assert isinstance(model.engine, ScriptedEngine)
        assert ("Shop" in TOKENIZER.decode(model.engine.requests[0].prompt_ids)) is infills


def test_half_a_text_is_no_suggestion_once_cancelled() -> None:
    model = scripted_model([script("total = ", "first", " + ", "second", "\n")])
    cancel = threading.Event()
    snapshot = Snapshot("file:///x", 0, "python", "total = ")
    stream = Completer(model).stream(snapshot, 8, cancel=cancel)
    for _ in stream:
        cancel.set()
    assert stream.suggestion.text
    model = scripted_model([script("total = ", "first", " + ", "second", "\n")])
    (whole,) = Completer(model).complete(snapshot, 8, cancel=cancel)
    assert (whole.text, whole.reason) == ("", Reason.CANCELLED)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "written", "behind", "replaces"),
    [
        ("total = add(", "first) + second\n", ")", 1),
        ("total = {first: [", "first]} + second\n", "]}", 2),
        ('total = "', 'first" + second\n', '"', 1),
        ("total = add(", "first, second\n", ")", 0),
        ("total = add(", "first)\n", ")", 0),
        ("total = add(", "first), (second\n", ")", 0),
    ],
)
def test_closers_said_again_inside_give_way(
    before: str, written: str, behind: str, replaces: int, ending: str
) -> None:
    suggestion = complete(f"import os{ending}{before}", written, suffix=behind + ending)
    assert suggestion.replaces == replaces
    assert written.startswith(suggestion.text)
    assert suggestion.text


@pytest.mark.parametrize(
    ("document", "text", "expected"),
    [
        ("x = f[(a|)]\n", "b)].strip()", "x = f[(ab)].strip()\n"),
        ('x = {"k": (a|)}\n', 'b)}.get("k")', 'x = {"k": (ab)}.get("k")\n'),
        ("x = [f(a|)]\n", "b)].index(0)", "x = [f(ab)].index(0)\n"),
        ("x = f(a|)\n", "b)", "x = f(ab)\n"),
    ],
)
def test_closers_said_inside_leave_the_texts_last_bracket(
    document: str, text: str, expected: str
) -> None:
    prefix, _, suffix = document.partition("|")
    suggestion = complete(prefix, text, suffix=suffix)
    assert prefix + suggestion.text + suffix[suggestion.replaces :] == expected


def test_candidates_are_distinct_but_for_white_space() -> None:
    written = ["first\n", "second\n", "first \n", " second\n", "", "first + second\n"]
    model = scripted_model([script("total =", " " + each) for each in written])
    snapshot = Snapshot("file:///x", 0, "python", "total =")
    found = Completer(model).complete(snapshot, 7, CompletionOptions(candidates=6))
    assert sorted(each.text.strip() for each in found) == ["first", "first + second", "second"]
    confidences = [each.confidence or 0.0 for each in found]
    assert confidences == sorted(confidences, reverse=True)  # the likeliest first


def test_a_silent_first_candidate_gives_way_to_one_with_text() -> None:
    model = scripted_model([script("total =", each) for each in ["", " second\n"]])
    snapshot = Snapshot("file:///x", 0, "python", "total =")
    (only,) = Completer(model).complete(snapshot, 7, CompletionOptions(candidates=2))
    assert only.text == " second"


def test_only_the_first_candidate_is_greedy_and_each_seed_is_another() -> None:
    model = scripted_model([script("total = ", "first\n")] * 3)
    snapshot = Snapshot("file:///x", 0, "python", "total = ")
    Completer(model).complete(snapshot, 8, CompletionOptions(candidates=3))
    assert isinstance(model.engine, ScriptedEngine)
    greedy, *drawn = [request.sampling for request in model.engine.requests]
    assert greedy.temperature == 0
    assert all(each.temperature > 0 for each in drawn)
    assert len({each.seed for each in drawn}) == 2


def test_no_further_candidate_is_begun_once_patience_is_over() -> None:
    model = scripted_model([script("total = ", "first\n")] * 3)
    snapshot = Snapshot("file:///x", 0, "python", "total = ")
    options = CompletionOptions(candidates=3, patience_s=0)
    assert [each.text for each in Completer(model).complete(snapshot, 8, options)] == ["first"]
    assert isinstance(model.engine, ScriptedEngine)
    assert len(model.engine.requests) == 1


def test_a_small_context_window_leaves_room_for_the_answer() -> None:
    model = scripted_model([[]])
    assert isinstance(model.engine, ScriptedEngine)
    model.engine.context_window = 64
    snapshot = Snapshot("file:///x", 0, "python", "total = first\n" * 400)
    Completer(model).complete(snapshot, 200 * 14)
    assert len(model.engine.requests[0].prompt_ids) < 64


WORDS = st.sampled_from(
    ["first", "(", ")", "):", "[", "]", '"', "'", " ", "    ", "\n", "\n\n", ",", "return ", "é",
     "{", "}", "};", "# x", "```", "if a:", "\r\n", "\r", "🙂", "total", "def f():", "const a = "]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=12).map("".join)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    prefix=TEXTS,
    suffix=TEXTS,
    written=TEXTS,
    cuts=st.lists(st.integers(0, 60), max_size=8),
    language=st.sampled_from(["python", "javascript", "zig"]),
    multiline=st.sampled_from(["auto", "never", "always"]),
)
def test_pieces_joined_are_the_text_however_it_is_cut(
    *, prefix: str, suffix: str, written: str, cuts: list[int], language: str, multiline: Multiline
) -> None:
    healed = prefix.replace("\r\n", "\n").replace("\r", "\n")
    edges = [0, *sorted({cut for cut in cuts if 0 < cut < len(written)}), len(written)]
    chunks = [written[low:high] for low, high in pairwise(edges)]
    in_chunks = Completer(scripted_model([script(healed, *chunks)] * 2))
    at_once = Completer(scripted_model([script(healed, written)] * 2), filters=False)
    snapshot = Snapshot("file:///x", 0, language, prefix + suffix)
    options = CompletionOptions(multiline)
    stream = in_chunks.stream(snapshot, len(prefix), options)
    pieces = "".join(stream)
    whole = at_once.complete(snapshot, len(prefix), options)[0]
    assert pieces == stream.suggestion.text
    assert stream.suggestion.text == whole.text
    assert bool(whole.text) == (whole.reason is None)
    assert whole.text.strip() or not whole.text
