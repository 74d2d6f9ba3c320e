#!/usr/bin/env python3
"""docs_export.py COMMAND ROOT [--write]: the C file in docs/export.md is what the commands above it give; --write puts
it there. Of the version alone nothing is said."""

import pathlib
import re
import subprocess
import sys
import tempfile


def make_source(command, root):
    with tempfile.TemporaryDirectory() as folder:
        model, source = pathlib.Path(folder, "iris.safetensors"), pathlib.Path(folder, "iris.c")
        for words in [["train", root / "datasets/iris.csv", "--hidden", "8", "--out", model],
                      ["export", model, "--out", source]]:
            subprocess.run([command, *words], check=True, capture_output=True)
        return source.read_text().split("\n#ifdef SELF_TEST")[0]


def without_version(text):
    return re.sub(r"batchprop [0-9.]+\.", "batchprop.", text)


def main(command, root, write):
    path = root / "docs/export.md"
    page, source = path.read_text(), make_source(command, root)
    before, rest = page.split("output. -->\n```c\n")
    shown, after = rest.split("```\n", 1)
    if write:
        path.write_text(before + "output. -->\n```c\n" + source + "```\n" + after)
    elif without_version(shown) != without_version(source):
        print(f"{path} shows another file: tests/export/docs_export.py {command} {root} --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:] == ["--write"]))
