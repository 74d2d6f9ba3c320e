"""Writes batchprop/_parameters.py: the parameters of the estimators, from the table of options of the library.

usage: make_parameters.py EXTENSION_MODULE OUTPUT
"""

import importlib.machinery
import importlib.util
import sys
import textwrap
from pathlib import Path
from typing import Any, NamedTuple

# scikit-learn's names, where it has one for what an option is.
NAMES = {
    "activations": "activation",
    "beta1": "beta_1",
    "beta2": "beta_2",
    "epochs": "max_iter",
    "hidden": "hidden_layer_sizes",
    "learning_rate": "learning_rate_init",
    "min_delta": "tol",
    "optimizer": "solver",
    "patience": "n_iter_no_change",
    "seed": "random_state",
    "threads": "n_jobs",
    "weight_decay": "alpha",
}

# What the data and the estimator say.
LEFT_OUT = {"task", "target", "weight"}
OF_CLASSIFIER = {"class_weight", "decide"}
OF_REGRESSOR = {"quantile_level"}

TYPES = {
    "FLAG": "bool",
    "WHOLE": "int or str",
    "SEED": "int",
    "REAL": "float or str",
    "CHOICE": "str",
    "NAMES": "str or sequence of str",
    "WIDTHS": "int, str or sequence of int",
    "SIGN": "str",
    "SWITCH": "bool",
    "TEXT": "str",
}
HINTS = {
    "bool": "bool",
    "int": "int",
    "int or str": "Union[int, str]",
    "float": "float",
    "float or str": "Union[float, str]",
    "str": "str",
    "str or sequence of str": "Union[str, Sequence[str]]",
    "int, str or sequence of int": "Union[int, str, Sequence[int]]",
    "dict or str": "Union[Mapping[Any, float], str]",
    "int or RandomState": "Union[int, np.random.RandomState]",
}


class Parameter(NamedTuple):
    """A keyword of an estimator."""

    name: str
    type: str
    default: Any
    text: str


# What the option table does not have, or says in the words of the command.
OWN = [
    Parameter("preset", "str", "quick",
              "Defaults that go together: 'quick' (GELU, softmax with cross-entropy or linear outputs with squared "
              "error, AdamW with a cosine schedule, few epochs), 'modern' (the same with wider layers and more epochs, "
              "for the best that one network gives), 'classic' (logistic neurons, squared error, gradient descent) or "
              "'ensemble' (25 networks of five kinds, each without a fifth of the rows). It says what every parameter "
              "that is None stands for."),
]
WORDS = {
    "random_state": Parameter("random_state", "int or RandomState", None,
                              "Seed of the first weights, the order of samples, dropout and the validation rows. None "
                              "is 1: the same data give the same weights, as with the command. A RandomState draws "
                              "another seed in each fit."),
    "n_jobs": Parameter("n_jobs", "int", None,
                        "Threads; no bit of the result depends on it. None, and -1: as many as are usable, fewer if "
                        "timing says so; within a worker of joblib one."),
    "n_iter_no_change": Parameter("n_iter_no_change", "int", None,
                                  "With `early_stopping`: the fit ends after so many epochs without a better one and "
                                  "without a lower loss than any before. None is 10; 0 never ends it."),
    "shuffle": Parameter("shuffle", "bool", True, "Whether samples have a new order in every epoch."),
    "keep_best": Parameter("keep_best", "bool", True,
                           "With `early_stopping`: end with the weights of the best epoch, not of the last one."),
    "class_weight": Parameter("class_weight", "dict or str", None,
                              "What the rows of each class count: 'balanced', or a number for some classes, others 1."),
    "missing": Parameter("missing", "str", None,
                         "What a missing input (NaN, None) counts as: 'error', the 'mean' or 'median' of its column, "
                         "or 'indicator': the mean, and one more input that says so. In a column of text a missing "
                         "cell is a category of its own unless it is an error. None is 'error'."),
}
# Words in the help of the command, and what they are here.
OF_COMMAND = [
    ("--clip-value", "`clip_value`"),
    ("--clip-norm", "`clip_norm`"),
    ("--from", "`warm_start`"),
    ("--member-rows folds", "`member_rows='folds'`"),
    ("--loss ", "`loss` "),
    ("--init ", "`init` "),
    ("by comma, such as 128,64; none for no", "such as (128, 64); () for no"),
    (", by comma,", ","),
]
BEFORE = {
    "metric": [
        Parameter("early_stopping", "bool", False,
                  "Hold out rows for validation, and end when they are predicted no better."),
        Parameter("validation_fraction", "float", 0.1,
                  "With `early_stopping`: share of the rows, in (0, 1); of classes each keeps its share."),
    ],
    "n_jobs": [
        Parameter("warm_start", "bool", False, "Whether `fit` goes on from the weights of the fit before."),
        Parameter("verbose", "bool", False, "Print a line after each epoch."),
    ],
}


def load(path: str) -> Any:
    loader = importlib.machinery.ExtensionFileLoader("batchprop._native", path)
    spec = importlib.util.spec_from_loader("batchprop._native", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def text_of(native: Any, chars: Any) -> str:
    return "" if chars == native.ffi.NULL else native.ffi.string(chars).decode()


def options(native: Any) -> list[Any]:
    """The rows of the owners that training reads, without those that the data say; each field once."""
    owners = [native.lib.BP_OPTION_OF_MODEL, native.lib.BP_OPTION_OF_TRAINING, native.lib.BP_OPTION_OF_ENSEMBLE]
    rows, seen = [], set(LEFT_OUT)
    for index in range(native.lib.bp_option_count()):
        row = native.ffi.new("bp_option_info *")
        assert native.lib.bp_option_get(index, row, native.ffi.NULL) == 0
        field = text_of(native, row.field)
        # The seed stands with training.
        if row.owner in owners and field not in seen and (field, row.owner) != ("seed", owners[0]):
            seen.add(field)
            rows.append(row)
    return rows


def names_of(native: Any, row: Any) -> list[str]:
    """The names of a choice that can be given."""
    names = []
    for value in range(64):
        name = text_of(native, native.lib.bp_choice_name(row.choice, value))
        if name and (not row.allowed or row.allowed >> value & 1):
            names.append(name)
    return names


def describe(native: Any, row: Any, kind: str) -> str:
    """The help of the command, in the names of the parameters, with its choices and defaults."""
    text = text_of(native, row.help)
    for said, here in OF_COMMAND:
        text = text.replace(said, here)
    text = text[0].upper() + text[1:] + "."
    if kind in ("CHOICE", "NAMES"):
        text += " One of " + ", ".join(f"'{name}'" for name in names_of(native, row)) + "."
    classic = text_of(native, row.classic)
    modern = text_of(native, row.modern) or classic
    quick = text_of(native, row.quick) or modern
    instead = text_of(native, row.instead)
    others = [f"{preset}: {value}" for preset, value in (("modern", modern), ("classic", classic)) if value != quick]
    if quick:
        text += f" None: {quick}" + (f" ({', '.join(others)})" if others else "")
        text += (f"; auto is {instead}" if instead and "auto" in (quick, modern, classic) else "") + "."
    return text


def parameter(native: Any, row: Any, kinds: dict[int, str]) -> Parameter:
    field = text_of(native, row.field)
    name = NAMES.get(field, field)
    if name in WORDS:
        return WORDS[name]
    kind = kinds[row.kind]
    return Parameter(name, TYPES[kind], None, describe(native, row, kind))


def parameters(native: Any, rows: list[Any], kinds: dict[int, str], without: set[str]) -> list[Parameter]:
    found = list(OWN)
    for row in rows:
        one = parameter(native, row, kinds)
        if one.name not in without:
            found += BEFORE.get(one.name, []) + [one]
    return found


def document(found: list[Parameter]) -> str:
    lines = []
    for one in found:
        lines.append(f"    {one.name} : {one.type}, default={one.default!r}")
        lines += textwrap.wrap(one.text, 100, initial_indent=" " * 8, subsequent_indent=" " * 8,
                               break_on_hyphens=False)
    return "\n".join(lines)


def define(title: str, found: list[Parameter]) -> str:
    arguments = ""
    for one in found:
        hint = HINTS[one.type] if one.default is not None else f"Optional[{HINTS[one.type]}]"
        arguments += f"        {one.name}: {hint} = {one.default!r},\n"
    body = "".join(f"        self.{one.name} = {one.name}\n" for one in found)
    return (f"class {title}Parameters:\n"
            f'    """What {title} is asked for."""\n\n'
            f"    def __init__(\n        self,\n        *,\n{arguments}    ) -> None:\n{body}\n\n"
            f'{title.upper()}_PARAMETERS = """\\\n{document(found)}\n"""\n\n\n')


def table(native: Any, rows: list[Any], kinds: dict[int, str]) -> str:
    """For each parameter its owner, the name of its option, what its text looks like, and whether that says the opposite."""
    owners = {native.lib.BP_OPTION_OF_MODEL: "model", native.lib.BP_OPTION_OF_TRAINING: "train",
              native.lib.BP_OPTION_OF_ENSEMBLE: "ensemble"}
    lines = ""
    for row in rows:
        field, option = text_of(native, row.field), text_of(native, row.name)
        word = text_of(native, row.word)
        lines += (f"    {NAMES.get(field, field)!r}: ({owners[row.owner]!r}, {option!r}, {kinds[row.kind]!r}, "
                  f"{bool(row.negated)!r}, {word!r}),\n")
    return f"OPTIONS: dict[str, tuple[str, str, str, bool, str]] = {{\n{lines}}}\n"


def main(extension: str, output: str) -> None:
    native = load(extension)
    kinds = {getattr(native.lib, f"BP_OPTION_{kind}"): kind for kind in TYPES}
    rows = options(native)
    text = (
        '"""Made by make_parameters.py from the table of options of the library."""\n\n'
        "# flake8: noqa\n"
        "from __future__ import annotations\n\n"
        "from collections.abc import Mapping, Sequence\n"
        "from typing import Any, Optional, Union\n\n"
        "import numpy as np\n\n\n"
    )
    text += define("Classifier", parameters(native, rows, kinds, OF_REGRESSOR))
    text += define("Regressor", parameters(native, rows, kinds, OF_CLASSIFIER))
    text += table(native, rows, kinds)
    Path(output).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
