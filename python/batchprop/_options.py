"""Parameters of an estimator as the option structs of the library."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any, Optional

import numpy as np

from ._library import NULL, check, new_error, text
from ._native import ffi, lib
from ._parameters import OPTIONS
from ._sentences import of_option

_OWNERS = {"model": lib.BP_OPTION_OF_MODEL, "train": lib.BP_OPTION_OF_TRAINING, "ensemble": lib.BP_OPTION_OF_ENSEMBLE}
_SET = {
    "model": lib.bp_model_options_set,
    "train": lib.bp_train_options_set,
    "ensemble": lib.bp_ensemble_options_set,
}
_INIT = {
    "model": lib.bp_model_options_init,
    "train": lib.bp_train_options_init,
    "ensemble": lib.bp_ensemble_options_init,
}
_OF_SEVERAL = [name for name, row in OPTIONS.items() if row[0] == "ensemble"]
_TYPES = {owner: ffi.typeof(f"bp_{owner}_options *") for owner in _OWNERS}
_OF_A_FIT = ("random_state", "n_jobs")  # other numbers in each struct
_THREADS = 1024  # the most that the library takes

# Defaults of a preset beside a solver, for one kind of networks: struct by owner.
_defaults: dict[tuple[int, int, int], dict[str, Any]] = {}

# By parameters of these types, whose values do not change.
_templates: dict[tuple[Any, ...], _Template] = {}
_MOST_TEMPLATES = 256
_PLAIN = {type(None), bool, float, int, str, tuple}


def to_text(name: str, value: Any) -> str:
    """What the library reads for a value: `(64, 32)` is "64,32", `()` "none"."""
    _, _, kind, negated, word = OPTIONS[name]
    if isinstance(value, str):
        return value
    if kind == "FLAG":
        return "true" if is_true(name, value) != negated else "false"
    if kind == "SWITCH":
        return "on" if is_true(name, value) else "off"
    if kind in ("WIDTHS", "NAMES"):
        return _list_text(name, value, kind)
    if kind == "WHOLE" and word not in ("", "auto") and (value == 0 or value == float("inf")):
        return word
    if isinstance(value, Mapping):
        return ",".join(f"{_item(str(one))}={_weight(name, one, weight)}" for one, weight in value.items())
    if kind == "REAL" and isinstance(value, Real):
        return repr(float(value))
    return str(value)


def is_true(name: str, value: Any) -> bool:
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name}: {value!r} is neither True nor False")
    return bool(value)


def _list_text(name: str, value: Any, kind: str) -> str:
    several = isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, bytes)
    texts = [str(one) for one in value] if several else [str(value)]
    if kind == "NAMES":
        return ",".join(texts)
    if "0" in texts:
        raise ValueError(f"{name}: a layer has one neuron at least, not 0; () is no hidden layer")
    return ",".join(texts) or "none"


def _weight(name: str, one: Any, weight: Any) -> str:
    if not isinstance(weight, Real):
        raise ValueError(f"{name}: {weight!r}, the weight of {one!r}, is not a number")
    return repr(float(weight))


def _item(name: str) -> str:
    """A name in a list of the library: in quotes where it has a comma or a quote."""
    if any(sign in name for sign in ',"=') or name != name.strip():
        return '"' + name.replace('"', '""') + '"'
    return name


def put(struct: Any, owner: str, option: str, value: str) -> Any:
    """Puts the value of an option into a struct; returns what must live as long as it."""
    chars = ffi.new("char[]", value.encode())
    error = new_error()
    if _SET[owner](struct, option.encode(), chars, error) != lib.BP_OK:
        raise ValueError(of_option(option, text(error.message)))
    return chars


def _choice(choice: int, name: str, parameter: str) -> int:
    value, error = ffi.new("int *"), new_error()
    if lib.bp_choice_value(choice, str(name).encode(), value, error) != lib.BP_OK:
        raise ValueError(f"{parameter}: {text(error.message)}")
    found: int = value[0]
    return found


def _preset_text(preset: int, optimizer: int, owner: str, option: str, kind: int) -> Optional[str]:
    chars = lib.bp_preset_text(preset, optimizer, _OWNERS[owner], option.encode())
    if chars == NULL:
        return None
    alternatives = text(chars).split(";")
    return alternatives[min(kind, len(alternatives) - 1)]


def _make_defaults(preset: int, optimizer: int, kind: int) -> dict[str, Any]:
    made = {}
    for owner in _OWNERS:
        made[owner] = ffi.new(_TYPES[owner])
        _INIT[owner](made[owner], ffi.sizeof(f"bp_{owner}_options"))
    for owner, option, _, _, _ in OPTIONS.values():
        value = _preset_text(preset, optimizer, owner, option, kind)
        if value is not None:
            put(made[owner], owner, option, value)
    return made


def _defaults_of(preset: int, solver: Optional[str], kind: int) -> dict[str, Any]:
    named = solver
    if named is None:
        named = _preset_text(preset, lib.BP_OPTIMIZER_SGD, "train", "optimizer", kind)
    assert named is not None
    optimizer = _choice(lib.BP_CHOICE_OPTIMIZER, named, "solver")
    found = _defaults.get((preset, optimizer, kind))
    if found is None:
        found = _defaults[preset, optimizer, kind] = _make_defaults(preset, optimizer, kind)
    return found


def usable_threads(n_jobs: Optional[int]) -> int:
    """Threads for the library; 0 leaves the number to it. A worker of joblib has one processor."""
    if n_jobs is not None and not (isinstance(n_jobs, (int, np.integer)) and n_jobs != 0 and n_jobs <= _THREADS):
        raise ValueError(f"n_jobs: {n_jobs!r} is not a whole number from 1 to {_THREADS}, nor one below 0")
    if n_jobs is not None and n_jobs < 0:
        usable: int = lib.bp_usable_processors()
        return 0 if n_jobs == -1 else max(1, usable + 1 + n_jobs)
    if n_jobs:
        return int(n_jobs)
    if "joblib" in sys.modules and _in_joblib():
        return 1
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return int(limit) if limit.isdigit() and int(limit) > 0 else 0


def _in_joblib() -> bool:
    from joblib.parallel import get_active_backend

    return bool(get_active_backend()[0].nesting_level)


def fraction_of(values: Mapping[str, Any]) -> float:
    """The share of the rows for validation."""
    share = values["validation_fraction"]
    if not (isinstance(share, Real) and 0 < float(share) < 1):
        raise ValueError(f"validation_fraction: {share!r} is not a number above 0 and below 1")
    return float(share)


class _Template:
    """What parameters stand for, seeds and threads aside: structs of a model, a training and an ensemble, by kind."""

    def __init__(self, values: Mapping[str, Any], fixed: Mapping[str, str]) -> None:
        preset = _choice(lib.BP_CHOICE_PRESET, values["preset"], "preset")
        self.given = _given(values)
        self.kept: list[Any] = []
        self.kinds: list[dict[str, Any]] = []
        for kind in range(lib.bp_preset_kinds(preset)):
            structs = _copies(_defaults_of(preset, self.given.get("solver"), kind))
            self._put(structs, preset, kind)
            for option, value in fixed.items():
                self.kept.append(put(structs["model"], "model", option, value))
            self.kinds.append(structs)

    def _put(self, structs: dict[str, Any], preset: int, kind: int) -> None:
        for name, (owner, option, _, _, _) in OPTIONS.items():
            if name in self.given:
                self.kept.append(put(structs[owner], owner, option, to_text(name, self.given[name])))
            elif name == "activation" and "hidden_layer_sizes" in self.given:
                value = _preset_text(preset, structs["train"].optimizer, owner, option, kind)
                assert value is not None
                put(structs[owner], owner, option, value)


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that an option of the library takes."""
    given = {name: value for name, value in values.items() if value is not None and name in OPTIONS}
    for name in _OF_A_FIT:
        given.pop(name, None)
    if not is_true("early_stopping", values["early_stopping"]):
        # As scikit-learn has it: they are there for when it is set.
        for name in ("keep_best", "metric", "n_iter_no_change") + (("tol",) if given.get("schedule") != "plateau" else ()):
            given.pop(name, None)
    elif "n_iter_no_change" not in given:
        given["n_iter_no_change"] = 10
    return given


def _copies(structs: Mapping[str, Any]) -> dict[str, Any]:
    return {owner: ffi.new(_TYPES[owner], struct[0]) for owner, struct in structs.items()}


def _template(values: Mapping[str, Any], fixed: Mapping[str, str]) -> _Template:
    """Made once for the same parameters, which most fits of a program have: to read their texts takes longer than to
    train on a small table."""
    plain = [value for name, value in values.items() if name not in _OF_A_FIT]
    kinds = list(map(type, plain))  # since True == 1 == 1.0
    entries: list[type] = []
    for value in plain:
        if value.__class__ is tuple:
            entries += map(type, value)
    kinds += entries
    if tuple in entries or not _PLAIN.issuperset(kinds):
        return _Template(values, fixed)
    key = (*plain, *kinds, *fixed.items())
    found = _templates.get(key)
    if found is None:
        found = _Template(values, fixed)
        if len(_templates) == _MOST_TEMPLATES:
            _templates.clear()
        _templates[key] = found
    return found


class Options:
    """The structs of a fit: a model and a training for each kind of networks, and the ensemble of them.

    Parameters
    ----------
    values : mapping of str to object
        The parameters of an estimator; None stands for what the preset says.
    seed : int
    fixed : mapping of str to str
        Options of the model that follow from the data, such as its task.
    """

    def __init__(self, values: Mapping[str, Any], seed: int, fixed: Mapping[str, str]) -> None:
        template, threads = _template(values, fixed), usable_threads(values["n_jobs"])
        self._given, self._kept = template.given, [template.kept]
        self.kinds: list[tuple[Any, Any]] = []
        for structs in map(_copies, template.kinds):
            model, train, self.ensemble = structs["model"], structs["train"], structs["ensemble"]
            model.seed = train.seed = self.ensemble.seed = seed
            train.threads = self.ensemble.threads = threads
            self.kinds.append((model, train))
        self.several = len(self.kinds) > 1 or self._asks_for_several(self._given)
        self.model, self.train = self.kinds[0]

    def check_same(self, model: Any) -> None:
        """Raises ValueError where a parameter asks for another network than `model`, a ``bp_model *``, is."""
        names = [ffi.new("char[]", OPTIONS[name][1].encode()) for name in self._given if OPTIONS[name][0] == "model"]
        error = new_error()
        status = lib.bp_model_check_options(model, self.model, ffi.new("const char *[]", names), len(names), error)
        if status != lib.BP_OK:
            sentence = text(error.message)
            raise ValueError(of_option(sentence.split(" ")[0], sentence).replace("the option", "it"))

    def going_on(self, model: Any) -> Any:
        """The ensemble options with which the networks of `model`, a ``bp_model *``, are trained further."""
        kinds = lib.bp_model_kinds(model)
        if kinds not in (0, len(self.kinds)):
            raise ValueError(f"preset: the kinds of networks in the model are {kinds}, and by these parameters "
                             f"{len(self.kinds)}: warm_start goes on with the same")
        if kinds == 1:
            self.check_same(lib.bp_model_get_member(model, 0))
        struct, error = ffi.new("bp_ensemble_options *"), new_error()
        _INIT["ensemble"](struct, ffi.sizeof("bp_ensemble_options"))
        check(lib.bp_ensemble_continue_options(model, struct, error), error)
        for name in _OF_SEVERAL:
            if name in self._given:
                self._kept.append(put(struct, "ensemble", OPTIONS[name][1], to_text(name, self._given[name])))
        struct.seed, struct.threads = self.ensemble.seed, self.ensemble.threads
        return struct

    @staticmethod
    def _asks_for_several(given: Mapping[str, Any]) -> bool:
        return any(given.get(name) not in (None, 1, "auto") for name in _OF_SEVERAL)
