"""The int8 product by our own code: exact in its sums, and blind to the rows beside a row."""

from collections.abc import Iterator

import pytest
import torch
from llvmlite import binding as llvm
from torch.nn import functional

from codegen_lsp.engine import vnni
from codegen_lsp.engine.linear import Norm
from codegen_lsp.engine.vnni_linear import VnniLinear, host_lanes, is_available
from codegen_lsp.errors import UsageError

pytestmark = pytest.mark.skipif(not is_available(), reason="no VNNI, or no OpenMP to join")

LANES = (8, 16) if host_lanes() == 16 else (8,)
SHAPES = ((320, 192), (1, 16), (31, 64), (33, 80), (100, 208))


@pytest.fixture
def restored_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def rows(count: int, width: int, seed: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    spread = torch.logspace(-3, 3, count).unsqueeze(1)  # rows of very different magnitudes
    return torch.randn(count, width, generator=generator) * spread


def weights(shape: tuple[int, int]) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0)) * 0.05


def by_definition(weight: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The same product in float64, where sums of integers this small are exact."""
    scale = (weight.abs().amax(dim=1) / 127).clamp_min(vnni.SMALLEST_MAGNITUDE)
    codes = (weight / scale[:, None]).round().double()
    magnitude = x.abs().amax(dim=1, keepdim=True).clamp_min(vnni.SMALLEST_MAGNITUDE)
    inputs = (x * (127 / magnitude)).round().double()
    return (inputs @ codes.T) * scale.double() * (magnitude.double() / 127)


@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("shape", SHAPES)
def test_product_is_that_of_the_definition(shape: tuple[int, int], lanes: int) -> None:
    weight, bias = weights(shape), torch.randn(shape[0])
    linear = VnniLinear(weight, bias, lanes=lanes)
    for count in (*range(1, 41), 300):
        x = rows(count, shape[1], seed=count)
        expected = by_definition(weight, x) + bias
        torch.testing.assert_close(linear(x).double(), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.usefixtures("restored_threads")
def test_result_of_a_row_does_not_depend_on_the_rows_beside_it(threads: int, lanes: int) -> None:
    torch.set_num_threads(threads)
    norm = Norm(torch.rand(192) + 0.5, 1e-6)
    for linear in (
        VnniLinear(weights((320, 192)), torch.randn(320), lanes=lanes),
        VnniLinear(weights((320, 192)), torch.randn(320), norm, lanes=lanes),
    ):
        x = rows(300, 192)
        alone = torch.cat([linear(x[i : i + 1]) for i in range(300)])
        for width in (*range(2, 41), 300):
            together = torch.cat([linear(block) for block in x.split(width)])
            assert torch.equal(together, alone), width


@pytest.mark.parametrize("lanes", LANES)
def test_every_number_of_threads_gives_the_same(restored_threads: None, lanes: int) -> None:
    x, results = rows(21, 192), []
    for threads in (1, 2, 3):
        torch.set_num_threads(threads)
        results.append(VnniLinear(weights((100, 192)), None, lanes=lanes)(x))
    assert torch.equal(results[0], results[1])
    assert torch.equal(results[0], results[2])


def test_close_to_the_exact_product() -> None:
    weight, x = weights((320, 192)), rows(64, 192)
    exact = x @ weight.T
    errors = (VnniLinear(weight, None)(x) - exact).norm(dim=1) / exact.norm(dim=1)
    assert errors.max() < 0.02


@pytest.mark.parametrize("count", [1, 40])
def test_norm_is_that_of_torch(count: int) -> None:
    weight, x = weights((96, 192)), rows(count, 192)
    norm = Norm(torch.rand(192) + 0.5, 1e-6)
    normed = functional.rms_norm(x, (192,), norm.weight, norm.eps)
    expected = VnniLinear(weight, None)(normed)
    # The norm is a factor of the row, so the codes are the same but where rounding is a tie.
    errors = (VnniLinear(weight, None, norm)(x) - expected).norm(dim=1) / expected.norm(dim=1)
    assert errors.max() < 0.002


def test_largest_magnitudes_do_not_overflow() -> None:
    weight, x = torch.full((40, 4864), -1.0), torch.full((3, 4864), 1.0)
    torch.testing.assert_close(VnniLinear(weight, None)(x), torch.full((3, 40), -4864.0))


def test_bias_is_not_scaled_with_the_row() -> None:
    bias = torch.arange(320, dtype=torch.float32)
    linear = VnniLinear(weights((320, 192)), bias)
    assert torch.equal(linear(torch.zeros(3, 192)), bias.expand(3, -1))


def test_channels_of_zeros_give_the_bias() -> None:
    linear = VnniLinear(torch.zeros(33, 64), torch.full((33,), 2.5))
    assert torch.equal(linear(rows(2, 64)), torch.full((2, 33), 2.5))


def test_rows_need_not_lie_side_by_side() -> None:
    linear, x = VnniLinear(weights((64, 192)), None), rows(12, 384)[:, ::2]
    assert torch.equal(linear(x), linear(x.clone(memory_format=torch.contiguous_format)))


def test_weights_given_are_left_as_they_are() -> None:
    weight = weights((320, 192))
    before = weight.clone()
    VnniLinear(weight, None)
    assert torch.equal(weight, before)


def test_half_precision_weights_are_quantised_as_float32() -> None:
    weight, x = weights((96, 192)).bfloat16(), rows(5, 192)
    assert torch.equal(VnniLinear(weight, None)(x), VnniLinear(weight.float(), None)(x))


def test_a_width_that_does_not_fit_is_refused() -> None:
    with pytest.raises(UsageError, match=r"multiple of 16.*one of 72.*--precision bf16"):
        VnniLinear(weights((8, 72)), None)


def test_code_for_a_laptop_without_avx512_uses_its_own_vnni() -> None:
    """No such CPU runs our tests, so what is looked at is the code that it would be given."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(cpu="alderlake")
    code = machine.emit_assembly(llvm.parse_assembly(str(vnni.build(lanes=8))))
    products = [line.split() for line in code.splitlines() if "vpdpbusd" in line]
    assert products
    assert all(words[0] == "{vex}" for words in products)
    assert "zmm" not in code
    assert "{%k" not in code
