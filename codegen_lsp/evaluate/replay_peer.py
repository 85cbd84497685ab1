"""The same keystroke to a llama-server's `/infill`, as llama.vim sends it.

llama.vim (`autoload/llama.vim`) sends 256 lines above the cursor and 64 below, the start of the
cursor's line as `prompt`, and stops below the line's indentation (`n_indent`) or, after the first
line, when a second is over. Unlike it, this is greedy and takes as many tokens as our server may.
"""

import time

import requests

from codegen_lsp.errors import CodegenError, UsageError
from codegen_lsp.evaluate.json_rpc import Message
from codegen_lsp.evaluate.replay_keys import PeerAnswer

PREFIX_LINES = 256
SUFFIX_LINES = 64
_PREDICT_MS = 1000
_ANSWER_S = 300.0


class Peer:
    """A llama-server at `url`; `max_new_tokens` is its limit for one suggestion."""

    def __init__(self, url: str, max_new_tokens: int) -> None:
        self._url = url.rstrip("/").removesuffix("/infill") + "/infill"
        self._max_new_tokens = max_new_tokens
        self._session = requests.Session()

    def ask(self, before: str, after: str) -> PeerAnswer:
        """What it would put between the two texts, and how long it took to say so.

        Raises:
            UsageError: nothing answers at the address, or something else than a llama-server.
            CodegenError: it answered with an error.
        """
        body = infill_request(before, after, self._max_new_tokens)
        started = time.perf_counter()
        try:
            response = self._session.post(self._url, json=body, timeout=_ANSWER_S)
            taken = time.perf_counter() - started
            content = response.json().get("content")
        except (requests.RequestException, AttributeError) as error:
            raise UsageError(f"--peer-infill: no llama-server answers at {self._url}") from error
        if not isinstance(content, str):
            raise CodegenError(
                f"{self._url} answered {response.status_code}: {response.text[:200]}"
            )
        return PeerAnswer(content, taken * 1000)


def infill_request(before: str, after: str, max_new_tokens: int) -> Message:
    """The body of a request at the place between `before` and `after`."""
    *above, start = before.split("\n")
    rest, *below = after.split("\n")
    is_blank = not (start + rest).strip()  # llama.vim then begins at the start of the line
    start, rest = ("", "") if is_blank else (start, rest)
    return {
        "input_prefix": "\n".join(above[-PREFIX_LINES:]) + "\n",
        "prompt": start,
        "input_suffix": "\n".join([rest, *below[:SUFFIX_LINES]]) + "\n",
        "input_extra": [],
        "n_predict": max_new_tokens,
        "n_indent": len(start) - len(start.lstrip()),
        "t_max_predict_ms": _PREDICT_MS,
        "temperature": 0.0,
        "cache_prompt": True,
        "stream": False,
    }
