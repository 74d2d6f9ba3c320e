"""The loop that measures the peak of a processor does fused multiply-adds on registers, and next to
nothing else: read from the compiled kernels.

    peak_loop.py OBJDUMP libkernels_ISA.a...

In the function peak() of each library the loop with the most fused multiply-adds must have one for
each accumulator of a tile, all of them different, no access to memory, and at most a few more
instructions: a counter, a comparison, a jump. Where fmaf() is called, as in plain C on processors
without the instruction, there is nothing to look for. A loop from memory once gave 153 % of a peak."""

import re
import subprocess
import sys

# Registers of sums: the rows of a tile, its panels, registers of 16 lanes.
SUMS = {"avx512": 14 * 2, "avx2": 6 * 2, "neon": 5 * 4, "portable": 1}
OTHERS = 4
SKIPPED = 77

INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\s+(\S+)\s*(.*)$")
MULTIPLY_ADD = re.compile(r"^(vfmadd\d*[ps]s|fmla|fmadd)$")
JUMP = re.compile(r"^(j[a-z]+|b|b\.[a-z]+|cbn?z|tbn?z)$")
CALL = re.compile(r"^(call|bl)q?$")


def disassemble(objdump, library):
    """Pairs of address and text of the instructions of peak()."""
    done = subprocess.run([objdump, "-d", "--no-show-raw-insn", library], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    inside, code = False, []
    for line in done.stdout.splitlines():
        if re.match(r"^[0-9a-f]+ <", line):
            inside = re.match(r"^[0-9a-f]+ <peak[.\w]*>:", line) is not None
        found = inside and INSTRUCTION.match(line)
        if found:
            code.append((int(found.group(1), 16), found.group(2), found.group(3).split("#")[0]))
    return code


def loops(code):
    """The instructions from the target of each jump backwards to the jump."""
    for address, name, operands in code:
        target = JUMP.match(name) and re.search(r"\b([0-9a-f]+) <peak", operands)
        if target and int(target.group(1), 16) <= address:
            yield [one for one in code if int(target.group(1), 16) <= one[0] <= address]


def sums(loop):
    """The registers that the multiply-adds of a loop write: the last operand of AT&T's syntax, the
    first of ARM's."""
    for _, name, operands in loop:
        if MULTIPLY_ADD.match(name):
            yield operands.split(",")[-1 if name.startswith("v") else 0].strip()


def touches_memory(name, operands):
    if name.startswith(("nop", "lea", "xchg")):
        return False
    return "(" in operands or name.startswith(("ld", "st"))


def find_faults(isa, code):
    """Sentences; none if the loop is as it has to be."""
    if any(CALL.match(name) and "fmaf" in operands or CALL.match(name) and "peak" in operands
           for _, name, operands in code):
        return []
    # An inner loop has all of them; one around it would count them again.
    best = max(loops(code), key=lambda loop: (len(list(sums(loop))), -len(loop)), default=[])
    registers = list(sums(best))
    if len(set(registers)) < SUMS[isa]:
        yield f"{len(set(registers))} sums in registers, not {SUMS[isa]}"
    for _, name, operands in best:
        if touches_memory(name, operands):
            yield f"memory in the loop: {name} {operands}"
    if len(best) - len(registers) > OTHERS:
        yield f"{len(best) - len(registers)} instructions beside the multiply-adds: " + \
            ", ".join(name for _, name, _ in best if not MULTIPLY_ADD.match(name))


def main():
    objdump, libraries = sys.argv[1], sys.argv[2:]
    failed, looked = False, 0
    for library in libraries:
        isa = re.search(r"kernels_(\w+)\.\w+$", library).group(1)
        code = disassemble(objdump, library)
        if not code:
            print(f"{isa}: no code of peak() in {library}: another form of objects")
            continue
        looked += 1
        print(f"{isa}: {len(code)} instructions")
        for fault in find_faults(isa, code):
            failed = True
            print(f"{isa}: {fault}")
    if not looked:
        sys.exit(SKIPPED)
    sys.exit(failed)


if __name__ == "__main__":
    main()
