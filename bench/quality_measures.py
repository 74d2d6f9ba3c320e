"""The arithmetic of quality.py, which needs nothing but numpy: groups, folds, measures, gaps."""

import hashlib
import math
import re

import numpy

FOLDS = 5
SEED = 20240229
RARE = 0.8  # macro F1 instead of accuracy where one class has more of the rows than this
DRAWS = 500
GAP_RANGE = (-0.05, 1.0)


def group(name):
    """`chosen` or `kept-out`, by the name of the table alone: about a third is kept out."""
    digest = hashlib.sha256(name.encode()).digest()
    return "kept-out" if int.from_bytes(digest[:8], "big") % 3 == 2 else "chosen"


def draw(rows, limit):
    """The numbers of the rows that take part, ascending: all, or `limit` of them."""
    if rows <= limit:
        return numpy.arange(rows)
    return numpy.sort(numpy.random.RandomState(SEED).permutation(rows)[:limit])


def folds(rows, classes=None):
    """The fold of each row, 0 to FOLDS - 1. With `classes`, one for each row, every class is
    spread evenly; the next class goes on at the next fold, so that the folds are of one size."""
    source = numpy.random.RandomState(SEED)  # whose numbers no version of numpy changes
    if classes is None:
        order = source.permutation(rows)
    else:
        classes = numpy.asarray(classes)
        order = numpy.concatenate([source.permutation(numpy.flatnonzero(classes == each))
                                   for each in numpy.unique(classes)])
    fold = numpy.empty(rows, dtype=int)
    fold[order] = numpy.arange(rows) % FOLDS
    return fold


def measure_name(classes):
    """The measure of a table whose rows are of these classes (None: numbers)."""
    if classes is None:
        return "r2"
    return "macro F1" if numpy.bincount(classes).max() > RARE * len(classes) else "accuracy"


def macro_f1(truth, answer):
    """The mean of the F1 of the classes that occur in the truth or in the answers."""
    scores = []
    for each in numpy.union1d(truth, answer):
        hits = numpy.sum((truth == each) & (answer == each))
        scores.append(2 * hits / (numpy.sum(truth == each) + numpy.sum(answer == each)))
    return float(numpy.mean(scores))


def r2(truth, answer):
    return float(1 - numpy.sum((truth - answer) ** 2) / numpy.sum((truth - truth.mean()) ** 2))


def score(measure, truth, answer):
    """What the answers are worth; NaN where one of them is not finite."""
    truth, answer = numpy.asarray(truth), numpy.asarray(answer)
    if not numpy.isfinite(answer).all():
        return math.nan
    if measure == "r2":
        return r2(truth, answer)
    return macro_f1(truth, answer) if measure == "macro F1" else float(numpy.mean(truth == answer))


def standard_error(measure, truth, answer):
    """That of score(), from the rows alone: its standard deviation over samples of the rows; for
    classes no less than one row."""
    truth, answer = numpy.asarray(truth), numpy.asarray(answer)
    source = numpy.random.RandomState(SEED)
    rows = len(truth)
    scores = [score(measure, truth[drawn], answer[drawn])
              for drawn in (source.randint(rows, size=rows) for _ in range(DRAWS))]
    return max(float(numpy.std(scores, ddof=1)), 0.0 if measure == "r2" else 1 / rows)


def share_within(truth, answer, spread):
    """How often the truth is no further from the answer than twice the spread."""
    return float(numpy.mean(numpy.abs(numpy.subtract(truth, answer))
                            <= 2 * numpy.asarray(spread)))


def gap(best, own):
    """How far a score stays below the best one of the peers; NaN, a failure, counts as the most."""
    return GAP_RANGE[1] if math.isnan(own) else min(max(best - own, GAP_RANGE[0]), GAP_RANGE[1])


def clip(value, low, high):
    return min(max(value, low), high)


def expand(options, n, d, k):
    """Options with each {expression} replaced by its value, where n is the number of training rows,
    d that of columns but for the target, and k that of classes (1 for numbers)."""
    known = {"__builtins__": {}, "n": n, "d": d, "k": k, "min": min, "max": max, "clip": clip,
             "ceil": math.ceil, "round": round, "sqrt": math.sqrt, "log2": math.log2}

    def value(match):
        found = eval(match.group(1), known)  # pylint: disable=eval-used
        return found if isinstance(found, str) else f"{found:.9g}"

    return re.sub(r"\{([^}]*)\}", value, options)
