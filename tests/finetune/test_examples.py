"""Examples: the server's own prompt, and what is to be written behind it."""

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tokenizers import AddedToken, decoders, models, pre_tokenizers, trainers
from tokenizers import Tokenizer as Library

from codegen_lsp.completion.pipeline import DEFAULT_BUDGET, Completer
from codegen_lsp.completion.sticky import Choose
from codegen_lsp.context.chosen import NOTHING, Context, Piece
from codegen_lsp.engine.scripted import ScriptedEngine
from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.build import PromptBudget
from codegen_lsp.prompt.formats import FimFormat, by_name
from codegen_lsp.prompt.model import Model
from codegen_lsp.syntax.languages import language_of
from codegen_lsp.text import Snapshot
from finetune.corpus import SourceFile, read
from finetune.examples import LONGEST_MIDDLE, Around, Example, draw_examples, example_of, parts
from finetune.spans import Drawer, Span
from tests.finetune.repositories import commit, module
from tests.scripted_models import QWEN, TOKENIZER

ROOT = Path(__file__).parents[2]
PLACES_PER_FILE = 12
CONTEXT = Context(
    (
        Piece("lib/one.py", "def one():\n    ...\n", "import", 1.0),
        Piece("lib/zwei.py", "def größe(x: int) -> 'Ü😀':\n    ...\n", "symbol", 2.0),
    ),
    None,
    "shop",
    "src/x",
)
GOLDEN = ("go", "rust", "java", "ruby", "kotlin")


def real_code() -> Iterator[SourceFile]:
    """Files of this repository, and pieces of other languages that its tests have."""
    names = (
        "codegen_lsp/syntax/parsing.py",
        "tests/context/test_secrets.py",
        "editors/vscode/src/server.ts",
        "editors/neovim/lua/codegen/ghost.lua",
        "tests/editors/install_neovim.sh",
    )
    for name in names:
        yield SourceFile(name, language_of(Path(name)), (ROOT / name).read_text("utf-8"))
    for language in GOLDEN:
        table = (ROOT / "tests/syntax/golden" / f"{language}.txt").read_text("utf-8")
        cases = (case.split("%% gives")[0] for case in table.split("%% definitions\n")[1:])
        yield SourceFile(f"x.{language}", language, "\n".join(cases))


REAL_CODE = tuple(real_code())


def tokenizer_for(fim_format: FimFormat) -> Tokenizer:
    """Byte-level and tiny; white space and newlines merge as in GPT-2's vocabulary."""
    library = Library(models.BPE())
    library.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    library.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=900, show_progress=False, initial_alphabet=alphabet)
    library.train_from_iterator([file.text for file in REAL_CODE], trainer)
    extra = (fim_format.repository.repository, fim_format.repository.file)
    names = [*fim_format.sentinels, *fim_format.stop_tokens, *filter(None, extra)]
    library.add_special_tokens(
        [AddedToken(name, normalized=False) for name in dict.fromkeys(names)]
    )
    return Tokenizer(library)


@cache
def family(name: str) -> tuple[FimFormat, Tokenizer]:
    fim_format = by_name(name)
    return fim_format, tokenizer_for(fim_format)


def served(
    model: Model, file: SourceFile, prefix: str, suffix: str, context: Context | None
) -> tuple[list[int], bytes]:
    """Ids that the server would ask its engine, and the bytes that the answer begins with."""
    choose: Choose | None = None if context is None else (lambda _snapshot, _offset: context)
    completer = Completer(model, choose=choose)
    snapshot = Snapshot("file:///x", 0, file.language, prefix + suffix)
    completer.complete(snapshot, len(prefix))
    prompt = completer.prompt_at(snapshot, len(prefix))
    assert isinstance(model.engine, ScriptedEngine)
    assert model.engine.requests[0].prompt_ids == prompt.ids
    return prompt.ids, prompt.forced


def spans_of(file: SourceFile, count: int = PLACES_PER_FILE) -> list[Span]:
    drawer, chance = Drawer(file), random.Random(file.path)
    return [span for _ in range(count) if (span := drawer.draw(chance)) is not None]


def assert_as_served(
    fim_format: FimFormat, tokenizer: Tokenizer, file: SourceFile, context: Context | None
) -> None:
    end = tokenizer.control_ids[fim_format.stop_tokens[0]]
    spans = spans_of(file)
    assert len(spans) == PLACES_PER_FILE
    for span in spans:
        example = example_of(file, span, tokenizer, fim_format, context=context or NOTHING)
        prefix, middle, suffix = parts(file, span)
        model = Model("m", tokenizer, fim_format, ScriptedEngine([[]] * 3))
        ids, forced = served(model, file, prefix, suffix, context)
        assert example is not None
        assert example.has_context == (context is not None)
        asked, labels = example.ids[: -example.num_labels], example.ids[-example.num_labels :]
        assert list(asked) == ids
        written = b"".join(map(tokenizer.token_bytes, labels))
        assert (forced + middle.encode()).startswith(written)
        assert (labels[-1] == end) == (written == forced + middle.encode())
        assert example.num_labels <= LONGEST_MIDDLE + 1


@pytest.mark.parametrize("file", REAL_CODE, ids=lambda file: file.language)
@pytest.mark.parametrize("context", [None, CONTEXT], ids=["alone", "context"])
def test_the_prompt_is_the_one_that_is_served(file: SourceFile, context: Context | None) -> None:
    assert_as_served(QWEN, TOKENIZER, file, context)


@pytest.mark.parametrize("name", ["starcoder2", "mellum", "codestral", "deepseek-coder"])
def test_the_prompts_of_other_formats_are_those_served(name: str) -> None:
    fim_format, tokenizer = family(name)
    for file in REAL_CODE[1:4]:
        assert_as_served(fim_format, tokenizer, file, None)


@pytest.mark.model
def test_the_prompts_of_the_default_model_are_those_served(default_model_folder: Path) -> None:
    tokenizer = Tokenizer.load(default_model_folder)
    for file in REAL_CODE:
        for context in (None, CONTEXT):
            assert_as_served(QWEN, tokenizer, file, context)


@pytest.mark.model
def test_labels_are_the_tokens_of_the_whole_text(default_model_folder: Path) -> None:
    tokenizer = Tokenizer.load(default_model_folder)
    end = tokenizer.control_ids[QWEN.stop_tokens[0]]
    natural, others = 0, 0
    for file in REAL_CODE[:5]:
        for span in spans_of(file, 100):
            example = example_of(file, span, tokenizer, QWEN)
            assert example is not None
            prefix, middle, _ = parts(file, span)
            labels = list(example.ids[-example.num_labels :])
            whole = tokenizer.encode(prefix[prefix.rfind("\n") + 1 :] + middle)
            if labels.pop() == end:
                is_natural = whole[len(whole) - len(labels) :] == labels
                natural, others = natural + is_natural, others + (not is_natural)
    assert natural > 50 * others


@pytest.mark.parametrize("name", ["codestral", "starcoder2", "mellum"])
def test_the_text_before_the_cursor_may_be_learnt_where_it_stands_before_the_middle(
    name: str,
) -> None:
    fim_format, tokenizer = family(name)
    file = REAL_CODE[0]
    for span in spans_of(file):
        example = example_of(file, span, tokenizer, fim_format, context=CONTEXT, prefix_weight=0.5)
        assert example is not None
        read = example.ids[-example.num_predicted : -example.num_labels]
        text = b"".join(map(tokenizer.token_bytes, read)).decode()
        before = file.text[: span.start]
        line = before[before.rfind("\n") + 1 :]
        expected = {"codestral": before, "starcoder2": line, "mellum": ""}[name]
        assert text in expected if name == "codestral" else expected.startswith(text)
        assert text or len(expected) < 40  # of a short line, all may be healed
        assert example.weights == [0.5] * len(read) + [1.0] * example.num_labels


def test_an_epoch_has_windows_of_all_sizes() -> None:
    long = SourceFile("x.py", "python", module("long", 120))
    drawn = draw_examples([long], TOKENIZER, QWEN, seed=0, epoch=0, count=200)
    sizes = [len(example.ids) - example.num_labels for example in drawn]
    shares = [sum(size > limit for size in sizes) / len(sizes) for limit in (88, 350, 1100)]
    assert shares == pytest.approx([1.0, 0.5, 0.1], abs=0.15)


def test_a_buffer_whose_closers_an_editor_has_put_there_has_the_same_prompt() -> None:
    file = SourceFile("x.py", "python", "def f():\n    total = compute(first, [second])\n")
    start = file.text.index("second")
    example = example_of(file, Span(start, start + len("second])"), "end_of_line"), TOKENIZER, QWEN)
    assert example is not None
    model = Model("m", TOKENIZER, QWEN, ScriptedEngine([[]] * 3))
    prefix = file.text[:start]
    for suffix in ("\n", "])\n"):
        ids, _ = served(model, file, prefix, suffix, None)
        assert list(example.ids[: -example.num_labels]) == ids
        model = Model("m", TOKENIZER, QWEN, ScriptedEngine([[]] * 3))


def test_a_long_middle_is_cut_and_has_no_end() -> None:
    text = "x = '" + "a b " * 200 + "'\n"
    file = SourceFile("x.py", "python", text)
    example = example_of(file, Span(4, len(text) - 1, "expression"), TOKENIZER, QWEN)
    assert example is not None
    assert example.num_labels == LONGEST_MIDDLE
    assert TOKENIZER.control_ids[QWEN.stop_tokens[0]] not in example.ids[-LONGEST_MIDDLE:]


# Epochs

FILES = [SourceFile(f"m{n}.py", "python", module(f"m{n}", n + 1)) for n in range(6)]


def draw(seed: int = 0, epoch: int = 0, count: int | None = None) -> list[Example]:
    return draw_examples(FILES, TOKENIZER, QWEN, seed=seed, epoch=epoch, count=count)


def test_an_epoch_hangs_on_its_seed_and_number_alone() -> None:
    assert draw() == draw()
    assert draw() != draw(epoch=1)
    assert draw() != draw(seed=1)


def test_files_give_examples_by_their_length_and_each_at_least_one() -> None:
    drawn = draw(count=300)
    assert 270 < len(drawn) < 330
    counts = [sum(example.path == file.path for example in drawn) for file in FILES]
    assert counts == sorted(counts)
    assert {example.path for example in draw(count=6)} == {file.path for file in FILES}
    assert sum(len(draw(epoch=epoch, count=2)) for epoch in range(200)) / 200 == pytest.approx(
        2, 0.2
    )


def test_other_files_are_shown_in_a_part_of_the_examples(tmp_path: Path) -> None:
    asked: list[tuple[Snapshot, int]] = []

    def choose(snapshot: Snapshot, offset: int) -> Context:
        asked.append((snapshot, offset))
        return CONTEXT

    around = Around(tmp_path, choose)
    drawn = draw_examples(
        FILES, TOKENIZER, QWEN, seed=0, epoch=0, count=400, around=around, context_share=0.4
    )
    assert 0.3 < sum(example.has_context for example in drawn) / len(drawn) < 0.5
    texts = {(tmp_path / file.path).as_uri(): file.text for file in FILES}
    for snapshot, offset in asked:
        whole, removed = texts[snapshot.uri], len(texts[snapshot.uri]) - len(snapshot.text)
        assert whole[:offset] + whole[offset + removed :] == snapshot.text
    assert any(len(texts[snapshot.uri]) > len(snapshot.text) for snapshot, _ in asked)


def test_what_the_index_tells_of_the_middle_is_not_shown(tmp_path: Path) -> None:
    (file,) = [each for each in FILES if each.path == "m3.py"]

    def choose(_snapshot: Snapshot, _offset: int) -> Context:
        own = Piece("m3.py", file.text, "symbol", 1.0)
        return Context((own,), None, "shop", "m3.py")

    drawn = draw_examples(
        [file],
        TOKENIZER,
        QWEN,
        seed=0,
        epoch=0,
        count=60,
        around=Around(tmp_path, choose),
        context_share=1.0,
        mix={"statement": 1.0},
        budget=PromptBudget(64, 64, context_tokens=4000),
    )
    assert drawn
    assert not any(example.has_context for example in drawn)


def test_no_secret_of_a_file_is_in_any_example(tmp_path: Path) -> None:
    secrets = {
        "github": "ghp_" + "a1B2c3D4e5F6" * 3,
        "aws": "AKIA" + "QWERTZUIOPASDFGH",
        "password": "kT9#vLq2!xWz",
        "random": "f3A9bC7dE1gH5iJ2kL8mN4oP6qR0sT",
        "key": "MIIEpAIBAAKCAQEA7bq0vVQx" + "Zk3Jt5Yw" * 5,
        "url": "s3cr3tPa55w0rdX9",
    }
    text = (
        f'TOKEN = "{secrets["github"]}"\nAWS = "{secrets["aws"]}"\n'
        f'password = "{secrets["password"]}"\napi_key = "{secrets["random"]}"\n'
        f'KEY = """-----BEGIN RSA PRIVATE KEY-----\n{secrets["key"]}\n'
        f'-----END RSA PRIVATE KEY-----"""\n'
        f'DATABASE = "postgres://shop:{secrets["url"]}@db.internal/shop"\n'
    ) * 3 + module("shop", 2)
    last = commit(tmp_path, {"settings.py": text})
    files = [each for each in read(tmp_path, last) if isinstance(each, SourceFile)]
    assert len(files) == 1
    drawn = draw_examples(files, TOKENIZER, QWEN, seed=0, epoch=0, count=500)
    assert len(drawn) > 100
    for example in drawn:
        shown = TOKENIZER.decode(example.ids)
        for secret in secrets.values():
            assert secret[4:16] not in shown
        middle = TOKENIZER.decode(example.ids[-example.num_labels :])
        assert "REDACTED" not in middle


def test_windows_are_those_of_the_server() -> None:
    assert PromptBudget(prefix_tokens=1024, suffix_tokens=384) == DEFAULT_BUDGET
    long = SourceFile("x.py", "python", module("long", 120))
    for span in spans_of(long, 5):
        example = example_of(long, span, TOKENIZER, QWEN)
        assert example is not None
        assert len(example.ids) - example.num_labels <= 1024 + 384 + 3
