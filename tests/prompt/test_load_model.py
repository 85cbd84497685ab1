"""Loading a whole model, with an adapter that fits and with those that do not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from codegen_lsp.engine.base import Request
from codegen_lsp.errors import CodegenError, DamagedModelError, UnknownModelError, UsageError
from codegen_lsp.models.adapters import AdapterChoice
from codegen_lsp.prompt.model import Model, load_model, load_model_or_base
from tests.adapters import make_adapter, tiny_base


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def adapter(base: Path, tmp_path: Path) -> Path:
    return make_adapter(tmp_path / "adapter", base)


def text(model: Model) -> list[int]:
    request = Request(model.tokenizer.encode("def add(first, second):"), frozenset(), 12)
    return [token.id for token in model.engine.generate(request)]


def truncate(folder: Path) -> Path:
    (folder / "adapter_model.safetensors").write_bytes(b"")
    return folder


def test_the_adapter_is_in_the_model_by_its_scale(base: Path, adapter: Path) -> None:
    plain = load_model(str(base))
    tuned = load_model(str(base), adapter=AdapterChoice(adapter))
    hardly = load_model(str(base), adapter=AdapterChoice(adapter, 1e-6))
    assert plain.adapter is None
    assert tuned.adapter is not None
    assert hardly.adapter is not None
    assert (tuned.adapter.scale, hardly.adapter.scale) == (1.0, 1e-6)
    assert tuned.adapter.id == hardly.adapter.id
    assert tuned.fim_format is plain.fim_format is not None
    assert text(hardly) == text(plain) != text(tuned)


def test_one_of_no_use_is_left_out_and_said(base: Path, adapter: Path) -> None:
    model, why = load_model_or_base(str(base), adapter=AdapterChoice(adapter))
    assert (model.adapter is not None, why) == (True, "")
    model, why = load_model_or_base(str(base), adapter=AdapterChoice(truncate(adapter)))
    assert model.adapter is None
    assert text(model) == text(load_model(str(base)))
    assert "is damaged" in why


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda base, to: truncate(make_adapter(to, base)), DamagedModelError, "damaged"),
        (lambda base, to: make_adapter(to, base, format_id="starcoder2"), UsageError, "starcoder2"),
        (
            lambda base, to: make_adapter(to, tiny_base_of_others(to), name="theirs"),
            UsageError,
            "was trained for theirs, and the model is",
        ),
        (lambda base, to: to, DamagedModelError, "is missing"),
    ],
)
def test_one_of_no_use_is_refused_where_it_is_asked_for(
    base: Path,
    tmp_path: Path,
    make: Callable[[Path, Path], Path],
    kind: type[CodegenError],
    said: str,
) -> None:
    folder = make(base, tmp_path / "adapter")
    with pytest.raises(kind, match=said):
        load_model(str(base), adapter=AdapterChoice(folder))
    assert load_model_or_base(str(base), adapter=AdapterChoice(folder))[0].adapter is None


def test_what_is_wrong_with_the_model_is_not_put_down_to_the_adapter(
    base: Path, adapter: Path, tmp_path: Path
) -> None:
    with pytest.raises(UnknownModelError):
        load_model_or_base(str(tmp_path / "nothing"), adapter=AdapterChoice(adapter))
    assert base.exists()


def tiny_base_of_others(beside: Path) -> Path:
    folder = tiny_base(beside.with_name("others"))
    file = folder / "model.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    return folder
