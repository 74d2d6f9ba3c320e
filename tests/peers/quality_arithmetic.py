#!/usr/bin/env python3
"""quality_arithmetic.py BENCH: folds, groups, measures and gaps of bench/quality.py are what they
say. BENCH is the folder bench. Exit status 77 (skipped) where numpy is not installed."""

import math
import sys

try:
    import numpy
except ImportError:
    print("numpy is not installed")
    sys.exit(77)

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

import quality_measures as measures  # noqa: E402


def every_row_is_in_one_fold_and_folds_are_of_one_size():
    for rows in (5, 7, 101, 1000):
        counts = numpy.bincount(measures.folds(rows), minlength=measures.FOLDS)
        assert counts.sum() == rows and counts.max() - counts.min() <= 1, counts


def classes_are_spread_evenly():
    classes = numpy.array([0] * 83 + [1] * 9 + [2] * 11)
    fold = measures.folds(len(classes), classes)
    for each in range(3):
        counts = numpy.bincount(fold[classes == each], minlength=measures.FOLDS)
        assert counts.max() - counts.min() <= 1, counts
    counts = numpy.bincount(fold, minlength=measures.FOLDS)
    assert counts.max() - counts.min() <= 1, counts


def folds_are_those_of_the_page():
    """Results are compared over months: with other folds it would be another benchmark."""
    assert measures.folds(10).tolist() == [3, 1, 3, 4, 1, 2, 2, 0, 4, 0], measures.folds(10)
    assert measures.draw(10, 4).tolist() == [0, 1, 5, 7], measures.draw(10, 4)
    assert measures.draw(4, 4).tolist() == [0, 1, 2, 3]


def groups_depend_on_the_name_alone():
    names = [f"table {i}" for i in range(3000)]
    kept = sum(measures.group(name) == "kept-out" for name in names)
    # Binomial with 3000 draws of 1/3: a standard deviation of 26.
    assert abs(kept - 1000) < 4 * 26, kept
    assert measures.group("iris") == "chosen" and measures.group("wine") == "kept-out"


def measures_are_those_of_their_formulas():
    truth, answer = numpy.array([0, 0, 0, 1, 2]), numpy.array([0, 0, 1, 1, 0])
    assert measures.score("accuracy", truth, answer) == 3 / 5
    # F1 of 0: 2·2/(3+3); of 1: 2·1/(1+2); of 2: 0.
    assert math.isclose(measures.score("macro F1", truth, answer), (4 / 6 + 2 / 3 + 0) / 3)
    assert measures.score("r2", [1.0, 2.0, 3.0], [1.0, 2.0, 4.0]) == 0.5
    assert measures.score("r2", [1.0, 2.0, 3.0], [2.0, 2.0, 2.0]) == 0
    assert math.isnan(measures.score("r2", [1.0, 2.0], [1.0, math.inf]))


def a_rare_class_asks_for_f1():
    assert measures.measure_name(None) == "r2"
    assert measures.measure_name(numpy.array([0] * 80 + [1] * 20)) == "accuracy"
    assert measures.measure_name(numpy.array([0] * 81 + [1] * 19)) == "macro F1"


def standard_errors_are_those_of_the_rows():
    """Of 400 rows, 300 of them right: sqrt(3/4 · 1/4 / 400) = 0.02165; the deviation of 500
    samples has a relative one of 1/sqrt(2 · 499), of which four are allowed."""
    truth = numpy.zeros(400, dtype=int)
    answer = numpy.array([0] * 300 + [1] * 100)
    error = measures.standard_error("accuracy", truth, answer)
    assert abs(error / math.sqrt(0.1875 / 400) - 1) < 4 / math.sqrt(998), error
    assert error == measures.standard_error("accuracy", truth, answer)
    # All right: one row.
    assert measures.standard_error("accuracy", truth, truth) == 1 / 400
    numbers = numpy.arange(40.0)
    assert measures.standard_error("r2", numbers, numbers) == 0


def shares_within_count_both_sides():
    assert measures.share_within([0.0, 0.0, 0.0, 0.0], [1.0, -1.0, 2.5, -2.5],
                                 [0.5, 0.5, 1.0, 1.0]) == 0.5


def gaps_are_cut_and_a_failure_is_the_largest():
    assert measures.gap(0.5, 0.5) == 0
    assert measures.gap(0.75, 0.5) == 0.25
    assert measures.gap(0.5, 0.75) == -0.05
    assert measures.gap(0.5, -3) == 1
    assert measures.gap(0.5, math.nan) == 1


def expressions_in_options_have_their_values():
    rule = "--batch-size {min(64,n)} --epochs {clip(ceil(1500/ceil(n/64)),40,200)}"
    assert measures.expand(rule, 120, 4, 3) == "--batch-size 64 --epochs 200"
    assert measures.expand(rule, 4000, 4, 3) == "--batch-size 64 --epochs 40"
    assert measures.expand("--weight-decay {clip(800/n,0.05,1)}", 1600, 1, 1) == \
        "--weight-decay 0.5"
    assert measures.expand("--hidden {'128,128' if k == 1 else '100'}", 9, 1, 1) == \
        "--hidden 128,128"


for test in (every_row_is_in_one_fold_and_folds_are_of_one_size, classes_are_spread_evenly,
             folds_are_those_of_the_page, groups_depend_on_the_name_alone,
             measures_are_those_of_their_formulas, a_rare_class_asks_for_f1,
             standard_errors_are_those_of_the_rows, shares_within_count_both_sides,
             gaps_are_cut_and_a_failure_is_the_largest, expressions_in_options_have_their_values):
    test()
print("quality_measures.py: as it says")
