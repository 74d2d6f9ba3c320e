#!/usr/bin/env python3
"""c_programs.py COMMAND PREDICT_BITS CC [COMPILER...]: models exported as C are compiled without a warning, and give
all bits of bp_predict(), and the classes of `batchprop predict`. Each COMPILER, such as "clang -O3" or "g++ -x c++",
compiles them, too. Exit status 77 (skipped) where there is no CC."""

import ctypes
import pathlib
import shlex
import struct
import subprocess
import sys
import tempfile

import models

STRICT = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wpedantic", "-Werror"]
# Contraction, of which a standard C compiler has none by default, must change no bits.
FIRST = ["-std=c99", "-O2", "-march=native", "-ffp-contract=fast"]


def export(command, model, folder):
    source = folder / f"{model.case.name}.c"
    embed = ["--embed"] if model.case.name in ("image", "gelu") else []
    models.run(command, "export", model.path, "--out", source, "--unknown", model.case.unknown, *embed)
    return source


def compile_library(compiler, source):
    """The exported functions, and the self-test as a function."""
    library = source.with_suffix(".so")
    library.unlink(missing_ok=True)
    done = subprocess.run([*compiler, *STRICT, "-DSELF_TEST", "-Dmain=self_test", "-shared", "-fPIC",
                           source, "-o", library, "-lm"], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, f"{shlex.join(compiler)} {source}: {done.stderr}"
    return library


# The sum of an ensemble is rounded to a float, which nearly always hides whether a product was rounded first.
SUMS = """
#include "ensemble.c"
int main(void)
{
    int k;
    for (k = 1; k < 1000; k++) {
        double sum[OUTPUTS] = {0.1};
        float n[OUTPUTS] = {0.0f};
        volatile double third = 1.0 / 3.0, product;
        n[0] = (float)k / 7.0f;
        add(1.0 / 3.0, n, sum);
        product = third * (double)n[0];
        if (sum[0] != 0.1 + product)
            return 1;
    }
    return 0;
}
"""


def check_sums(compiler, folder):
    (folder / "sums.c").write_text(SUMS)
    models.run(*compiler, "-std=gnu99", folder / "sums.c", "-o", folder / "sums", "-lm")
    return subprocess.run([folder / "sums"], check=False).returncode == 0


def as_bits(numbers):
    return struct.pack(f"{len(numbers)}f", *numbers)


def compare(model, library, name):
    """False and a message where a row has other bits, or another class."""
    loaded = ctypes.CDLL(str(library))
    predict = loaded[f"{name}_predict"]
    outputs = (ctypes.c_float * len(model.outputs[0]))()
    for k, (numbers, texts) in enumerate(model.rows):
        words = (ctypes.c_char_p * len(texts))(*[t.encode() if t else None for t in texts])
        answer = predict((ctypes.c_double * len(numbers))(*numbers), words, outputs)
        if as_bits(list(outputs)) != as_bits(model.outputs[k]):
            print(f"{name}: row {k + 1} is {list(outputs)}, not {model.outputs[k]} ({answer})")
            return False
        if answer != (model.classes.index(model.answers[k]) if model.classes else 0):
            print(f"{name}: row {k + 1} is of class {answer}, not {model.answers[k]}")
            return False
    return True


def main(command, program, compilers):
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for case in models.cases(folder):
            model = models.make(command, program, case, folder)
            source = export(command, model, folder)
            for compiler in compilers:
                library = compile_library(compiler, source)
                right = compare(model, library, case.name)
                tested = ctypes.CDLL(str(library)).self_test() == 0
                if not (right and tested):
                    print(f"not ok - {case.name}, {shlex.join(compiler)}")
                    wrong += 1
        if not check_sums(compilers[0], folder):
            print("not ok - products are rounded before they are added")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    first = shlex.split(sys.argv[3])
    try:
        subprocess.run([*first, "--version"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        print(f"{sys.argv[3]} is no compiler of this machine")
        sys.exit(77)
    sys.exit(main(*sys.argv[1:3], [first + FIRST, *map(shlex.split, sys.argv[4:])]))
