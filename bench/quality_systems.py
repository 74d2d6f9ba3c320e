"""The systems that quality.py compares, each with its defaults, on one thread: a system learns from
the training rows of a fold and answers for its other rows."""

import csv
import importlib
import importlib.metadata
import pathlib
import resource
import shlex
import subprocess
import tempfile
import time

from quality_measures import expand
from quality_tables import write_csv

SEED = 1
BATCHPROP = {"classic": "", "modern": "--preset modern"}


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


def lightgbm(table):
    import lightgbm as lgb
    return (lgb.LGBMClassifier if table.task == "classes" else lgb.LGBMRegressor)(
        n_jobs=1, random_state=SEED, verbose=-1)


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
    """A system of Python. `package` is the one whose version its results depend on."""

    def __init__(self, name, title, package, module, make):
        self.name, self.title, self.package, self.module, self.make = \
            name, title, package, module, make
        self.warm = False

    def version(self):
        return importlib.metadata.version(self.package)

    def prepare(self, table):
        """The inputs as this system takes them."""
        inputs = table.inputs
        if self.name in ("lightgbm", "realmlp"):
            inputs = inputs.astype({name: "category" for name in table.categorical})
        if self.name == "realmlp":  # which takes no missing numbers
            inputs = inputs.fillna(inputs.mean(numeric_only=True))
        return inputs

    def run(self, table, train, test):
        """The answers for the rows `test` and the processor time in seconds."""
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
        return answer.reshape(-1), spent


class Batchprop:
    """The command with options; `options` may hold the expressions of quality_measures.expand()."""

    def __init__(self, command, name, options):
        self.command, self.name, self.options = command, name, options
        self.title = f"batchprop {name}"

    def call(self, *arguments):
        done = subprocess.run([self.command, *map(str, arguments)], capture_output=True, text=True,
                              check=False)
        if done.returncode:
            raise Failed(done.stderr.strip() or f"exit status {done.returncode}")

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
            start = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.call("train", folder / "train.csv", "--out", folder / "model", "--header", "yes",
                      "--task", task, "--threads", 1, "--seed", SEED, *columns, *options)
            self.call("predict", folder / "model", folder / "test.csv", "--header", "yes",
                      "--unknown", "most-frequent", "--threads", 1, "--out",
                      folder / "answers.csv")
            end = resource.getrusage(resource.RUSAGE_CHILDREN)
            with open(folder / "answers.csv", newline="", encoding="utf-8") as file:
                answers = [line[0] for line in list(csv.reader(file))[1:]]
        spent = end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime
        if table.task == "classes":
            return [int(answer.removeprefix("class ")) for answer in answers], spent
        return [float(answer) for answer in answers], spent


PEERS = [
    Peer("linear", "logistic/ridge", "scikit-learn", "sklearn.linear_model", linear),
    Peer("mlp", "scikit-learn MLP", "scikit-learn", "sklearn.neural_network", mlp),
    Peer("mlp-scaled", "scikit-learn MLP, scaled target", "scikit-learn",
         "sklearn.neural_network", mlp_scaled),
    Peer("lightgbm", "LightGBM", "lightgbm", "lightgbm", lightgbm),
    Peer("catboost", "CatBoost", "catboost", "catboost", catboost),
    Peer("realmlp", "RealMLP", "pytabkit", "pytabkit", realmlp),
]
