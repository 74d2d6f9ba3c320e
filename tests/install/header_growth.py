"""header_growth.py COMPILER HEADER FROZEN LIBRARY PROGRAM: programs built with another version of the
header run with this library.

HEADER is batchprop.h, FROZEN its copy as an earlier version left it. The members of FROZEN must be where
they were. PROGRAM is built with HEADER, with FROZEN, with a header whose option structs lack their last
members and with one whose option structs have a further one; all must print the same.
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile

WIDE = re.compile(r"\*|size_t|double|uint64_t")  # members of eight bytes
STRUCT = re.compile(r"typedef struct (\w+) \{(.*?)\n\} \1;", re.S)


def strip(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def members(body):
    """[(name, declaration)] of the members of a struct."""
    found = []
    for declaration in filter(None, (" ".join(part.split()) for part in strip(body).split(";"))):
        for declarator in declaration.split(","):
            name = re.search(r"(\w+)(\[[^\]]*\])?$", declarator.strip()).group(1)
            found.append((name, declaration))
    return found


def structs(text):
    return {name: members(body) for name, body in STRUCT.findall(text)}


def is_sized(struct):
    return struct[0][0] == "size"


def shorten(text):
    """Drops the last members of each option struct, as many as make it shorter."""
    def drop(match):
        name, body = match.groups()
        struct = members(body)
        if not is_sized(struct):
            return match.group(0)
        while not WIDE.search(struct.pop()[1]):
            pass
        lines = "".join(f"\n    {line};" for line in dict.fromkeys(line for _, line in struct))
        return f"typedef struct {name} {{{lines}\n}} {name};"
    return STRUCT.sub(drop, text)


def lengthen(text):
    """Adds a member to each option struct."""
    def add(match):
        name, body = match.groups()
        if not is_sized(members(body)):
            return match.group(0)
        return f"typedef struct {name} {{{body}\n    size_t later;\n}} {name};"
    return STRUCT.sub(add, text)


class Builds:
    def __init__(self, folder, compiler, library):
        self.folder = folder
        self.compiler = shlex.split(compiler)
        self.library = library

    def header(self, name, text):
        folder = os.path.join(self.folder, name, "batchprop")
        os.makedirs(folder)
        with open(os.path.join(folder, "batchprop.h"), "w", encoding="utf-8") as file:
            file.write(text)

    def run(self, header, source, *flags):
        """What a program prints that was built with one of the headers."""
        program = os.path.join(self.folder, "program")
        subprocess.run(
            [*self.compiler, "-std=c17", "-O2", "-Wall", "-Werror", *flags,
             "-I" + os.path.join(self.folder, header), source, self.library, "-o", program],
            check=True)
        environment = dict(os.environ, LD_LIBRARY_PATH=os.path.dirname(self.library))
        return subprocess.run([program], env=environment, check=True, capture_output=True,
                              text=True).stdout

    def layout(self, header, text):
        """{struct: {member: (offset, size)}}; the member "" is the struct."""
        lines = []
        for struct, found in structs(text).items():
            lines.append(f'    printf("{struct}  0 %zu\\n", sizeof({struct}));')
            for name, _ in found:
                lines.append(f'    printf("{struct} {name} %zu %zu\\n", offsetof({struct}, {name}), '
                             f'sizeof((({struct} *)0)->{name}));')
        source = os.path.join(self.folder, "layout.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write("#include <batchprop/batchprop.h>\n#include <stdio.h>\nint main(void)\n{\n"
                       + "\n".join(lines) + "\n    return 0;\n}\n")
        layout = {}
        for line in self.run(header, source).splitlines():
            struct, name, offset, size = line.split(" ") if "  " not in line else \
                [line.split()[0], "", *line.split()[1:]]
            layout.setdefault(struct, {})[name] = (int(offset), int(size))
        return layout


def compare_layouts(before, now, sized):
    """What would break a program that was built before."""
    wrong = []
    for struct, old in before.items():
        new = now.get(struct, {})
        for name, place in old.items():
            if name == "reserved" or (name == "" and struct in sized):
                continue
            if new.get(name) != place:
                wrong.append(f"{struct}.{name}: offset and size were {place}, are {new.get(name)}")
        if struct not in sized:
            continue
        for name, (offset, _) in new.items():
            if name and name not in old and offset < old[""][1]:
                wrong.append(f"{struct}.{name}: begins at {offset}, within the {old[''][1]} bytes of "
                             "older programs: put a member that fills the gap before it")
    return wrong


def check_enumerators(before, now):
    """Values may come, and none may go or change."""
    pattern = re.compile(r"\b(BP_[A-Z0-9_]+)\s*=\s*(\d+)")
    values = dict(pattern.findall(strip(now)))
    return [f"{name}: was {value}, is {values.get(name)}"
            for name, value in pattern.findall(strip(before)) if values.get(name) != value]


def main():
    compiler, header, frozen, library, program = sys.argv[1:]
    with open(header, encoding="utf-8") as file:
        now = file.read()
    with open(frozen, encoding="utf-8") as file:
        before = file.read()
    sized = {name for name, struct in structs(now).items() if is_sized(struct)}
    if len(sized) < 10 or "bp_train_options" not in sized:
        sys.exit(f"the option structs are not found in {header}")

    with tempfile.TemporaryDirectory() as folder:
        builds = Builds(folder, compiler, library)
        headers = {"now": now, "frozen": before, "shorter": shorten(now), "longer": lengthen(now)}
        for name, text in headers.items():
            builds.header(name, text)
        layouts = {name: builds.layout(name, text) for name, text in headers.items()}
        wrong = compare_layouts(layouts["frozen"], layouts["now"], sized)
        wrong += check_enumerators(before, now)
        for struct in sized:
            if not layouts["shorter"][struct][""] < layouts["now"][struct][""] \
                    < layouts["longer"][struct][""]:
                wrong.append(f"{struct}: the headers of the test do not differ")
        printed = {name: builds.run(name, program) for name in headers}
        for name, text in printed.items():
            if text != printed["now"]:
                wrong.append(f"with the header `{name}`:\n{text}and not:\n{printed['now']}")
        refused = builds.run("longer", program, "-DSET_LATER")
        if "does not have" not in refused:
            wrong.append(f"an option that the library does not have is not refused: {refused}")
    print("\n".join(wrong) or printed["now"], end="")
    sys.exit(bool(wrong))


main()
