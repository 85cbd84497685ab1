import psutil
import torch

from codegen_lsp.evaluate.memory import peak_memory


def test_peak_is_in_bytes_and_no_less_than_what_is_held() -> None:
    held = torch.ones(50_000_000)
    now = psutil.Process().memory_info().rss
    assert 0.99 * now < peak_memory() < psutil.virtual_memory().total
    assert now > held.nbytes
