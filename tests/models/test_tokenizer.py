import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import (
    AddedToken,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)
from tokenizers import Tokenizer as Library

from codegen_lsp.errors import DamagedModelError, UsageError
from codegen_lsp.models.tokenizer import StreamDecoder, Tokenizer

CONTROLS = ["<|endoftext|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"]
HARD = [
    "",
    "naïve = 'café'",  # composed
    "cafe\u0301 A\u030a \u212b",  # combining, and a letter that NFC would replace
    "👨‍👩‍👧 = '👍🏽'\n",
    "a\r\nb\rc\tend  \n\n\n   ",
    "▁ and ▁▁ are not spaces",
    "\x00\x1f\x85\u2028\ufeff",
    "<0x0A><unk><s></s>",
    "".join(CONTROLS) * 3 + "<|fim_pre" + "fix|>",
]


def byte_level() -> Library:
    library = Library(models.BPE())
    # what real files configure and exactness forbids: NFC, and a space before the text
    library.normalizer = normalizers.NFC()
    library.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(), pre_tokenizers.ByteLevel(add_prefix_space=True)]
    )
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, show_progress=False, initial_alphabet=alphabet)
    library.train_from_iterator(["def first(self):\n    return self.first\n"] * 3, trainer)
    library.decoder = decoders.ByteLevel()
    library.add_special_tokens([AddedToken(name, normalized=False) for name in CONTROLS])
    library.add_tokens([AddedToken("<tool_call>"), AddedToken("        "), AddedToken("<table>")])
    return library


def byte_fallback() -> Library:
    """Like a converted SentencePiece model whose merges lead to its control tokens."""
    merges = [("▁", "s"), ("<", "s"), ("<s", ">"), ("▁", "▁")]
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    pieces += ["▁", "s", "<", ">", "a", "/", *(left + right for left, right in merges)]
    vocabulary = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    library = Library(models.BPE(vocabulary, merges, unk_token="<unk>", byte_fallback=True))  # noqa: S106
    library.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁"), normalizers.Replace("\t", "    ")]
    )
    library.add_special_tokens(["<unk>", "<s>", "</s>"])
    library.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 1)]
    )
    return library


def metaspace() -> Library:
    library = byte_fallback()
    library.normalizer = normalizers.NFKC()
    library.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    return library


KINDS = {build.__name__: Tokenizer(build()) for build in (byte_level, byte_fallback, metaspace)}


@pytest.fixture(params=KINDS)
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    return KINDS[request.param]


@pytest.fixture(scope="session")
def qwen(default_model_folder: Path) -> Tokenizer:
    return Tokenizer.load(default_model_folder)


def is_exact(tokenizer: Tokenizer, text: str) -> bool:
    ids = tokenizer.encode(text)
    controls = set(tokenizer.control_ids.values())
    written = b"".join(map(tokenizer.token_bytes, ids))
    return written == text.encode() and tokenizer.decode(ids) == text and controls.isdisjoint(ids)


@pytest.mark.parametrize("text", HARD)
def test_encode_then_decode_gives_the_same_bytes_and_no_control_token(
    tokenizer: Tokenizer, text: str
) -> None:
    assert is_exact(tokenizer, text)


@pytest.mark.parametrize("kind", KINDS)
@given(text=st.text() | st.text("<s|>/▁ _fimprexndo[]", max_size=40))
def test_any_text_survives(kind: str, text: str) -> None:
    assert is_exact(KINDS[kind], text)


def test_thousands_of_sentinels_are_plain_text(tokenizer: Tokenizer) -> None:
    assert is_exact(tokenizer, "".join(tokenizer.control_ids) * 2_000)


def test_a_lone_surrogate_becomes_a_question_mark(tokenizer: Tokenizer) -> None:
    assert tokenizer.decode(tokenizer.encode("a\ud83d = '\udc4d'")) == "a? = '?'"


def test_no_space_is_invented_before_the_text(tokenizer: Tokenizer) -> None:
    assert tokenizer.token_bytes(tokenizer.encode("s")[0]) == b"s"


def test_offsets_count_whole_characters(tokenizer: Tokenizer) -> None:
    text = "s é 👍\n"
    ids, ends = tokenizer.encode_with_offsets(text)
    assert len(ids) == len(ends)
    for count, end in enumerate(ends, start=1):
        written = b"".join(map(tokenizer.token_bytes, ids[:count]))
        assert text[:end] == written.decode("utf-8", "ignore")
    assert ends[-1] == len(text)


def test_control_tokens_are_known_by_name_and_write_nothing() -> None:
    tokenizer = KINDS["byte_level"]
    assert list(tokenizer.control_ids) == [*CONTROLS, "<tool_call>"]
    assert {tokenizer.token_bytes(id_) for id_ in tokenizer.control_ids.values()} == {b""}


@pytest.mark.parametrize("text", ["        ", "<table>"])
def test_added_tokens_that_are_text_keep_their_ids(text: str) -> None:
    tokenizer, published_id = KINDS["byte_level"], byte_level().token_to_id(text)
    assert published_id is not None
    assert tokenizer.encode(text) == [published_id]
    assert tokenizer.token_bytes(published_id) == text.encode()
    assert published_id in tokenizer.vocabulary.starting_with(text.encode())


def test_an_id_that_no_token_has_writes_nothing(tokenizer: Tokenizer) -> None:
    assert tokenizer.token_bytes(1_000_000) == b""


def test_bos_is_the_token_that_the_post_processor_adds() -> None:
    padded = byte_level()
    padded.enable_padding(direction="left", length=8, pad_id=padded.token_to_id("<|endoftext|>"))
    assert Tokenizer(padded).bos_id is None
    assert KINDS["byte_level"].bos_id is None
    assert KINDS["byte_fallback"].bos_id == KINDS["byte_fallback"].control_ids["<s>"]


@pytest.mark.parametrize("start", [b" ", b"s", b"\n", b"\xf0", b"<", b"  ", b"absent"])
def test_vocabulary_finds_the_tokens_that_begin_with_bytes(
    tokenizer: Tokenizer, start: bytes
) -> None:
    written = {id_: tokenizer.token_bytes(id_) for id_ in range(600)}
    begin = {id_ for id_, token in written.items() if token.startswith(start)}
    equal = {id_ for id_, token in written.items() if token == start}
    assert set(tokenizer.vocabulary.starting_with(start)) == begin
    assert set(tokenizer.vocabulary.equal_to(start)) == equal


def test_a_stream_holds_back_unfinished_characters(tokenizer: Tokenizer) -> None:
    text = "s = '👍'"
    stream = StreamDecoder(tokenizer)
    pieces = [stream.feed(id_) for id_ in tokenizer.encode(text)]
    assert "".join(pieces) == text
    assert "" in pieces
    assert "\ufffd" not in "".join(pieces)
    assert stream.finish() == ""


def test_a_stream_that_breaks_off_inside_a_character_says_so(tokenizer: Tokenizer) -> None:
    stream = StreamDecoder(tokenizer)
    assert stream.feed(tokenizer.encode("👍")[0]) == ""
    assert stream.finish() == "\ufffd"


def test_a_stream_leaves_out_the_first_bytes(tokenizer: Tokenizer) -> None:
    stream = StreamDecoder(tokenizer, skip_bytes=len(b" s <"))
    assert "".join(map(stream.feed, tokenizer.encode(" s <s>"))) == "s>"


def test_load_names_a_missing_or_damaged_file(tmp_path: Path) -> None:
    with pytest.raises(DamagedModelError, match=r"tokenizer\.json is missing or damaged"):
        Tokenizer.load(tmp_path)
    (tmp_path / "tokenizer.json").write_text('{"version": "1.0", "model"')
    with pytest.raises(DamagedModelError, match=r"tokenizer\.json is missing or damaged"):
        Tokenizer.load(tmp_path)


def test_load_refuses_a_vocabulary_that_cannot_spell_every_text(tmp_path: Path) -> None:
    words = Library(models.WordLevel({"hello": 0, "<unk>": 1}, unk_token="<unk>"))  # noqa: S106
    words.save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(UsageError, match="cannot spell every text"):
        Tokenizer.load(tmp_path)


def test_load_reads_what_was_saved(tmp_path: Path) -> None:
    byte_level().save(str(tmp_path / "tokenizer.json"))
    loaded = Tokenizer.load(tmp_path)
    assert loaded.encode("self.first") == KINDS["byte_level"].encode("self.first")
    assert loaded.control_ids == KINDS["byte_level"].control_ids


def test_threads_can_share_a_tokenizer() -> None:
    tokenizer = Tokenizer(byte_level())
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(len(tokenizer.vocabulary.starting_with(b"f"))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


@pytest.mark.model
def test_qwen_ids(qwen: Tokenizer) -> None:
    assert qwen.encode("def add(a, b):\n    return a") == [
        750, 912, 2877, 11, 293, 982, 262, 470, 264,
    ]  # fmt: skip
    assert qwen.control_ids["<|fim_prefix|>"] == 151659
    assert qwen.control_ids["<|fim_middle|>"] == 151660
    assert qwen.control_ids["<|fim_suffix|>"] == 151661
    assert qwen.bos_id is None


@pytest.mark.model
@pytest.mark.parametrize("text", HARD)
def test_qwen_is_exact(qwen: Tokenizer, text: str) -> None:
    assert is_exact(qwen, text + "".join(qwen.control_ids))
