"""The sequences that a decoder remembers: documents, and places within one.

Contract. A pool holds one or more `KVCache`s, of which one is current; forward passes read and
write that one alone. Only `begin` and `reserve` modify the pool. `begin` chooses what is current
for a prompt and leaves in it nothing but a prefix of that prompt, so whatever a request was doing
when it was cancelled, the next finds a valid state. Sequences other than the current one are
never written: they are copied from, or dropped when the buffers would pass the memory budget, the
least recently used first. The current one is never dropped, nor the one it was forked from while
both fit: a budget smaller than one prompt means one sequence. A pool belongs to one decoder, hence
to one model (an adapter merged into it included) in one precision: nothing else can mix them up.
"""

from codegen_lsp.engine.kv_cache import KVCache

DEFAULT_CACHE_BYTES = 256 << 20
FORK_TOKENS = 64
"""Prompt tokens that are worth a copy of what precedes them: they take longer to read again."""


class SequencePool:
    """Sequences under a memory budget in bytes; see the contract above."""

    def __init__(self, empty: KVCache, budget_bytes: int) -> None:
        """Begin with `empty` as the current sequence."""
        self._sequences = [empty]  # the least recently used first, the current one last
        self._budget_bytes = budget_bytes

    @property
    def current(self) -> KVCache:
        """The sequence that forward passes go on with."""
        return self._sequences[-1]

    @property
    def num_bytes(self) -> int:
        """Size of all buffers."""
        return sum(sequence.num_bytes for sequence in self._sequences)

    def __len__(self) -> int:
        return len(self._sequences)

    def holds_two(self, length: int) -> bool:
        """Whether the budget has room for two sequences of `length` tokens."""
        return 2 * self.current.bytes_for(length) <= self._budget_bytes

    def begin(self, ids: list[int]) -> None:
        """Make that sequence current which shares most with the prompt `ids`, cut to that part.

        Where the cut would lose more than `FORK_TOKENS` of another prompt, the shared part is
        copied into a new sequence instead, and the old one stays whole.
        """
        shared, spare, source = max(
            ((*self._fit(sequence, ids), sequence) for sequence in reversed(self._sequences)),
            key=lambda fit: fit[:2],
        )
        self._sequences.remove(source)
        self._sequences.append(source)
        needed = source.bytes_for(len(ids))
        if -spare > FORK_TOKENS and source.num_bytes + needed <= self._budget_bytes:
            self._make_room(needed)
            self._sequences.append(source.fork(shared, len(ids)))
        else:
            source.truncate(shared)
            self.reserve(len(ids))
        self.current.prompt_tokens = len(ids)

    def reserve(self, length: int) -> None:
        """Make room for `length` tokens in the current sequence."""
        current = self.current
        missing = current.bytes_for(length) - current.num_bytes
        if missing > 0:
            self._make_room(missing)
            current.reserve(length)

    def _fit(self, sequence: KVCache, ids: list[int]) -> tuple[int, int]:
        """Tokens shared with `ids`; and, negated, those of prompts that going on would lose."""
        shared = sequence.match_prefix(ids)
        return shared, shared - max(shared, min(sequence.prompt_tokens, len(sequence.ids)))

    def _make_room(self, num_bytes: int) -> None:
        """Drop sequences until `num_bytes` more fit, but never the last used."""
        while len(self) > 1 and self.num_bytes + num_bytes > self._budget_bytes:
            del self._sequences[0]
