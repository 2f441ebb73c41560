"""Programs of random instructions, by a seed: each case loads all registers, runs, and stores them again.

A program ends in a loop at `finished`, where the words from `results` to `results_end` say what became of registers and
memory. With `dump` it first writes them into that file by semihosting and leaves QEMU. Templates are assembler
lines in which a word in braces stands for a random operand of that kind; `{c}` is the condition within an IT block.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

WORDS_OF_MEMORY = 64
_MIDDLE = 4 * WORDS_OF_MEMORY // 2
_EDGES = [0, 1, 2, 31, 32, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFF8000]
_FLOATS = [0, 1 << 31, 0x3F800000, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 1, 0x807FFFFF, 0x00800000]
_FLOATS += [0x7F7FFFFF, 0x4F000000, 0xCF000000, 0x5F000000, 0x3EFFFFFF, 0x3F000000, 0x33000001]
_CONDITIONS = ["eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le"]

_ARM_DATA = r"""
{and|orr|eor|bic|orn|add|sub|adc|sbc|rsb}{s|}{c} {r}, {r}, {r}{shift}
{and|orr|eor|bic|orn|add|sub|adc|sbc|rsb}{s|}{c} {r}, {r}, #{constant}
{cmp|cmn|tst|teq}{c} {r}, {r}{shift}
{cmp|cmn|tst|teq|mov|mvn}{c} {r}, #{constant}
{mov|mvn}{s|}{c} {r}, {r}
{movw|movt}{c} {r}, #{u16}
{addw|subw}{c} {r}, {r}, #{u12}
{lsl|lsr|asr|ror}{s|}{c} {r}, {r}, {r}
{lsl|lsr|asr|ror}{s|}{c} {r}, {r}, #{1-31}
rrx{s|}{c} {r}, {r}
{clz|rbit|rev|rev16|revsh}{c} {r}, {r}
{mul|sdiv|udiv|smmul|smmulr|smuad|smuadx|smusd|smulwb|smulwt|smulbb|smultt|usad8}{c} {r}, {r}, {r}
{mla|mls|smmla|smmls|smlad|smladx|smlsd|smlawb|smlabt|smlatb|usada8}{c} {r}, {r}, {r}, {r}
{umull|smull|umlal|smlal|umaal|smlalbb|smlaltt|smlald|smlsld}{c} {pair}, {r}, {r}
{s|q|sh|u|uq|uh}{add16|asx|sax|sub16|add8|sub8}{c} {r}, {r}, {r}
{qadd|qsub|qdadd|qdsub|sel}{c} {r}, {r}, {r}
{ssat|usat}{c} {r}, #{1-31}, {r}, {lsl|asr} #{1-31}
ssat16{c} {r}, #{1-16}, {r}
usat16{c} {r}, #{0-15}, {r}
{sxtb|sxth|uxtb|uxth|sxtb16|uxtb16}{c} {r}, {r}{|, ror #8|, ror #16|, ror #24}
{sxtab|sxtah|uxtab|uxtah|sxtab16|uxtab16}{c} {r}, {r}, {r}{|, ror #8|, ror #16}
pkhbt{c} {r}, {r}, {r}, lsl #{1-31}
pkhtb{c} {r}, {r}, {r}, asr #{1-31}
{sbfx|ubfx}{c} {r}, {r}, #{0-15}, #{1-16}
bfi{c} {r}, {r}, #{0-15}, #{1-16}
bfc{c} {r}, #{0-15}, #{1-16}
"""
_ARM_DSP = re.compile(r"mmul|usad|smml|smla|umaal|uqadd|qsub|sel\||pkh|at16|xtab|\{s\|q")
"""Of these lines, those that a core without the DSP extension lacks; what it has of them is in the next."""
_ARM_WITHOUT_DSP = r"""
{mul|sdiv|udiv}{c} {r}, {r}, {r}
{mla|mls}{c} {r}, {r}, {r}, {r}
{umull|smull|umlal|smlal}{c} {pair}, {r}, {r}
{sxtb|sxth|uxtb|uxth}{c} {r}, {r}{|, ror #8|, ror #16|, ror #24}
"""
_ARM_NARROW = r"""
{ands|orrs|eors|bics|mvns|adcs|sbcs|muls|tst|cmp|cmn|negs|lsls|lsrs|asrs|rors|uxtb|sxth|rev|revsh} {low}, {low}
{adds|subs} {low}, {low}, #{0-7}
{adds|subs|movs|cmp} {low}, #{u8}
{lsls|lsrs|asrs} {low}, {low}, #{1-31}
add {r}, {r}
mrs {r}, apsr
msr apsr_nzcvqg, {r}
{nop|dmb|dsb|isb|clrex|pld [r10, #4]|cpsid i\n cpsie i}
"""
_ARM_MEMORY = r"""
{ldr|ldrb|ldrh|ldrsb|ldrsh|str|strb|strh|ldrt|strt}{c} {r}, [{base}, #{0-100}]
{ldr|ldrb|ldrh|ldrsb|ldrsh|str|strb|strh}{c} {r}, [{base}, #-{1-60}]
{ldr|ldrb|ldrh|ldrsb|ldrsh|str|strb|strh}{c} {r}, [{base}, r9{|, lsl #1}]
{ldr|ldrb|ldrh|ldrsb|ldrsh|str|strb|strh}{c} {r}, [{base}, #{-8|-4|3|4}]!
{ldr|ldrb|ldrh|ldrsb|ldrsh|str|strb|strh}{c} {r}, [{base}], #{-8|-4|-2|4}
{ldrd|strd}{c} {pair}, [{base}, #{words}]
{ldrd|strd}{c} {pair}, [{base}, #{-8|4}]!
{ldrd|strd}{c} {pair}, [{base}], #{-4|8}
{ldm|stm|ldmdb|stmdb}{c} {base}{!|}, {list}
{vldr|vstr}{c} {f}, [{base}, #{words}]
{vldr|vstr}{c} {d}, [{base}, #{words}]
{vldmia|vstmia}{c} {base}{!|}, {floats}
{vldmdb|vstmdb}{c} {base}!, {floats}
"""
_ARM_SEQUENCES = r"""
push {list}\n pop {list}
mov {that}, {base}\n ldrd {pair}, [{that}]
eor {that}, {base}, #0\n {vldr|vstr} {f}, [{that}, #{words}]
and {that}, {r}, #7\n add {that}, {base}, {that}, lsl #{1-3}\n ldm {that}, {list}
ldrex {that}, [{base}, #{0-9*4}]
{ldrexb|ldrexh} {that}, [{base}]
"""
_ARM_FLOAT = r"""
{vadd|vsub|vmul|vnmul|vmla|vmls|vnmla|vnmls|vfma|vfms|vfnma|vfnms|vdiv}{c}.f32 {f}, {f}, {f}
{vadd|vsub|vmul|vmla|vfma}{c}.f32 {f}, {f}, {f}
{vsqrt|vabs|vneg|vmov}{c}.f32 {f}, {f}
{vcmp|vcmpe}{c}.f32 {f}, {f}
{vcmp|vcmpe}{c}.f32 {f}, #0.0
vmrs{c} APSR_nzcv, fpscr
vmrs{c} {r}, fpscr
{vcvt|vcvtr}{c}.{s32|u32}.f32 {f}, {f}
vcvt{c}.f32.{s32|u32} {f}, {f}
{vcvtb|vcvtt}{c}.{f16.f32|f32.f16} {f}, {f}
vcvt{c}.f32.{s16|u16|s32|u32} {same}, #{1-16}
vcvt{c}.{s16|u16|s32|u32}.f32 {same}, #{1-16}
vmov{c} {r}, {f}
vmov{c} {f}, {r}
vmov{c} {d}, {pair}
vmov{c} {pair}, {d}
vmov{c}.f32 {f}, #{1.0|-2.5|0.125|31.0}
"""
_ARM_FPV5 = r"""
{vmaxnm|vminnm|vseleq|vselge|vselgt|vselvs}.f32 {f}, {f}, {f}
{vrinta|vrintn|vrintp|vrintm}.f32 {f}, {f}
{vrintz|vrintr|vrintx}{c}.f32 {f}, {f}
{vcvta|vcvtn|vcvtp|vcvtm}.{s32|u32}.f32 {f}, {f}
"""
_RISCV = r"""
{add|sub|sll|slt|sltu|xor|srl|sra|or|and} {x}, {x}, {x}
{mul|mulh|mulhsu|mulhu|div|divu|rem|remu} {x}, {x}, {x}
{addi|slti|sltiu|xori|ori|andi} {x}, {x}, {s12}
{slli|srli|srai} {x}, {x}, {0-31}
lui {x}, {u20}
{lb|lh|lw|lbu|lhu|sb|sh|sw} {x}, {offset}({xbase})
{lw|sw} {x}, {0-15*4}({xbase})
addi {x}, {x}, {-32-31}
mv {x}, {x}
li {x}, {s12}
csrrw {x}, mscratch, {x}
csrrs {x}, mscratch, {x}
csrrci {x}, mscratch, {0-31}
"""
_RISCV_ATOMIC = r"""
addi ra, {xbase}, {0-7*4}\n {amoswap|amoadd|amoxor|amoand|amoor}.w{|.aq|.rl|.aqrl} {x}, {x}, (ra)
{amomin|amomax|amominu|amomaxu}.w{|.aq|.rl|.aqrl} {x}, {x}, ({xbase})
lr.w{|.aq} {x}, ({xbase})\n addi {x}, {x}, 1\n sc.w{|.rl} {x}, {x}, ({xbase})
"""


def _lines(text: str) -> list[str]:
    return [line.replace("\\n", "\n") for line in text.strip().splitlines()]


@dataclass
class _Generator:
    """Fills templates in."""

    random: Random
    registers: list[str]
    condition: str = ""
    kept: dict[str, str] = field(default_factory=dict)

    def fill(self, template: str, condition: str = "") -> str:
        """The template with its operands; `that` and `list` are the same all through it."""
        self.condition, self.kept = condition, {}
        return re.sub(r"\{([^{}]*)\}", lambda found: self.operand(found[1]), template)

    def operand(self, kind: str) -> str:
        """A random operand of that kind."""
        choose, among = self.random.choice, self.random.randrange
        if kind == "c":
            return self.condition
        if kind in ("that", "list"):
            if kind not in self.kept:
                self.kept[kind] = self.fresh(kind)
            return self.kept[kind]
        if "|" in kind:
            return choose(kind.split("|"))
        if bounds := re.fullmatch(r"(-?\d+)-(\d+)(\*4)?", kind):
            return str(among(int(bounds[1]), int(bounds[2]) + 1) * (4 if bounds[3] else 1))
        return self.fresh(kind)

    def fresh(self, kind: str) -> str:
        """An operand that depends on no other."""
        if kind[0] == "u" and kind[1:].isdigit():
            return str(self.random.getrandbits(int(kind[1:])))
        return _OPERANDS[kind](self)

    def word(self) -> int:
        """A register's content."""
        return self.random.choice(_EDGES) if self.random.random() < 0.35 else self.random.getrandbits(32)

    def float(self) -> int:
        """The bits of a number with single precision."""
        kind = self.random.random()
        if kind < 0.35:
            return self.random.choice(_FLOATS)
        if kind < 0.85:
            value = self.random.uniform(-1000, 1000) * 2.0 ** self.random.randint(-12, 12)
            return int(struct.unpack("<I", struct.pack("<f", value))[0])
        return self.random.getrandbits(32)


def _expanded(kind: int, byte: int, rotation: int) -> int:
    """A constant as Thumb-2 can have it: Arm DDI 0403E, A5.3.2."""
    if kind < 4:
        return (byte, byte << 16 | byte, byte << 24 | byte << 8, byte * 0x01010101)[kind]
    value = byte | 0x80
    return (value >> rotation | value << (32 - rotation)) & 0xFFFFFFFF


def _list(generator: _Generator) -> str:
    numbers = sorted(generator.random.sample(range(9), generator.random.randrange(2, 6)))
    return "{" + ", ".join(f"r{number}" for number in numbers) + "}"


def _floats(generator: _Generator) -> str:
    first = generator.random.randrange(29)
    return f"{{s{first}-s{first + generator.random.randrange(1, 4)}}}"


def _same(generator: _Generator) -> str:
    number = generator.random.randrange(32)
    return f"s{number}, s{number}"


def _shift(generator: _Generator) -> str:
    by = f", {generator.random.choice(['lsl', 'lsr', 'asr', 'ror'])} #{generator.random.randrange(1, 32)}"
    return generator.random.choice(["", "", by, ", rrx"])


def _constant(generator: _Generator) -> str:
    among = generator.random.randrange
    return str(_expanded(among(5), among(256), among(8, 32)))


_OPERANDS: dict[str, Callable[[_Generator], str]] = {
    "r": lambda generator: generator.random.choice(generator.registers),
    "x": lambda generator: generator.random.choice(generator.registers),
    "that": lambda generator: generator.random.choice(generator.registers),
    "pair": lambda generator: ", ".join(generator.random.sample(generator.registers, 2)),
    "low": lambda generator: f"r{generator.random.randrange(8)}",
    "list": _list,
    "base": lambda generator: generator.random.choice(["r10", "r11"]),
    "words": lambda generator: str(4 * generator.random.randrange(-6, 10)),
    "f": lambda generator: f"s{generator.random.randrange(32)}",
    "d": lambda generator: f"d{generator.random.randrange(16)}",
    "same": _same,
    "floats": _floats,
    "shift": _shift,
    "constant": _constant,
    "s12": lambda generator: str(generator.random.randrange(-2048, 2048)),
    "xbase": lambda generator: generator.random.choice(["s10", "s11"]),
    "offset": lambda generator: str(generator.random.randrange(-60, 60)),
}
"""What a word in braces stands for, besides u and a number of bits, choices and ranges."""


def _words(words: list[object]) -> str:
    return f" .word {', '.join(map(str, words))}"


def _name(dump: str | None) -> list[str]:
    return [f'name: .asciz "{dump}"'] if dump else []


def _leave(text: str, dump: str | None) -> str:
    return text.replace("LENGTH", str(len(dump))) if dump else ""


def arm(seed: int, instructions: int, core: str, *, dump: str | None = None) -> str:
    """A program for a Cortex-M3, a Cortex-M4F, or a Cortex-M7 with single precision."""
    registers = [*(f"r{number}" for number in range(9)), "r12", "lr"]
    generator = _Generator(Random(seed), registers)  # noqa: S311 - it must come again by its seed
    random = generator.random
    data, memory, floats = _lines(_ARM_DATA), _lines(_ARM_MEMORY), _lines(_ARM_FLOAT)
    sequences = _lines(_ARM_SEQUENCES)
    if core == "cortex-m3":
        data = [line for line in data if not _ARM_DSP.search(line)] + _lines(_ARM_WITHOUT_DSP)
        memory, sequences = ([line for line in lines if "v" not in line] for lines in (memory, sequences))
    kinds = [data] * 9 + [memory] * 5 + [_lines(_ARM_NARROW)] * 4 + [sequences]
    kinds += [floats] * 5 * (core != "cortex-m3") + [_lines(_ARM_FPV5)] * (core == "cortex-m7")

    def one(condition: str = "") -> str:
        while True:
            template = random.choice(random.choice(kinds))
            if not condition or "{c}" in template:
                return generator.fill(template, condition)

    def it_block() -> list[str]:
        condition = random.choice(_CONDITIONS)
        opposite = _CONDITIONS[_CONDITIONS.index(condition) ^ 1]
        pattern = "".join(random.choice("te") for _ in range(random.randrange(4)))
        arms = [condition if letter == "t" else opposite for letter in "t" + pattern]
        return [f"it{pattern} {condition}", *(one(arm) for arm in arms)]

    def branch() -> list[str]:
        by_zero = f"{random.choice(['cbz', 'cbnz'])} {generator.fresh('low')},"
        skip = random.choice([f"b{random.choice(_CONDITIONS)}", by_zero])
        return [f"{skip} 9f", *(one() for _ in range(random.randrange(1, 4))), "9:"]

    text, constants, results, per_case = [], [], [], 24
    for number in range(max(1, instructions // per_case)):
        body: list[str] = []
        while len(body) < per_case:
            chance = random.random()
            body += it_block() if chance < 0.08 else branch() if chance < 0.14 else [one()]
        slip = random.choice([0] * 6 + [1, 2, 3])
        state: list[object] = [generator.float() for _ in range(32)]
        modes = random.getrandbits(4) << 22 & 0x07C00000 if random.random() < 0.5 else 0
        state += [random.getrandbits(4) << 28 | modes, random.getrandbits(5) << 27 | random.getrandbits(4) << 16]
        registers: list[object] = [generator.word() for _ in range(13)]
        registers[9] = random.randrange(40)
        registers[10] = f"memory_{number} + {_MIDDLE + slip}"
        registers[11] = f"memory_{number} + {_MIDDLE + 4 * random.randrange(3)}"
        constants += [f"state_{number}:", _words([*state, generator.word(), *registers])]
        constants += [f"fresh_{number}:", _words([generator.word() for _ in range(WORDS_OF_MEMORY)])]
        results += [f"memory_{number}: .space {4 * WORDS_OF_MEMORY}", f"registers_{number}: .space {4 * 50}"]
        results += [f"faults_{number}: .space 8"]
        text.append(_ARM_CASE.format(n=number, body="\n ".join(body), words=WORDS_OF_MEMORY))
    cpu, fpu = ("cortex-m7", "fpv5-sp-d16") if core == "cortex-m7" else ("cortex-m4", "fpv4-sp-d16")
    program = _ARM_PROGRAM.format(
        cpu=cpu,
        fpu=fpu,
        cases="\n".join(text),
        leave=_leave(_ARM_LEAVE, dump),
        constants="\n".join([*constants, *_name(dump)]),
        results="\n".join(results),
    )
    return _without_floats(program) if core == "cortex-m3" else program


def _without_floats(program: str) -> str:
    """As it is for a core without an FPU, with the same room for registers."""
    for floats, instead in (
        ("vldmia r0!, {s0-s31}", "adds r0, #128"),
        ("vstmia r0!, {s0-s31}", "adds r0, #128"),
        ("vmsr fpscr, r1", "nop"),
        ("vmrs r2, fpscr", "movs r2, #0"),
    ):
        program = program.replace(floats, instead)
    return program


_ARM_CASE = """
 ldr r0, =current
 ldr r1, =faults_{n}
 ldr r2, =end_{n}
 stm r0, {{r1, r2}}
 ldr r0, =fresh_{n}
 ldr r1, =memory_{n}
 movs r2, #{words}
1: ldr r3, [r0], #4
 str r3, [r1], #4
 subs r2, r2, #1
 bne 1b
 ldr r0, =state_{n}
 vldmia r0!, {{s0-s31}}
 ldr r1, [r0], #4
 vmsr fpscr, r1
 ldr r2, [r0], #4
 ldr lr, [r0], #4
 msr apsr_nzcvqg, r2
 ldm r0, {{r0-r12}}
 {body}
 .thumb_func
end_{n}:
 push {{r0}}
 ldr r0, =registers_{n}
 stm r0!, {{r1-r12}}
 str lr, [r0], #4
 pop {{r1}}
 str r1, [r0], #4
 mrs r1, apsr
 vmrs r2, fpscr
 stm r0!, {{r1, r2}}
 vstmia r0!, {{s0-s31}}
 ldr r0, =stack_top
 mov sp, r0
 b 1f
 .ltorg
1:"""

_ARM_LEAVE = """ ldr r4, =arguments
 ldr r0, =name
 movs r1, #5
 movs r2, #LENGTH
 stm r4, {r0-r2}
 movs r0, #1
 mov r1, r4
 bkpt 0xAB
 ldr r1, =results
 ldr r2, =results_end
 subs r2, r2, r1
 stm r4, {r0-r2}
 movs r0, #5
 mov r1, r4
 bkpt 0xAB
 movs r0, #0x18
 ldr r1, =0x20026
 bkpt 0xAB
"""
_ARM_PROGRAM = """
 .syntax unified
 .cpu {cpu}
 .fpu {fpu}
 .thumb
 .section .vectors, "a"
 .word stack_top, Reset_Handler + 1
 .rept 14
 .word fault + 1
 .endr
 .text
 .global Reset_Handler, finished, results, results_end
 .thumb_func
Reset_Handler:
 ldr r0, =0xE000ED88
 ldr r1, [r0]
 orr r1, #0xF00000
 str r1, [r0]
 dsb
 isb
{cases}
{leave} .thumb_func
finished: b finished
 .ltorg
 .thumb_func
fault:
 ldr r0, =0xE000ED28
 ldr r1, [r0]
 str r1, [r0]
 ldr r3, =current
 ldm r3, {{r2, r3}}
 ldr r12, [sp, #24]
 strd r1, r12, [r2]
 str r3, [sp, #24]
 ldr r1, [sp, #28]
 ldr r2, =0x0600FC00
 bic r1, r2
 str r1, [sp, #28]
 bx lr
 .ltorg
 .section .rodata
 .align 2
{constants}
 .bss
 .align 3
current: .space 8
arguments: .space 16
stack: .space 1024
stack_top:
results:
{results}
results_end:
"""


def riscv(seed: int, instructions: int, *, atomics: bool = False, dump: str | None = None) -> str:
    """A program for RV32IMC, or RV32IMAC, in machine mode."""
    names = ["t0", "t1", "t2", "s0", "s1", *(f"a{n}" for n in range(8)), *(f"s{n}" for n in range(2, 10))]
    names += ["t3", "t4", "t5", "t6"]
    generator = _Generator(Random(seed), names)  # noqa: S311 - as above
    random = generator.random
    templates = _lines(_RISCV) + _lines(_RISCV_ATOMIC) * atomics

    def branch() -> list[str]:
        condition = random.choice(["beq", "bne", "blt", "bge", "bltu", "bgeu"])
        skip = f"{condition} {generator.fresh('x')}, {generator.fresh('x')}, 9f"
        return [skip, *(generator.fill(random.choice(templates)) for _ in range(random.randrange(1, 4))), "9:"]

    text, constants, results, per_case = [], [], [], 24
    for number in range(max(1, instructions // per_case)):
        body: list[str] = []
        while len(body) < per_case:
            body += branch() if random.random() < 0.1 else [generator.fill(random.choice(templates))]
        loads = "\n".join(f" lw {name}, {4 * index}(s10)" for index, name in enumerate(names))
        stores = "\n".join(f" sw {name}, {4 * index}(s11)" for index, name in enumerate(names))
        constants += [f"state_{number}:", _words([generator.word() for _ in names])]
        constants += [f"fresh_{number}:", _words([generator.word() for _ in range(WORDS_OF_MEMORY)])]
        results += [f"memory_{number}: .space {4 * WORDS_OF_MEMORY}", f"registers_{number}: .space {4 * len(names)}"]
        text.append(
            _RISCV_CASE.format(
                n=number, body="\n ".join(body), words=WORDS_OF_MEMORY, middle=_MIDDLE, loads=loads, stores=stores
            )
        )
    return _RISCV_PROGRAM.format(
        extension=" .option arch, +a" if atomics else "",
        cases="\n".join(text),
        leave=_leave(_RISCV_LEAVE, dump),
        constants="\n".join([*constants, *_name(dump)]),
        results="\n".join(results),
    )


_RISCV_CASE = """
 la t0, fresh_{n}
 la t1, memory_{n}
 li t2, {words}
1: lw t3, 0(t0)
 sw t3, 0(t1)
 addi t0, t0, 4
 addi t1, t1, 4
 addi t2, t2, -1
 bnez t2, 1b
 la s10, state_{n}
{loads}
 la s10, memory_{n} + {middle}
 la s11, memory_{n} + {middle}
 {body}
 la s11, registers_{n}
{stores}"""

_RISCV_LEAVE = """ la s0, arguments
 la a0, name
 sw a0, 0(s0)
 li a0, 5
 sw a0, 4(s0)
 li a0, LENGTH
 sw a0, 8(s0)
 li a0, 1
 call semihosting
 sw a0, 0(s0)
 la a0, results
 sw a0, 4(s0)
 la a1, results_end
 sub a1, a1, a0
 sw a1, 8(s0)
 li a0, 5
 call semihosting
 li a0, 0x20026
 sw a0, 0(s0)
 sw zero, 4(s0)
 li a0, 0x18
 call semihosting
"""
_RISCV_PROGRAM = """
{extension}
 .section .init, "ax"
 .global _start, finished, results, results_end
_start:
 la t0, fault
 csrw mtvec, t0
 csrw mscratch, zero
 j cases
 .align 2
fault: j fault
 .text
cases:
{cases}
{leave}finished: j finished
 .align 4
semihosting:
 mv a1, s0
 .align 4
 .option push
 .option norvc
 slli x0, x0, 0x1f
 ebreak
 srai x0, x0, 7
 .option pop
 ret
 .section .rodata
 .align 2
{constants}
 .bss
 .align 3
arguments: .space 16
results:
{results}
results_end:
"""
