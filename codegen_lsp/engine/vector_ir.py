"""A few words over `llvmlite.ir` to write loops over vectors in: what `vnni` is spelt with.

Pointers are opaque and offsets are bytes throughout; loads and stores ask for no alignment.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from llvmlite import binding as llvm
from llvmlite import ir

I8, I32, I64, F32 = ir.IntType(8), ir.IntType(32), ir.IntType(64), ir.FloatType()
POINTER, VOID = ir.PointerType(), ir.VoidType()

Combine = Callable[[ir.Value, ir.Value], ir.Value]
LoopBody = Callable[[ir.Value, list[ir.Value]], Sequence[ir.Value]]


def i32(value: int) -> ir.Constant:
    """A 32-bit constant."""
    return ir.Constant(I32, value)


def i64(value: int) -> ir.Constant:
    """A 64-bit constant."""
    return ir.Constant(I64, value)


@dataclass(frozen=True, slots=True)
class Emitter:
    """Appends instructions on vectors of `lanes` 32-bit values to one function."""

    builder: ir.IRBuilder
    lanes: int

    @staticmethod
    def begin(
        module: ir.Module, name: str, arguments: Sequence[ir.Type], lanes: int
    ) -> "tuple[ir.Function, Emitter]":
        """A new function of `module` that returns nothing, and what writes its body."""
        function = ir.Function(module, ir.FunctionType(VOID, arguments), name)
        return function, Emitter(ir.IRBuilder(function.append_basic_block()), lanes)

    def vector(self, element: ir.Type) -> ir.VectorType:
        """A vector as wide as the registers."""
        return ir.VectorType(element, self.lanes * (4 if element == I8 else 1))

    def constant(self, element: ir.Type, values: Sequence[float]) -> ir.Constant:
        """A constant vector."""
        return ir.Constant(ir.VectorType(element, len(values)), list(values))

    def at(self, pointer: ir.Value, offset: ir.Value) -> ir.Value:
        """`pointer` moved by `offset` bytes."""
        return self.builder.gep(pointer, [offset], source_etype=I8)

    def load(self, pointer: ir.Value, typ: ir.Type) -> ir.Value:
        """What lies at `pointer`."""
        return self.builder.load(pointer, align=1, typ=typ)

    def store(self, value: ir.Value, pointer: ir.Value) -> None:
        """Write `value` to `pointer`."""
        self.builder.store(value, pointer, align=1)

    def intrinsic(self, name: str, result: ir.Type, arguments: Sequence[ir.Value]) -> ir.Value:
        """Call an instruction or library function that LLVM knows by `name`."""
        declared = self.builder.module.globals.get(name)
        if declared is None:
            signature = ir.FunctionType(result, [argument.type for argument in arguments])
            declared = ir.Function(self.builder.module, signature, name)
        return self.builder.call(declared, arguments)

    def unary(self, name: str, value: ir.Value) -> ir.Value:
        """`fabs`, `rint` or `sqrt` of a float or a vector of them."""
        suffix = "f32" if value.type == F32 else f"v{self.lanes}f32"
        return self.intrinsic(f"llvm.{name}.{suffix}", value.type, [value])

    def maximum(self, first: ir.Value, second: ir.Value) -> ir.Value:
        """The larger, lane by lane."""
        larger = self.builder.fcmp_ordered(">", first, second)
        return self.builder.select(larger, first, second)

    def splat(self, value: ir.Value) -> ir.Value:
        """A vector with `value` in every lane."""
        undefined = ir.Constant(self.vector(value.type), ir.Undefined)
        single = self.builder.insert_element(undefined, value, i32(0))
        return self.builder.shuffle_vector(single, undefined, self.constant(I32, [0] * self.lanes))

    def reduce(self, vector: ir.Value, combine: Combine) -> ir.Value:
        """All lanes combined, always in the same order."""
        half = self.lanes // 2
        while half:
            order = [(lane + half) % self.lanes for lane in range(self.lanes)]
            turned = self.builder.shuffle_vector(vector, vector, self.constant(I32, order))
            vector = combine(vector, turned)
            half //= 2
        return self.builder.extract_element(vector, i32(0))

    def loop(
        self,
        bounds: tuple[ir.Value, ir.Value],
        step: int,
        body: LoopBody,
        carried: Sequence[ir.Value] = (),
    ) -> list[ir.Value]:
        """`for i in range(*bounds, step): carried = body(i, carried)`; the last `carried`."""
        builder, before = self.builder, self.builder.block
        head, inside, after = (builder.append_basic_block() for _ in range(3))
        builder.branch(head)
        builder.position_at_end(head)
        index = builder.phi(I64)
        values = [builder.phi(value.type) for value in carried]
        builder.cbranch(builder.icmp_signed("<", index, bounds[1]), inside, after)
        builder.position_at_end(inside)
        results = [*body(index, values), builder.add(index, i64(step))]
        starts = [*carried, bounds[0]]
        for phi, start, result in zip([*values, index], starts, results, strict=True):
            phi.add_incoming(start, before)
            phi.add_incoming(result, builder.block)
        builder.branch(head)
        builder.position_at_end(after)
        return values


@dataclass(frozen=True, slots=True)
class Compiled:
    """The address of a function in machine code; `owner` keeps that code in memory."""

    address: int
    owner: object


def compile_function(module: ir.Module, name: str, symbols: Mapping[str, int]) -> Compiled:
    """Compile `module` for this very CPU; `symbols` are the functions it calls, by address."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    for symbol, address in symbols.items():
        llvm.add_symbol(symbol, address)
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten()
    )
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(str(module)), machine)
    engine.finalize_object()
    return Compiled(engine.get_function_address(name), engine)
