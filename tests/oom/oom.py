#!/usr/bin/env python3
"""Lets memory run out at every place of every command: oom.py COMMAND FAULT_MEMORY.so [OPTION...]

Each command of commands.py is run with request N for memory failing, and with all requests from N on failing. It may
end with 0 and what it gives undisturbed, or with 6 and one message; nothing else, and no file may be damaged or left
over. Without --all one place is tried for each way that leads to a request, up to --points of a command.
"""
import argparse
import concurrent.futures
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from commands import CASES, FILES  # noqa: E402

# One of the command, of the runtime of OpenMP, and of the C library, which does not tell why it starts no thread.
MESSAGE = re.compile(r'batchprop: (.*: )?out of memory|libgomp: Out of memory|'
                     r'(batchprop: thread|libgomp: Thread) .*Resource temporarily unavailable')
EXIT_RESOURCES = 6
EXIT_LEAK = 23
SECONDS = 120  # after which a run hangs


# What differs between two runs where several threads read the clock.
TIMES = re.compile(rb'("phases": ?)\{[^}]*\}|("[a-z_]*second[a-z_]*": ?|"time": ?")[-+:0-9.eTZ]+|\b[0-9.]+ s\b|^time .*$',
                   re.M)


def hide_times(content):
    return TIMES.sub(rb'\g<1>\g<2>0', content)


def hide_figures(content):
    """Of a drawing, whether it is whole; of other text all but its numbers."""
    if content.startswith(b'<?xml'):
        return b'drawing' if content.rstrip().endswith(b'</svg>') else content
    return re.sub(rb'-?[0-9][-+.0-9e]*|null', b'0', content)


class Run:
    """What came of one run: exit status, outputs and the files of its folder."""

    def __init__(self, case, status, stdout, stderr, files):
        hide = hide_figures if case.measured else hide_times
        self.status = status
        self.stdout = hide(stdout)
        self.stderr = stderr
        self.files = {name: hide(content) for name, content in files.items()} if case.measured else files


def read_files(folder):
    """The files below a folder. The number of the process in a name is left out."""
    files = {}
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            shown = re.sub(r'\.\d+\.0$', '', os.path.relpath(path, folder))
            with open(path, 'rb') as file:
                content = file.read()
            files[shown] = hide_times(content) if name.endswith('.jsonl') else content
    return files


class Bench:
    """Runs command lines, each in a folder of its own."""

    def __init__(self, command, fault, scratch, leaks):
        self.command = command
        self.preload = fault + (':' + leaks if leaks else '')
        self.scratch = scratch

    def run(self, case, start, **faults):
        folder = tempfile.mkdtemp(dir=self.scratch)
        shutil.copytree(start, folder, dirs_exist_ok=True)
        environment = dict(os.environ, LD_PRELOAD=self.preload, FAULT_CLOCK='1', LC_ALL='C')
        environment['LSAN_OPTIONS'] = f'exitcode={EXIT_LEAK}'
        environment.update({'FAULT_' + name.upper(): str(value) for name, value in faults.items()})
        try:
            done = subprocess.run([self.command] + case.line, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=SECONDS, check=False)
            return Run(case, done.returncode, done.stdout, done.stderr.decode(errors='replace'), read_files(folder))
        except subprocess.TimeoutExpired as hung:
            return Run(case, 'hangs', hung.stdout or b'', str(hung.stderr), read_files(folder))
        finally:
            shutil.rmtree(folder)

    def prepare(self, case):
        """The folder in which the command finds its files."""
        folder = tempfile.mkdtemp(dir=self.scratch)
        for name, content in FILES.items():
            with open(os.path.join(folder, name), 'wb') as file:
                file.write(content)
        for line in case.before:
            subprocess.run([self.command] + line, cwd=folder, check=True, capture_output=True)
        return folder


def is_whole(name, content):
    """Whether a model file or a checkpoint has all its bytes."""
    if not name.endswith('.safetensors') or len(content) < 8:
        return False
    size = struct.unpack('<Q', content[:8])[0]
    try:
        header = json.loads(content[8:8 + size])
    except ValueError:
        return False
    ends = [tensor['data_offsets'][1] for key, tensor in header.items() if key != '__metadata__']
    return len(content) == 8 + size + max(ends, default=0)


def is_beginning(name, content, old, new):
    """Whether an output that grows has what a run may have written before it failed: a log its last line, too."""
    if name.endswith('.jsonl') and content:
        whole = content.splitlines(keepends=True)
        if not whole[-1].endswith(b'\n'):
            return False
        if b'"event":"end"' in whole[-1]:
            content = b''.join(whole[:-1])
    return content.startswith(old) and new.startswith(content)


def is_allowed(case, name, content, before, after):
    """Whether a run that failed may leave a file with this content."""
    if content in (before.get(name), after.get(name)):
        return True
    if any(name.startswith(part) for part in case.partly):
        return is_beginning(name, content, before.get(name, b''), after.get(name, b''))
    return name.startswith('ck/') and is_whole(name, content)


def fault_of(case, run, before, undisturbed):
    """What is wrong with a run during which memory ran out, or ''."""
    if run.status == EXIT_LEAK:
        return '' if 'LeakSanitizer: CHECK failed' in run.stderr else 'memory is lost'  # for want of memory of its own
    if run.status not in (0, EXIT_RESOURCES):
        return f'exit {run.status}'
    notes = undisturbed.stderr.splitlines()
    said = [line for line in run.stderr.splitlines() if line and line not in notes]
    if run.status == 0:
        if said:
            return 'exit 0 with a message'
        if run.stdout != undisturbed.stdout:
            return 'exit 0 with another output'
        for name in sorted(set(run.files) | set(undisturbed.files)):
            if run.files.get(name) != undisturbed.files.get(name):
                return f'exit 0 with another {name}'
        return ''
    if len(said) != 1 or not MESSAGE.match(said[0]):
        return f'exit 6 with {len(said)} messages' if len(said) != 1 else 'exit 6 with another message'
    if not undisturbed.stdout.startswith(run.stdout.rstrip(b'\n')) or ('--json' in case.line and run.stdout not in (
            b'', undisturbed.stdout)):
        return 'exit 6 with a part of an output'
    for name, content in sorted(run.files.items()):
        if not is_allowed(case, name, content, before, undisturbed.files):
            return f'exit 6 and left {name}'
    for name in sorted(before):
        if name not in run.files and name in undisturbed.files:
            return f'exit 6 and lost {name}'
    return ''


def points_of(ways, limit):
    """The number of the first request of each way that leads to one; of more than `limit` every k-th."""
    first = {}
    for number, way in enumerate(ways, 1):
        first.setdefault(way, number)
    points = sorted(first.values())
    step = -(-len(points) // limit)
    return points[::step]


def try_case(bench, case, options):
    """The folder at the start, the number of requests, that of points tried, and a list of (mode, point, fault, run)."""
    start = bench.prepare(case)
    counted, traced = os.path.join(bench.scratch, 'count'), os.path.join(bench.scratch, 'trace')
    for path in (counted, traced):
        if os.path.exists(path):
            os.remove(path)
    undisturbed = bench.run(case, start, count=counted, trace=traced)
    if undisturbed.status != 0:
        raise SystemExit(f'{case.name}: exit {undisturbed.status} undisturbed: {undisturbed.stderr}')
    with open(traced, encoding='ascii') as file:
        ways = file.read().split()
    points = range(1, len(ways) + 1) if options.all else points_of(ways, options.points)
    if options.at:
        points = [options.at]
    before = read_files(start)
    tasks = [(mode, point) for mode in options.modes for point in points]

    def attempt(task):
        run = bench.run(case, start, at=task[1], mode=task[0])
        return task + (fault_of(case, run, before, undisturbed), run)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(attempt, tasks))
    return start, len(ways), len(tasks), [result for result in results if result[2]]


def place_of(bench, case, start, mode, point):
    """The calls that led to a request, the innermost first, as far as their names are known."""
    shown = os.path.join(bench.scratch, 'shown')
    if os.path.exists(shown):
        os.remove(shown)
    bench.run(case, start, at=point, mode=mode, show=shown)
    names = []
    with open(shown, encoding='utf-8', errors='replace') as file:
        for line in file.read().splitlines()[2:]:
            path, symbol, offset = re.match(r'(.*?)\(([^+)]*)\+?([^)]*)\)', line).groups()
            if not symbol and offset:
                done = subprocess.run(['addr2line', '-f', '-e', path, offset], capture_output=True, text=True)
                symbol = done.stdout.splitlines()[0] if done.returncode == 0 else '??'
            names.append(symbol if symbol not in ('', '??') else os.path.basename(path))
            if symbol == 'main':
                break
    return ' < '.join(names)


def show(bench, case, start, failed, options):
    """Prints each kind of fault once, with what was said; with --where the calls that led to each request."""
    kinds = {}
    if options.where:
        failed = [(mode, point, fault + ' at ' + place_of(bench, case, start, mode, point), run)
                  for mode, point, fault, run in failed]
    for mode, point, fault, run in failed:
        kinds.setdefault((fault, mode), []).append((point, run))
    for (fault, mode), cases in kinds.items():
        point, run = cases[0]
        print(f'# {case.name}: {fault}: {mode} {", ".join(str(place) for place, _ in cases[:12])}'
              f'{" ..." if len(cases) > 12 else ""} ({len(cases)})')
        for line in run.stderr.strip().splitlines()[:40]:
            print(f'#     {line}')


def works(leaks, command):
    """Whether the leak sanitizer does its work, which it cannot where a process may not be traced."""
    environment = dict(os.environ, LD_PRELOAD=leaks)
    return subprocess.run([command, '--version'], env=environment, capture_output=True, check=False).returncode == 0


def choose_cases(options):
    if not shutil.which('gnuplot'):
        print('# report is left out, which needs gnuplot')
        options.without.append('report')
    return [case for case in CASES if (not options.only or case.name in options.only)
            and case.name not in options.without]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('command')
    parser.add_argument('fault', help='the library made of fault_memory.c')
    parser.add_argument('--all', action='store_true', help='every request')
    parser.add_argument('--points', type=int, default=20, help='of a command in each mode, without --all')
    parser.add_argument('--only', action='append', help='a command, by its name in commands.py')
    parser.add_argument('--without', action='append', default=[], help='all commands but this one')
    parser.add_argument('--at', type=int, help='one request alone')
    parser.add_argument('--where', action='store_true', help='show which calls led to a request that is not survived')
    parser.add_argument('--modes', nargs='+', default=['once', 'after'])
    parser.add_argument('--jobs', type=int, default=1)
    parser.add_argument('--leaks', metavar='LIBRARY', help='that of the leak sanitizer, such as liblsan.so')
    options = parser.parse_args()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    cases = choose_cases(options)
    if options.leaks and not works(options.leaks, os.path.abspath(options.command)):
        print('# the leak sanitizer does not work here: leaks are not looked for')
        options.leaks = None
    wrong = 0
    print(f'1..{len(cases)}', flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(os.path.abspath(options.command), os.path.abspath(options.fault), scratch, options.leaks)
        for number, case in enumerate(cases, 1):
            start, requests, tried, failed = try_case(bench, case, options)
            print(f'{"not ok" if failed else "ok"} {number} {case.name}: {requests} requests, {tried} failures tried, '
                  f'{len(failed)} wrong')
            show(bench, case, start, failed, options)
            sys.stdout.flush()
            wrong += len(failed)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
