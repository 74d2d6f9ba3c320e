#!/usr/bin/env python3
"""library_pages.py GENERATOR HEADER...: each function and type of the headers has a manual page, or a link to one that
has it, every page that is mentioned is there, and mandoc finds nothing wrong, if there is one."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

GENERATOR, HEADERS = sys.argv[1], sys.argv[2:]
MEMBERS_MIN = 200  # names that the headers have at least; fewer are found by a pattern that misses some


def declared():
    """Names of functions and types, by patterns of their own."""
    names = set()
    for path in HEADERS:
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
        names.update(re.findall(r"\b(bp_\w+)\([^()]*\)(?:;|\n\{)", text))
        names.update(re.findall(r"typedef (?:struct|enum) (bp_\w+)", text))
        names.update(re.findall(r"typedef [^;{}]*\(?\*?\b(bp_\w+)\)?\([^;{}]*;", text))
    return names


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, GENERATOR, folder, *HEADERS], check=True, env={**os.environ, "DESTDIR": ""})
        pages = {name[:-2]: os.path.join(folder, name) for name in os.listdir(folder)}
        names = declared()
        if len(names) < MEMBERS_MIN:
            wrong.append(f"only {len(names)} names are found in the headers")
        wrong += [f"{name} has no page" for name in sorted(names - set(pages))]
        for name, path in sorted(pages.items()):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            head = text.partition(".SH NAME\n")[2].partition("\n.SH")[0]
            if not re.search(rf"(^|, ){name}(,| ).*\\- \w", head):
                wrong.append(f"{name} is not under NAME: {head}")
            wrong += [f"{name} mentions {other}(3)" for other in re.findall(r"^\.BR (\w+) \(3\)", text, re.M)
                      if other not in pages]
        sources = sorted(path for path in pages.values() if not os.path.islink(path))
        if shutil.which("mandoc"):
            lint = subprocess.run(["mandoc", "-Tlint", "-W", "warning", *sources], capture_output=True, text=True, check=False)
            wrong += lint.stdout.splitlines()
    print("\n".join(wrong), file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
