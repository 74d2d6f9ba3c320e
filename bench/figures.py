"""What the programs of bench/ share: the networks, medians, tables."""

import statistics

import os

# Network, and the batch of its row in docs/benchmarks.md.
NETWORKS = {
    "4-8-3": 16,
    "10-45-45-10": 32,
    "64-32-10": 64,
    "784-128-10": 64,
    "784-1024-1024-10": 1024,
    "4096-4096-1000": 1024,
}

# Networks and batches that are trained with Adam.
ADAM_NETWORKS = [("256-512-512-2", 256), ("784-512-512-10", 64), ("784-512-512-10", 256)]


def processors():
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def thread_counts():
    """1, 2, 4, ... and all processors."""
    count, counts = processors(), [1]
    while counts[-1] * 2 < count:
        counts.append(counts[-1] * 2)
    return sorted({*counts, count})


def operations(network):
    """Floating-point operations of a step for one sample: forward 2 a weight, gradient 2, delta 2
    but for the weights of the first layer."""
    widths = [int(width) for width in network.split("-")]
    weights = [a * b for a, b in zip(widths, widths[1:])]
    return 6 * sum(weights) - 2 * weights[0]


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def ratio(over, under):
    """The spread of the ratios within each repetition."""
    return spread([a / b for a, b in zip(over, under)])


def number(value):
    """Four digits or more, grouped: 1.234, 12.34, 123.4, 1,234, 12,345."""
    for limit, digits in ((10, 3), (100, 2), (1000, 1)):
        if abs(value) < limit:
            return f"{value:.{digits}f}"
    return f"{value:,.0f}"


def table(rows, alignment):
    """Lines of a table in Markdown that is also aligned for reading as it is. The first row is the
    head; `alignment` has a letter, l or r, for each column."""
    widths = [max(len(row[c]) for row in rows) for c in range(len(alignment))]

    def line(cells):
        padded = (cell.rjust(width) if side == "r" else cell.ljust(width)
                  for cell, width, side in zip(cells, widths, alignment))
        return "| " + " | ".join(padded) + " |"

    rule = ("-" * (width + 1) + (":" if side == "r" else "-")
            for width, side in zip(widths, alignment))
    return [line(rows[0]), "|" + "|".join(rule) + "|", *map(line, rows[1:])]
