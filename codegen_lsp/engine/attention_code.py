"""The machine code of `attention`, written as LLVM IR.

A *unit* is a query position with one key head, hence with the *group* of query heads that share
that key head. Scores lie key by key with the heads of the group side by side in the lanes of a
vector, so that the softmax needs no sum across lanes. Each thread takes its share of the units.
"""

import math

from llvmlite import ir

from codegen_lsp.engine.vector_ir import F32, I32, I64, POINTER, Combine, Emitter, i32, i64
from codegen_lsp.engine.vnni import share_of_thread

TASK_FIELDS = (
    *("queries", "keys", "values", "output", "scores"),  # addresses
    *("head_bytes", "score_bytes"),  # from one key head, and one thread's scores, to the next
    *("rows", "start"),
)
_Vectors = list[ir.Value]
_EXP2 = tuple(math.log(2) ** power / math.factorial(power) for power in range(7))
"""Taylor's coefficients of 2 ** x: on [-0.5, 0.5] good to float accuracy."""


def padded(group: int) -> int:
    """Lanes for the scores of one key: a power of two."""
    return 1 << (group - 1).bit_length()


def build(lanes: int, kv_heads: int, group: int, head_dim: int) -> ir.Module:
    """The module for vectors of `lanes` 32-bit values; its entry point is `attend(task)`."""
    module = ir.Module("attention")
    _build_worker(module, lanes, kv_heads, _build_unit(module, lanes, group, head_dim))
    return module


def _build_worker(module: ir.Module, lanes: int, kv_heads: int, unit: ir.Function) -> None:
    """`attend(task)`: what each thread does."""
    function, emit = Emitter.begin(module, "attend", [POINTER], lanes)
    builder, task = emit.builder, {}
    for index, name in enumerate(TASK_FIELDS):
        typ = POINTER if index < 5 else I64
        task[name] = emit.load(emit.at(function.args[0], i64(8 * index)), typ)
    thread = builder.sext(emit.intrinsic("omp_get_thread_num", I32, []), I64)
    scores = emit.at(task["scores"], builder.mul(thread, task["score_bytes"]))

    def body(number: ir.Value, _: _Vectors) -> _Vectors:
        row = builder.sdiv(number, i64(kv_heads))
        offset = builder.mul(builder.srem(number, i64(kv_heads)), task["head_bytes"])
        length = builder.add(builder.add(task["start"], row), i64(1))
        heads = [emit.at(task[name], offset) for name in ("keys", "values")]
        ends = [task["queries"], task["output"]]
        builder.call(unit, [number, *ends, *heads, scores, length])
        return []

    units = builder.mul(task["rows"], i64(kv_heads))
    emit.loop(share_of_thread(emit)(units), 1, body)
    builder.ret_void()


def _build_unit(module: ir.Module, lanes: int, group: int, head_dim: int) -> ir.Function:
    """`f(number, queries, output, keys, values, scores, length)` for one unit."""
    kinds = [I64, POINTER, POINTER, POINTER, POINTER, POINTER, I64]
    function, emit = Emitter.begin(module, "attend_unit", kinds, lanes)
    number, queries, output, keys, values, scores, length = function.args
    offset = emit.builder.mul(number, i64(4 * group * head_dim))
    unit = _Unit(emit, group, head_dim, scores, length)
    largest = unit.score(emit.at(queries, offset), keys)
    total = unit.exponentiate(largest)
    unit.sum_values(emit.at(output, offset), values, total)
    emit.builder.ret_void()
    return function


class _Unit:
    """Writes the three loops over the keys that make up one unit."""

    def __init__(
        self, emit: Emitter, group: int, head_dim: int, scores: ir.Value, length: ir.Value
    ) -> None:
        self._emit = emit
        self._group = group
        self._padded = padded(group)
        self._head_dim = head_dim
        self._keys_per_vector = emit.lanes // self._padded
        self._scores = scores
        self._length = length
        self._all = (i64(0), length)

    def score(self, queries: ir.Value, keys: ir.Value) -> ir.Value:
        """Products of all keys with all queries of the group; the largest, in each head's lanes."""
        emit, builder = self._emit, self._emit.builder
        heads = [self._row(queries, i64(head)) for head in range(self._group)]
        last = builder.sub(self._length, i64(1))
        numbers = [lane // self._padded for lane in range(emit.lanes)]
        nothing = ir.Constant(emit.vector(F32), None)
        lowest = ir.Constant(emit.vector(F32), [-math.inf] * emit.lanes)

        def body(first: ir.Value, carried: _Vectors) -> _Vectors:
            products = []
            for key in range(self._keys_per_vector):
                index = builder.add(first, i64(key))
                index = builder.select(builder.icmp_signed("<", index, last), index, last)
                row = self._row(keys, index)
                products += [self._product(head, row) for head in heads]
                products += [nothing] * (self._padded - self._group)
            missing = emit.splat(builder.trunc(builder.sub(self._length, first), I32))
            exists = builder.icmp_signed("<", emit.constant(I32, numbers), missing)
            found = builder.select(exists, _sum_each(emit, products), lowest)
            emit.store(found, self._score_at(first))
            return [emit.maximum(found, carried[0])]

        largest = emit.loop(self._all, self._keys_per_vector, body, [lowest])[0]
        return self._across_keys(largest, emit.maximum)

    def exponentiate(self, largest: ir.Value) -> ir.Value:
        """Turn scores into weights, the largest of each head into 1; returns their sums."""
        emit, builder = self._emit, self._emit.builder
        factor = emit.constant(F32, [math.log2(math.e) / math.sqrt(self._head_dim)] * emit.lanes)
        floor = emit.constant(F32, [-126.0] * emit.lanes)

        def body(first: ir.Value, carried: _Vectors) -> _Vectors:
            score = builder.fsub(emit.load(self._score_at(first), emit.vector(F32)), largest)
            weight = _exp2(emit, emit.maximum(builder.fmul(score, factor), floor))
            emit.store(weight, self._score_at(first))
            return [builder.fadd(weight, carried[0])]

        zero = ir.Constant(emit.vector(F32), None)
        total = emit.loop(self._all, self._keys_per_vector, body, [zero])[0]
        return self._across_keys(total, builder.fadd)

    def sum_values(self, output: ir.Value, values: ir.Value, total: ir.Value) -> None:
        """Write the weighted mean of the values for each head of the group."""
        emit, builder = self._emit, self._emit.builder
        parts = self._head_dim // emit.lanes

        def body(index: ir.Value, sums: _Vectors) -> _Vectors:
            row = self._row(values, index)
            results = []
            for head in range(self._group):
                where = emit.at(self._score_at(index), i64(4 * head))
                weight = emit.splat(emit.load(where, F32))
                mine = sums[head * parts : (head + 1) * parts]
                results += [_fma(emit, weight, *pair) for pair in zip(row, mine, strict=True)]
            return results

        zeros = [ir.Constant(emit.vector(F32), None)] * (self._group * parts)
        sums = emit.loop(self._all, 1, body, zeros)
        for place, value in enumerate(sums):
            divisor = emit.splat(builder.extract_element(total, i32(place // parts)))
            emit.store(builder.fdiv(value, divisor), emit.at(output, i64(4 * emit.lanes * place)))

    def _row(self, base: ir.Value, index: ir.Value) -> _Vectors:
        """The vectors of row `index` of a matrix with `head_dim` columns."""
        emit, size = self._emit, 4 * self._head_dim
        start = emit.at(base, emit.builder.mul(index, i64(size)))
        places = range(0, size, 4 * emit.lanes)
        return [emit.load(emit.at(start, i64(place)), emit.vector(F32)) for place in places]

    def _product(self, first: _Vectors, second: _Vectors) -> ir.Value:
        total = self._emit.builder.fmul(first[0], second[0])
        for one, two in zip(first[1:], second[1:], strict=True):
            total = _fma(self._emit, one, two, total)
        return total

    def _score_at(self, key: ir.Value) -> ir.Value:
        return self._emit.at(self._scores, self._emit.builder.mul(key, i64(4 * self._padded)))

    def _across_keys(self, vector: ir.Value, combine: Combine) -> ir.Value:
        """Combine the lanes that belong to the same head; each of them gets the result."""
        turn = self._padded
        while turn < self._emit.lanes:
            order = [(lane + turn) % self._emit.lanes for lane in range(self._emit.lanes)]
            vector = combine(vector, _shuffle(self._emit, vector, vector, order))
            turn *= 2
        return vector


def _sum_each(emit: Emitter, vectors: _Vectors) -> ir.Value:
    """A vector whose lanes are the sums of `vectors`, of which there are as many as lanes.

    Halves of two vectors are added side by side, until one vector holds the sums of all.
    """
    width = emit.lanes
    while len(vectors) > 1:
        width //= 2
        starts = [lane for lane in range(2 * emit.lanes) if lane % (2 * width) < width]
        low, high = starts, [lane + width for lane in starts]
        half = len(vectors) // 2
        vectors = [
            emit.builder.fadd(
                _shuffle(emit, vectors[i], vectors[i + half], low),
                _shuffle(emit, vectors[i], vectors[i + half], high),
            )
            for i in range(half)
        ]
    return _shuffle(emit, vectors[0], vectors[0], _order_of_sums(emit.lanes))


def _order_of_sums(lanes: int) -> list[int]:
    """Where `_sum_each` has left the sum of each vector before its last shuffle."""
    held = [[vector] * lanes for vector in range(lanes)]
    width = lanes
    while len(held) > 1:
        width //= 2
        half = len(held) // 2
        both = [held[i] + held[i + half] for i in range(half)]
        held = [
            [row[lane] for lane in range(2 * lanes) if lane % (2 * width) < width] for row in both
        ]
    return [held[0].index(vector) for vector in range(lanes)]


def _exp2(emit: Emitter, x: ir.Value) -> ir.Value:
    """2 ** `x` lane by lane, for -126 <= x <= 0."""
    builder = emit.builder
    whole = emit.unary("rint", x)
    rest = builder.fsub(x, whole)
    power = emit.constant(F32, [_EXP2[-1]] * emit.lanes)
    for coefficient in _EXP2[-2::-1]:
        power = _fma(emit, power, rest, emit.constant(F32, [coefficient] * emit.lanes))
    exponent = builder.shl(
        builder.fptosi(whole, emit.vector(I32)), emit.constant(I32, [23] * emit.lanes)
    )
    bits = builder.add(builder.bitcast(power, emit.vector(I32)), exponent)
    return builder.bitcast(bits, emit.vector(F32))


def _fma(emit: Emitter, first: ir.Value, second: ir.Value, added: ir.Value) -> ir.Value:
    return emit.intrinsic(f"llvm.fma.v{emit.lanes}f32", added.type, [first, second, added])


def _shuffle(emit: Emitter, first: ir.Value, second: ir.Value, order: list[int]) -> ir.Value:
    return emit.builder.shuffle_vector(first, second, emit.constant(I32, order))
