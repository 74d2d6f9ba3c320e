"""Files of Parquet and Arrow for the command, which reads and writes CSV: it gets them as pipes."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ._arrow import is_number, is_text, refuse, to_numbers

ENDINGS = (".parquet", ".arrow", ".feather", ".ipc")
# What the command takes for a number: batchprop(1), "Reading the data".
_NUMBER = r"^ *[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)? *$"


class FileError(Exception):
    """What is wrong with a file, and the exit status of the command for it."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


def is_arrow(path: str) -> bool:
    """By its name."""
    return path.lower().endswith(ENDINGS)


def _library() -> Any:
    try:
        import pyarrow
        import pyarrow.csv  # noqa: F401
        import pyarrow.ipc  # noqa: F401
    except ImportError:
        raise FileError("files of Parquet and Arrow are read by PyArrow, which is not there: install pyarrow", 6) from None
    return pyarrow


class Input:
    """A file that is read, part by part."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._pyarrow = _library()
        try:
            file = self._open()
        except (OSError, ValueError, self._pyarrow.ArrowException) as error:
            self._fail(error)
        self.schema = getattr(file, "schema_arrow", file.schema)
        self._check()

    def _open(self) -> Any:
        if self.path.lower().endswith(".parquet"):
            from pyarrow.parquet import ParquetFile

            return ParquetFile(self.path)
        return _open_ipc(self._pyarrow, self.path)

    def _fail(self, error: Exception) -> NoReturn:
        # PyArrow raises an OSError without a number for files that are damaged.
        status = 4 if isinstance(error, OSError) and error.errno else 3
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{self.path}: {' '.join(reason.split())}", status) from None

    def _check(self) -> None:
        names = self.schema.names
        if not names:
            raise FileError(f"{self.path}: there is no column", 3)
        twice = next((name for k, name in enumerate(names) if name in names[:k]), None)
        if twice is not None:
            raise FileError(f'{self.path}: two columns are called "{twice}"', 3)
        for field in self.schema:
            if not is_number(field.type) and not is_text(field.type):
                try:
                    refuse(f'{self.path}: column "{field.name}"', field.type)
                except ValueError as error:
                    raise FileError(str(error), 3) from None

    def batches(self) -> Iterator[Any]:
        """The rows, as batches of Arrow, from the first on."""
        try:
            yield from self._batches()
        except BrokenPipeError:
            raise
        except (OSError, ValueError, self._pyarrow.ArrowException) as error:
            self._fail(error)

    def _batches(self) -> Iterator[Any]:
        file = self._open()
        if hasattr(file, "iter_batches"):
            yield from file.iter_batches()
        elif hasattr(file, "num_record_batches"):
            for k in range(file.num_record_batches):
                yield file.get_batch(k)
        else:
            yield from file

    def numerals(self) -> list[str]:
        """The columns of texts of which all are numerals: CSV alone would make numbers of them."""
        import pyarrow.compute as compute

        left = [field.name for field in self.schema if is_text(field.type)]
        found = set()
        for batch in self.batches():
            for name in list(left):
                texts = batch.column(name).cast("large_string").drop_null()
                if compute.any(compute.invert(compute.match_substring_regex(texts, _NUMBER))).as_py():
                    left.remove(name)
                elif len(texts):
                    found.add(name)
            if not left:
                break
        return [name for name in left if name in found]

    def write_csv(self, stream: Any) -> None:
        """All rows with a header; texts are in quotes, and missing cells empty."""
        pyarrow = _library()
        fields = [pyarrow.field(field.name, pyarrow.large_string() if is_text(field.type) else _cell_type(pyarrow, field.type))
                  for field in self.schema]
        with pyarrow.csv.CSVWriter(stream, pyarrow.schema(fields)) as writer:
            for batch in self.batches():
                columns = [_cells(column, field.type) for column, field in zip(batch.columns, fields)]
                writer.write_batch(pyarrow.record_batch(columns, pyarrow.schema(fields)))


def _open_ipc(pyarrow: Any, path: str) -> Any:
    with open(path, "rb") as file:
        start = file.read(6)
    if start[:4] == b"FEA1":
        raise ValueError("version 1 of Feather: write it as version 2")
    source = pyarrow.memory_map(path)
    return pyarrow.ipc.open_file(source) if start == b"ARROW1" else pyarrow.ipc.open_stream(source)


def _cell_type(pyarrow: Any, kind: Any) -> Any:
    """As which numbers are written: integers as they are, truth values as 0 and 1."""
    types = pyarrow.types
    if types.is_boolean(kind) or types.is_null(kind):
        return pyarrow.int8()
    if types.is_float16(kind):
        return pyarrow.float32()
    return kind if types.is_integer(kind) or types.is_float32(kind) else pyarrow.float64()


def _cells(column: Any, kind: Any) -> Any:
    import pyarrow
    import pyarrow.compute as compute

    if pyarrow.types.is_float64(kind):
        return to_numbers(column)
    cells = column.cast(kind)
    if pyarrow.types.is_float32(kind):
        cells = compute.if_else(compute.is_nan(cells), pyarrow.scalar(None, kind), cells)
    return cells


def write_predictions(table: str, path: str, texts: set[str]) -> None:
    """The CSV file `table` that predict has written as a file of Arrow; `texts` names the columns that are no numbers."""
    pyarrow = _library()
    with open(table, encoding="utf-8", newline="") as file:
        names = next(csv.reader(file), [])
    types = {name: pyarrow.string() if name in texts else pyarrow.float64() for name in names}
    found = pyarrow.csv.read_csv(
        table, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=False))
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        if path.lower().endswith(".parquet"):
            from pyarrow.parquet import write_table

            write_table(found, temporary)
        else:
            with pyarrow.ipc.new_file(temporary, found.schema) as writer:
                writer.write_table(found)
        os.replace(temporary, path)
    except OSError as error:
        raise FileError(f"cannot write {path}: {error.strerror or error}", 4) from None
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)


def quote_list(names: list[str]) -> str:
    """As the command takes a list of columns."""
    return ",".join('"' + name.replace('"', '""') + '"' if re.search(r'[,"]|^\s|\s$', name) else name for name in names)
