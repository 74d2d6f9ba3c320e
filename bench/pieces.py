"""Figures that are measured in pieces: written to a file after each case, so that a later run goes on where
one ended."""

import hashlib
import json
import pathlib
import sys
import time

UNFINISHED = 75  # exit status: run again with --resume


def add_options(parser):
    parser.add_argument("--quick", action="store_true", help="a minute instead of many")
    parser.add_argument("--json", help="file for all figures, written after each case")
    parser.add_argument("--resume", action="store_true", help="keep the cases that are in the file")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases with TEXT in their name")
    parser.add_argument("--seconds", type=float, default=float("inf"), metavar="S",
                        help="begin no case after so many seconds; exit status %d if any are left"
                        % UNFINISHED)


def require_folder(option, file):
    """What is measured for minutes must have a place."""
    if file and not pathlib.Path(file).absolute().parent.is_dir():
        sys.exit(f"{option}: there is no folder {pathlib.Path(file).parent}")


def check(options):
    """Ends the program where options do not go together."""
    if options.resume and not options.json:
        sys.exit("--resume needs --json, the file of an earlier run")
    require_folder("--json", options.json)


def measured_ones(cases):
    """Without those where there was nothing to measure."""
    return [case for case in cases if "missing" not in case]


class Pieces:
    """The cases measured so far; `build` is the folder of the build that is measured."""

    def __init__(self, options, key, build):
        self.file = pathlib.Path(options.json) if options.json else None
        self.key, self.only = key, options.only
        check(options)
        self.end = time.monotonic() + options.seconds
        library = hashlib.sha256()
        for file in sorted((pathlib.Path(build) / "src").glob("libbatchprop.*")):
            if file.is_file():
                library.update(file.read_bytes())
        self.content = {"schema_version": 1, "quick": options.quick, "library": library.hexdigest(),
                        key: []}
        if options.resume and self.file and self.file.exists():
            self.take_up(json.loads(self.file.read_text(encoding="utf-8")))

    def take_up(self, content):
        for name, what in ("quick", "length"), ("library", "build"):
            if content[name] != self.content[name]:
                sys.exit(f"{self.file} was measured with another {what}: run without --resume")
        self.content = content

    @property
    def cases(self):
        return self.content[self.key]

    def run(self, cases, measure):
        """Measures the cases, pairs of a name and what measure() takes, that are not in the file; measure()
        returns None where there is nothing to measure. Returns whether all are done."""
        cases = list(cases)
        if not any(self.only in name for name, _ in cases):
            sys.exit(f"--only: no case has {self.only} in its name, of " + "; ".join(name for name, _ in cases))
        done = [case["name"] for case in self.cases]
        left = [(name, case) for name, case in cases if self.only in name and name not in done]
        for name, case in left:
            if time.monotonic() > self.end:
                print(f"Cases from {name} on are left: run again with --resume", file=sys.stderr)
                return False
            print(name, file=sys.stderr)
            self.cases.append({"name": name, **(measure(case) or {"missing": True})})
            self.write()
        return True

    def write(self):
        if self.file:
            new = self.file.with_suffix(".new")
            new.write_text(json.dumps(self.content, indent=1), encoding="utf-8")
            new.replace(self.file)
