"""The systems that quality.py compares, each with its defaults, on one thread: a system learns from
the training rows of a fold and answers for its other rows."""

import csv
import importlib
import importlib.metadata
import pathlib
import resource
import re
import shlex
import subprocess
import tempfile
import time
import typing

from quality_measures import expand
from quality_tables import write_csv

SEED = 1
BATCHPROP = {"classic": "", "modern": "--preset modern", "five": "--preset modern --members 5",
             "ensemble": "--preset ensemble"}


class Answers(typing.NamedTuple):
    """What a system says of the test rows, and its processor time in seconds. Of an ensemble whose
    members leave out rows also what it says of the training rows by those that did not see them,
    and for test rows with numbers the spread."""
    answer: typing.Sequence
    cpu: float
    left_answer: typing.Sequence = ()
    spread: typing.Sequence = ()


def one_hot(table):
    """Columns as users of scikit-learn prepare them: numbers filled in and standardized, categories
    one-hot."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    numbers = [name for name in table.inputs if name not in table.categorical]
    return make_column_transformer(
        (make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), table.categorical))


def linear(table):
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    return make_pipeline(one_hot(table),
                         LogisticRegression() if table.task == "classes" else Ridge())


def mlp(table):
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    net = MLPClassifier if table.task == "classes" else MLPRegressor
    return make_pipeline(one_hot(table), net(random_state=SEED))


def mlp_scaled(table):
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler
    if table.task == "classes":
        return mlp(table)
    return TransformedTargetRegressor(mlp(table), transformer=StandardScaler())


def voting(table):
    """Five networks of scikit-learn that differ by seed: the mean of their probabilities, or of
    their numbers, with the target standardized."""
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.ensemble import VotingClassifier, VotingRegressor
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    net = MLPClassifier if table.task == "classes" else MLPRegressor
    five = [(f"net{i}", net(random_state=SEED + i)) for i in range(5)]
    if table.task == "classes":
        return make_pipeline(one_hot(table), VotingClassifier(five, voting="soft"))
    return TransformedTargetRegressor(make_pipeline(one_hot(table), VotingRegressor(five)),
                                      transformer=StandardScaler())


def lightgbm(table, **options):
    import lightgbm as lgb
    return (lgb.LGBMClassifier if table.task == "classes" else lgb.LGBMRegressor)(
        n_jobs=1, random_state=SEED, verbose=-1, **options)


def lightgbm_more(table):
    """Ten times the trees and a tenth of the learning rate, the best of 0.01, 0.02 and 0.05 on the
    chosen tables."""
    return lightgbm(table, n_estimators=1000, learning_rate=0.01)


def catboost(table):
    import catboost as cb
    return (cb.CatBoostClassifier if table.task == "classes" else cb.CatBoostRegressor)(
        thread_count=1, random_seed=SEED, verbose=False, allow_writing_files=False,
        cat_features=table.categorical)


def realmlp(table):
    from pytabkit import RealMLP_TD_Classifier, RealMLP_TD_Regressor
    return (RealMLP_TD_Classifier if table.task == "classes" else RealMLP_TD_Regressor)(
        device="cpu", n_threads=1, random_state=SEED)


class Failed(Exception):
    """The command ended with an error."""


class Peer:
    """A system of Python. `package` is the one whose version its results depend on. Gaps are
    measured from the peers with their `defaults` alone."""

    def __init__(self, name, title, package, module, make, defaults=True):
        self.name, self.title, self.package, self.module, self.make, self.defaults = \
            name, title, package, module, make, defaults
        self.warm = False

    def version(self):
        return importlib.metadata.version(self.package)

    def prepare(self, table):
        """The inputs as this system takes them."""
        inputs = table.inputs
        if self.package in ("lightgbm", "pytabkit"):
            inputs = inputs.astype({name: "category" for name in table.categorical})
        if self.name == "realmlp":  # which takes no missing numbers
            inputs = inputs.fillna(inputs.mean(numeric_only=True))
        return inputs

    def run(self, table, train, test):
        """The Answers for the rows `test`."""
        if not self.warm:  # the time to import is not counted
            importlib.import_module(self.module)
            self.make(table)
            self.warm = True
        inputs = self.prepare(table)
        model = self.make(table)
        start = time.process_time()
        model.fit(inputs.iloc[train], table.target[train])
        answer = model.predict(inputs.iloc[test])
        spent = time.process_time() - start
        return Answers(answer.reshape(-1), spent)


class Batchprop:
    """The command with options; `options` may hold the expressions of quality_measures.expand()."""

    def __init__(self, command, name, options):
        self.command, self.name, self.options = command, name, options
        self.title = f"batchprop {name}"
        self.leaves_out = bool({"ensemble", "folds", "bootstrap"} & set(re.split("[ =]", options)))

    def call(self, *arguments):
        done = subprocess.run([self.command, *map(str, arguments)], capture_output=True, text=True,
                              check=False)
        if done.returncode:
            raise Failed(done.stderr.strip() or f"exit status {done.returncode}")

    @staticmethod
    def read(path, table):
        """The columns of a file of predictions by name; that of the target as scores take it."""
        with open(path, newline="", encoding="utf-8") as file:
            head, *lines = csv.reader(file)
        columns = dict(zip(head, zip(*lines)))
        columns["target"] = [int(text.removeprefix("class ")) if table.task == "classes"
                             else float(text) for text in columns["target"]]
        return columns

    def run(self, table, train, test):
        """Training and prediction from files to a file, all of which is counted."""
        inputs = table.inputs
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            for name, rows in (("train", train), ("test", test)):
                write_csv(folder / f"{name}.csv", table, inputs.iloc[rows], rows)
            task = "classify" if table.task == "classes" else "regress"
            columns = ["--categorical", ",".join(table.categorical)] if table.categorical else []
            if inputs.isna().to_numpy().any():
                columns += ["--missing", "mean"]
            options = shlex.split(expand(self.options, len(train), inputs.shape[1], table.classes))
            left = ["--out-of-fold", folder / "left"] if self.leaves_out else []
            spread = ["--spread"] if self.leaves_out and table.task == "numbers" else []
            start = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.call("train", folder / "train.csv", "--out", folder / "model", "--header", "yes",
                      "--task", task, "--threads", 1, "--seed", SEED, *columns, *options, *left)
            self.call("predict", folder / "model", folder / "test.csv", "--header", "yes",
                      "--unknown", "most-frequent", "--threads", 1, *spread, "--out",
                      folder / "answers.csv")
            end = resource.getrusage(resource.RUSAGE_CHILDREN)
            said = self.read(folder / "answers.csv", table)
            of_left = self.read(folder / "left", table) if left else {"target": ()}
            if left and len(of_left["target"]) != len(train):
                raise Failed("--out-of-fold has not all rows")
        return Answers(said["target"],
                       end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime,
                       of_left["target"], [float(text) for text in said.get("spread_target", ())])


PEERS = [
    Peer("linear", "logistic/ridge", "scikit-learn", "sklearn.linear_model", linear),
    Peer("mlp", "scikit-learn MLP", "scikit-learn", "sklearn.neural_network", mlp),
    Peer("mlp-scaled", "scikit-learn MLP, scaled target", "scikit-learn",
         "sklearn.neural_network", mlp_scaled),
    Peer("lightgbm", "LightGBM", "lightgbm", "lightgbm", lightgbm),
    Peer("catboost", "CatBoost", "catboost", "catboost", catboost),
    Peer("realmlp", "RealMLP", "pytabkit", "pytabkit", realmlp),
    Peer("voting", "scikit-learn, vote of 5 MLPs", "scikit-learn", "sklearn.neural_network",
         voting, defaults=False),
    Peer("lightgbm-1000", "LightGBM, 1,000 trees", "lightgbm", "lightgbm", lightgbm_more,
         defaults=False),
]
