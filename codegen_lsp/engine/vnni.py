"""Machine code for the int8 product of `vnni_linear`, generated at load for the CPU at hand.

The code is written as LLVM IR through `llvmlite`, so the user's machine needs no compiler. Its one
entry point, `worker(task)`, runs on each of the OpenMP threads that torch itself uses: a thread
quantises its share of the rows, meets the others, and multiplies all rows by its share of the
weights. (A second thread pool spinning beside torch's would halve the speed of both.)

Weights lie in *panels* of two vectors of output channels, with four consecutive bytes of a channel
side by side: what one lane of `vpdpbusd` sums up. A thread thus reads its share of memory as one
stream, and nothing is ever summed across lanes. A *tile* is the product of a panel with a few
rows, whose sums stay in registers. Integer sums are exact and what follows them is the same for
every tile height: a row's result is bit for bit the same alone and among others.
"""

from collections.abc import Callable

from llvmlite import ir

from codegen_lsp.engine.vector_ir import F32, I8, I32, I64, POINTER, VOID, Emitter, i32, i64

PANEL_VECTORS = 2
GROUP = 4  # neighbouring products that one lane of `vpdpbusd` adds up
SCALE_BYTES = 64  # behind each row of codes: its scale, and rows start in different cache sets
SMALLEST_MAGNITUDE = 1e-12  # keeps a row of zeros from being divided by zero
OPENMP_FUNCTIONS = ("GOMP_barrier", "omp_get_thread_num", "omp_get_num_threads")
TASK_FIELDS = (
    *("weights", "offsets", "scales", "bias", "norm"),  # addresses; a norm of 0 means none
    *("in_features", "out_features"),
    *("x", "codes", "y"),  # addresses, of this call
    "rows",
)
_TILE_ROWS = {16: 8, 8: 5}  # by lanes: as many as leave registers for the panel and a row
_INT8_MAX = ir.Constant(F32, 127.0)
_Values = dict[str, ir.Value]


def build(lanes: int) -> ir.Module:
    """The module for vectors of `lanes` 32-bit values."""
    module = ir.Module("vnni")
    quantisers = [_build_quantiser(module, lanes, normed=normed) for normed in (False, True)]
    tiles = [_build_tile(module, lanes, rows) for rows in range(1, _TILE_ROWS[lanes] + 1)]
    _build_worker(module, lanes, quantisers, tiles)
    return module


def _build_quantiser(module: ir.Module, lanes: int, *, normed: bool) -> ir.Function:
    """`f(x, norm, codes, in_features)`: one row to codes 1-255, and its scale behind them."""
    name = "quantise_normed" if normed else "quantise"
    function, emit = Emitter.begin(module, name, [POINTER, POINTER, POINTER, I64], lanes)
    x, norm, codes, width = function.args
    builder, floats, whole = emit.builder, emit.vector(F32), (i64(0), width)

    def scaled(value: ir.Value, i: ir.Value) -> ir.Value:
        if not normed:
            return value
        return builder.fmul(value, emit.load(emit.at(norm, builder.shl(i, i64(2))), floats))

    def value_at(i: ir.Value) -> ir.Value:
        return emit.load(emit.at(x, builder.shl(i, i64(2))), floats)

    def measure(i: ir.Value, carried: list[ir.Value]) -> list[ir.Value]:
        value = value_at(i)
        largest = emit.maximum(emit.unary("fabs", scaled(value, i)), carried[0])
        return [largest, builder.fadd(carried[1], builder.fmul(value, value))]

    zeros = ir.Constant(floats, None)
    largest, squares = emit.loop(whole, lanes, measure, [zeros, zeros])
    smallest = ir.Constant(F32, SMALLEST_MAGNITUDE)
    magnitude = emit.maximum(emit.reduce(largest, emit.maximum), smallest)
    factor = emit.splat(builder.fdiv(_INT8_MAX, magnitude))

    def encode(i: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
        rounded = emit.unary("rint", builder.fmul(scaled(value_at(i), i), factor))
        signed = builder.fptosi(rounded, emit.vector(I32))
        code = builder.add(signed, emit.constant(I32, [128] * lanes))
        emit.store(builder.trunc(code, ir.VectorType(I8, lanes)), emit.at(codes, i))
        return []

    emit.loop(whole, lanes, encode)
    scale = builder.fdiv(magnitude, _INT8_MAX)
    if normed:
        mean = builder.fdiv(emit.reduce(squares, builder.fadd), builder.sitofp(width, F32))
        epsilon = emit.load(emit.at(norm, builder.shl(width, i64(2))), F32)  # behind the weights
        scale = builder.fdiv(scale, emit.unary("sqrt", builder.fadd(mean, epsilon)))
    emit.store(scale, emit.at(codes, width))
    builder.ret_void()
    return function


def _build_tile(module: ir.Module, lanes: int, rows: int) -> ir.Function:
    """`f(weights, codes, code_stride, y, y_stride, offsets, scales, bias, width, valid)`.

    `valid` channels of the panel exist: the others are not written.
    """
    kinds = [POINTER, POINTER, I64, POINTER, I64, POINTER, POINTER, POINTER, I64, I64]
    function, emit = Emitter.begin(module, f"tile_{rows}", kinds, lanes)
    weights, codes, code_stride, y, y_stride, offsets, scales, bias, width, valid = function.args
    builder = emit.builder
    code_rows = [emit.at(codes, builder.mul(code_stride, i64(row))) for row in range(rows)]

    def panel_of(pointer: ir.Value, element: ir.Type) -> list[ir.Value]:
        parts = [emit.at(pointer, i64(4 * lanes * part)) for part in range(PANEL_VECTORS)]
        return [emit.load(part, emit.vector(element)) for part in parts]

    def step(i: ir.Value, sums: list[ir.Value]) -> list[ir.Value]:
        here = emit.at(weights, builder.mul(i, i64(PANEL_VECTORS * lanes)))
        if rows == _TILE_ROWS[lanes]:
            _prefetch(emit, emit.at(here, builder.mul(width, i64(PANEL_VECTORS * lanes))))
        panel = panel_of(here, I8)
        codes_here = [emit.splat(emit.load(emit.at(row, i), I32)) for row in code_rows]
        factors = [(code, part) for code in codes_here for part in panel]
        return [_dot(emit, total, *pair) for total, pair in zip(sums, factors, strict=True)]

    sums = emit.loop((i64(0), width), GROUP, step, panel_of(offsets, I32) * rows)
    channels = list(zip(panel_of(scales, F32), panel_of(bias, F32), strict=True))
    count = emit.splat(builder.trunc(valid, I32))
    for row, code_row in enumerate(code_rows):
        row_scale = emit.splat(emit.load(emit.at(code_row, width), F32))
        target = emit.at(y, builder.mul(y_stride, i64(row)))
        for part, (scale, added) in enumerate(channels):
            total = builder.sitofp(sums[row * PANEL_VECTORS + part], emit.vector(F32))
            product = builder.fmul(total, builder.fmul(scale, row_scale))
            numbers = emit.constant(I32, range(part * lanes, (part + 1) * lanes))
            exists = builder.icmp_signed("<", numbers, count)
            where = emit.at(target, i64(4 * lanes * part))
            arguments = [builder.fadd(product, added), where, i32(4), exists]
            emit.intrinsic(f"llvm.masked.store.v{lanes}f32.p0", VOID, arguments)
    builder.ret_void()
    return function


def _dot(emit: Emitter, total: ir.Value, codes: ir.Value, weights: ir.Value) -> ir.Value:
    name = f"llvm.x86.avx512.vpdpbusd.{32 * emit.lanes}"
    return emit.intrinsic(
        name, total.type, [total, emit.builder.bitcast(codes, emit.vector(I8)), weights]
    )


def _prefetch(emit: Emitter, pointer: ir.Value) -> None:
    """Ask for the same place in the next panel.

    A full tile computes for about as long as its panel takes to arrive; for lower ones, which wait
    for memory anyway, asking costs a fifth of the speed.
    """
    for part in range(PANEL_VECTORS):
        where = emit.at(pointer, i64(4 * emit.lanes * part))
        emit.intrinsic("llvm.prefetch.p0", VOID, [where, i32(0), i32(2), i32(1)])  # read, to L2


def _build_worker(
    module: ir.Module, lanes: int, quantisers: list[ir.Function], tiles: list[ir.Function]
) -> None:
    """`worker(task)`: what each thread does; `task` has the 64-bit fields `TASK_FIELDS`."""
    function, emit = Emitter.begin(module, "worker", [POINTER], lanes)
    task = {}
    for index, name in enumerate(TASK_FIELDS):
        typ = I64 if name in ("in_features", "out_features", "rows") else POINTER
        task[name] = emit.load(emit.at(function.args[0], i64(8 * index)), typ)
    share = share_of_thread(emit)
    task["code_stride"] = emit.builder.add(task["in_features"], i64(SCALE_BYTES))
    _quantise_rows(emit, task, share(task["rows"]), quantisers)
    emit.intrinsic("GOMP_barrier", VOID, [])
    channels = i64(PANEL_VECTORS * lanes)
    last = emit.builder.sub(emit.builder.add(task["out_features"], channels), i64(1))
    _multiply_panels(emit, task, share(emit.builder.sdiv(last, channels)), tiles)
    emit.builder.ret_void()


def share_of_thread(emit: Emitter) -> Callable[[ir.Value], tuple[ir.Value, ir.Value]]:
    """Bounds of what the thread at hand does of a number of things."""
    builder = emit.builder
    thread = builder.sext(emit.intrinsic("omp_get_thread_num", I32, []), I64)
    threads = builder.sext(emit.intrinsic("omp_get_num_threads", I32, []), I64)

    def share(total: ir.Value) -> tuple[ir.Value, ir.Value]:
        ends = [builder.mul(total, thread), builder.mul(total, builder.add(thread, i64(1)))]
        return builder.sdiv(ends[0], threads), builder.sdiv(ends[1], threads)

    return share


def _quantise_rows(
    emit: Emitter, task: _Values, rows: tuple[ir.Value, ir.Value], quantisers: list[ir.Function]
) -> None:
    builder, width = emit.builder, task["in_features"]
    plain = builder.icmp_unsigned("==", task["norm"], ir.Constant(POINTER, None))
    quantise = builder.select(plain, *quantisers)

    def body(row: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
        source = emit.at(task["x"], builder.mul(row, builder.shl(width, i64(2))))
        target = emit.at(task["codes"], builder.mul(row, task["code_stride"]))
        builder.call(quantise, [source, task["norm"], target, width])
        return []

    emit.loop(rows, 1, body)


def _multiply_panels(
    emit: Emitter, task: _Values, panels: tuple[ir.Value, ir.Value], tiles: list[ir.Function]
) -> None:
    builder, rows, width = emit.builder, task["rows"], task["in_features"]
    tile, height = tiles[-1], i64(len(tiles))
    for fewer, candidate in enumerate(tiles[:-1], start=1):
        fits = builder.icmp_signed("==", rows, i64(fewer))
        tile, height = (
            builder.select(fits, candidate, tile),
            builder.select(fits, i64(fewer), height),
        )
    last = builder.sub(rows, height)
    num_tiles = builder.sdiv(builder.sub(builder.add(rows, height), i64(1)), height)
    y_stride = builder.shl(task["out_features"], i64(2))

    def multiply_panel(panel: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
        channel = builder.mul(panel, i64(PANEL_VECTORS * emit.lanes))
        offset = builder.shl(channel, i64(2))
        weights = emit.at(task["weights"], builder.mul(channel, width))
        constants = [emit.at(task[name], offset) for name in ("offsets", "scales", "bias")]
        valid = builder.sub(task["out_features"], channel)

        def multiply_tile(number: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            # The last tile overlaps the one before it rather than being of another height.
            row = builder.mul(number, height)
            row = builder.select(builder.icmp_signed("<", row, last), row, last)
            codes = emit.at(task["codes"], builder.mul(row, task["code_stride"]))
            y = emit.at(emit.at(task["y"], builder.mul(row, y_stride)), offset)
            strides = task["code_stride"], y_stride
            arguments = [weights, codes, strides[0], y, strides[1], *constants, width, valid]
            builder.call(tile, arguments)
            return []

        emit.loop((i64(0), num_tiles), 1, multiply_tile)
        return []

    emit.loop(panels, 1, multiply_panel)
