#!/usr/bin/env python3
"""c_programs.py COMMAND PREDICT_BITS CC [--others]: models exported as C are compiled without a warning, and give all
bits of bp_predict(), and the classes of `batchprop predict`. --others compiles some of them by further compilers and
for other machines as well, as far as they are installed. Exit status 77 (skipped) where there is no CC."""

import ctypes
import pathlib
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile

import models

STRICT = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wpedantic", "-Werror"]
# Contraction, of which a standard C compiler has none by default, must change no bits.
COMPILERS = ["gcc -O0", "gcc -O3 -march=native", "clang", "clang -O3 -march=native -ffp-contract=fast",
             "g++ -x c++ -O3 -march=native"]
# What cannot be loaded here, and what runs it. Floats of the x87 have more bits, and the self-test says so.
FOREIGN = [("", "tcc", "the same bits"), ("", "gcc -m32 -msse2 -mfpmath=sse -O2", "the same bits"),
           ("", "gcc -m32 -mno-sse -O2", "equal to 1e-5"),
           ("qemu-arm", "arm-linux-gnueabihf-gcc -static -O2", "the same bits")]
WITH_OTHERS = ["gelu", "image", "ensemble"]
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


def check_missing(command, compiler, model):
    """A missing text is refused where unknown ones are none, by the number of its column."""
    source = model.path.with_name("missing.c")
    models.run(command, "export", model.path, "--out", source, "--unknown", "ignore")
    predict = ctypes.CDLL(str(compile_library(compiler, source))).missing_predict
    numbers, texts = model.rows[0]
    outputs = (ctypes.c_float * len(model.outputs[0]))()
    for word, found in [(None, {-4}), (b"", {-4}), (b"never seen", {0, 1, 2})]:
        words = (ctypes.c_char_p * 2)(texts[0].encode(), word)
        answer = predict((ctypes.c_double * len(numbers))(*numbers), words, outputs)
        assert answer in found, (word, answer)


def check_large(command, compiler, folder):
    """The rows of the self-test fit floats."""
    data = models.put_csv(folder / "large.csv", ["x", "y"], [[(k % 2) * 3.3e38, k] for k in range(8)])
    model, source = folder / "large.safetensors", folder / "large.c"
    models.run(command, "train", data, "--out", model, *models.SMALL)
    models.run(command, "export", model, "--out", source)
    assert ctypes.CDLL(str(compile_library(compiler, source))).self_test() == 0


def check_others(model, source):
    """How many are wrong."""
    wrong = 0
    for compiler in map(shlex.split, COMPILERS):
        if shutil.which(compiler[0]):
            wrong += not compare(model, compile_library(compiler, source), model.case.name)
    for runner, compiler, verdict in FOREIGN:
        program = source.with_suffix(".program")
        words = [*shlex.split(compiler), "-DSELF_TEST", source, "-o", program, "-lm"]
        if (runner and not shutil.which(runner)) or subprocess.run(words, capture_output=True).returncode != 0:
            print(f"skipped: {compiler}")
            continue
        said = models.run(*shlex.split(runner), program)
        if verdict not in said:
            print(f"not ok - {model.case.name}, {compiler}: {said}")
            wrong += 1
    return wrong


def main(command, program, compiler, others):
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for case in models.cases(folder):
            model = models.make(command, program, case, folder)
            source = export(command, model, folder)
            library = compile_library(compiler, source)
            right = compare(model, library, case.name)
            if not right or ctypes.CDLL(str(library)).self_test() != 0:
                print(f"not ok - {case.name}, {shlex.join(compiler)}")
                wrong += 1
            if case.name == "mixed":
                check_missing(command, compiler, model)
            if others and case.name in WITH_OTHERS:
                wrong += check_others(model, source)
        check_large(command, compiler, folder)
        if not check_sums(compiler, folder):
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
    sys.exit(main(*sys.argv[1:3], first + FIRST, sys.argv[4:] == ["--others"]))
