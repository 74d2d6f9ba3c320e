"""Sentences of the library in the words of Python: its options are parameters here, and the command is not there."""

from __future__ import annotations

import re
from typing import Any

from ._parameters import OPTIONS

_PARAMETERS = {option: name for name, (_, option, _, _, _) in OPTIONS.items()}
# Names with a dash, which no other word has, but for the words of choices, such as "leaky-relu".
_DASHED = "|".join(sorted((option for option in _PARAMETERS if "-" in option), key=len, reverse=True))
HOW_MISSING = "fit with missing='mean', 'median' or 'indicator', or fill them in"


def _row(found: Any) -> str:
    return f"row {int(found[1]) - 1} (from 0), {found[2]}"


def _dashed(found: Any) -> str:
    return _PARAMETERS[found[1]]


_IN_PYTHON: list[tuple[str, Any]] = [
    (r"^memory: ", ""),
    (r"^a fraction of", "validation_fraction: a fraction of"),
    (r"\brow (\d+), (column |the )", _row),
    (r"if inputs may be missing, say so .*", HOW_MISSING),
    (r", and the model was made without a rule .*", f": {HOW_MISSING}"),
    (r": bp_predict_blocks\(\) takes missing cells", ""),
    (r" with --ignore\b.*", ""),
    (r"give some \(--valid-fraction 0\.1\)", "give early_stopping=True"),
    (r"\bno-keep-best\b", "keep_best=False"),
    (rf"(?<![\w\"-])({_DASHED})(?![\w\"-])", _dashed),
    (r"\boutput activation\b", "output_activation"),
    (r"^learning_rate ", "learning_rate_init "),
    (r"^class weights:", "class_weight:"),
    (r"\bhidden none\b", "hidden_layer_sizes=()"),
    (r"\bwith optimizer\b", "with solver"),
    (r"\btask regress\b", "BatchpropRegressor"),
    (r"\btask classify\b", "BatchpropClassifier"),
]


def in_python(sentence: str) -> str:
    """The sentence as users of the package understand it."""
    for pattern, words in _IN_PYTHON:
        sentence = re.sub(pattern, words, sentence)
    return sentence


def of_option(option: str, sentence: str) -> str:
    """The same of a sentence that may begin with the name of this option."""
    if sentence.startswith(option):
        sentence = _PARAMETERS.get(option, option) + sentence[len(option) :]
    return in_python(sentence)
