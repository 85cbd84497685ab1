"""What counts as copied from the training files."""

from finetune.evaluation.copying import Corpus

LINE = "connection = open_connection(host, port, timeout=DEFAULT_TIMEOUT)"


def test_a_long_text_that_stands_there_is_a_copy_whatever_its_white_space() -> None:
    corpus = Corpus(["import os\n", f"def f():\n    {LINE}\n    return connection\n"])
    assert corpus.holds(f"{LINE}\n\treturn connection")
    assert corpus.copy_rate([f"  {LINE}", f"other_{LINE}"]) == 0.5


def test_what_is_short_or_spans_two_files_is_none() -> None:
    corpus = Corpus([LINE, LINE.replace("host", "name")])
    assert corpus.copy_rate(["import os"]) == 0.0
    assert not corpus.holds(f"{LINE} {LINE.replace('host', 'name')}")
