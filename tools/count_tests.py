#!/usr/bin/env python3
"""Counts single tests in the logs of `meson test`, and says what failed.

    count_tests.py BUILD_FOLDER LABEL [--no-suite KIND]...

Prints a line for each failure, with the last lines that its suite wrote, then `LABEL: P passed, F
failed, S skipped`. The exit status is 0 if nothing failed. Each line of a TAP program counts;
another program counts as one test. A suite that crashed, ran out of time, ran fewer tests than it
announced or none at all, or is not in the log, is a failure, unless it is of a KIND that `meson test`
was told to leave out. Python comes with Meson."""

import argparse
import collections
import json
import pathlib
import re
import sys

TAP_LINE = re.compile(r"^(not )?ok\b(?: +\d+)?(?: *- *)?(.*)$")
TAP_PLAN = re.compile(r"^1\.\.(\d+)")
SKIPPED = 77
LAST_LINES = 15


def count_tap(name, entry, count):
    """Adds the tests of one TAP program to `count`; yields its failures."""
    seen = failed = 0
    planned = None
    for line in entry["stdout"].splitlines():
        plan, test = TAP_PLAN.match(line), TAP_LINE.match(line)
        if plan:
            planned = int(plan.group(1))
        if not test:
            continue
        seen += 1
        if test.group(1):
            failed += 1
            yield f"{name}: {test.group(2).strip()}"
        elif re.search(r"# *skip", test.group(2), re.IGNORECASE):
            count["skipped"] += 1
        else:
            count["passed"] += 1
    count["failed"] += failed
    if not seen:
        count["failed"] += 1
        yield f"{name}: no test was run"
    elif planned is not None and seen < planned:
        count["failed"] += planned - seen
        yield f"{name}: {planned - seen} of {planned} tests left no result"
    elif entry["result"] not in ("OK", "SKIP") and not failed:
        count["failed"] += 1
        yield f"{name}: {entry['result'].lower()}, exit status {entry['returncode']}"


def count_program(name, entry, count):
    """Adds a program whose exit status is its verdict; yields its failure."""
    if entry["result"] == "OK":
        count["passed"] += 1
    elif entry["result"] == "SKIP" and entry["returncode"] == SKIPPED:
        count["skipped"] += 1
    else:
        count["failed"] += 1
        yield f"{name}: {entry['result'].lower()}, exit status {entry['returncode']}"


def last_words(entry):
    """What a suite that failed wrote at its end, but the tests that passed."""
    texts = (entry.get("stdout", ""), entry.get("stderr", ""))
    lines = [line for text in texts for line in text.splitlines()
             if line.strip() and not line.startswith(("ok ", "TAP version"))]
    return [f"    {line}" for line in lines[-LAST_LINES:]]


def find_test(waiting, name, command):
    """The key of the test that ran this command, which may begin with an emulator of its own."""
    ends = ((name, *command[first:]) for first in range(len(command)))
    return next((end for end in ends if end in waiting), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("label")
    parser.add_argument("--no-suite", action="append", default=[], metavar="KIND", dest="left_out")
    arguments = parser.parse_args()
    folder, label = arguments.folder, arguments.label
    count = collections.Counter()
    failures = []
    tests = json.loads((folder / "meson-info" / "intro-tests.json").read_text())
    waiting = {(test["name"], *test["cmd"]): test["protocol"] for test in tests
               if not any(suite.endswith(f":{kind}") for suite in test["suite"] for kind in arguments.left_out)}
    log = folder / "meson-logs" / "testlog.json"
    for line in log.read_text().splitlines() if log.exists() else []:
        entry = json.loads(line)
        name = re.split(r":| / ", entry["name"])[-1]
        protocol = waiting.pop(find_test(waiting, name, entry["command"]), None)
        counter = count_tap if protocol == "tap" else count_program
        found = [f"not ok  {label}: {failure}" for failure in counter(name, entry, count)]
        failures += found + last_words(entry) if found else []
    for name, *_ in waiting:
        count["failed"] += 1
        failures.append(f"not ok  {label}: {name}: not run")
    for line in failures:
        print(f"  {line}")
    print(f"{label}: {count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    sys.exit(1 if count["failed"] else 0)


main()
