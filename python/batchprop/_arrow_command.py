"""The command with files of Parquet and Arrow: it is given pipes of CSV in their place."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from typing import IO, Optional

from ._arrow_files import FileError, Input, is_arrow, quote_list, write_predictions

_USAGE = 2
_DATA = ("--valid", "--data")  # options that name a file of data
_OF_MODEL = ("eval", "predict", "gradcheck", "report")  # commands whose model knows what its columns are


class Words:
    """A command line: which words are options, their values, and operands."""

    def __init__(self, command: str, words: Sequence[str]) -> None:
        self.words = list(words)
        self.name = self.words[0] if self.words else ""
        listed = subprocess.run([command, self.name, "--complete"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                text=True, check=False).stdout
        fields = [line.split("\t") for line in listed.splitlines()]
        self.options = {field[0]: field[1] != "-" for field in fields if len(field) > 1}
        self.operands: list[int] = []  # places in `words`
        self.values: list[tuple[str, int]] = []  # options with a value, and where it stands
        self._read()

    def _read(self) -> None:
        k = 1
        while k < len(self.words):
            word = self.words[k]
            name = word.split("=", 1)[0]
            if word == "--":
                self.operands += range(k + 1, len(self.words))
                return
            if not word.startswith("-") or word == "-":
                self.operands.append(k)
            elif self.options.get(name):
                k += "=" not in word
                if k < len(self.words):
                    self.values.append((name, k))
            k += 1

    def value(self, place: int) -> str:
        """Of an option, or an operand."""
        word = self.words[place]
        return word.split("=", 1)[1] if word.startswith("--") and "=" in word else word

    def replace(self, place: int, value: str) -> None:
        """Puts another value in its place."""
        word = self.words[place]
        self.words[place] = word.split("=", 1)[0] + "=" + value if word.startswith("--") and "=" in word else value

    def find(self, option: str) -> Optional[int]:
        """Where the value of an option stands that counts; None: it is not given."""
        places = [place for name, place in self.values if name == option]
        return places[-1] if places else None


class Run:
    """One call of the command."""

    def __init__(self, command: str, words: Words) -> None:
        self.command, self.words = command, words
        self.inputs: dict[int, Input] = {}
        self.out: Optional[int] = None
        self.error: Optional[FileError] = None
        self.process: Optional[subprocess.Popen[bytes]] = None
        self._find()

    def _find(self) -> None:
        words, options = self.words, self.words.options
        places = words.operands + [place for name, place in words.values if name in _DATA]
        for place in places:
            if is_arrow(words.value(place)):
                self.inputs[place] = Input(words.value(place))
        out = words.find("--out")
        if words.name == "predict" and out is not None and is_arrow(words.value(out)):
            if "--json" in words.words:
                raise FileError("--out: with --json what is written is no table: leave one of them out", _USAGE)
            self.out = out
        elif out is not None and is_arrow(words.value(out)):
            raise FileError(f"--out: {words.name} writes no table: only predict writes Parquet and Arrow", _USAGE)
        given = {name for name, _ in words.values}
        if self.inputs and "--header" in options and "--header" not in given:
            words.words[1:1] = ["--header", "yes", "--separator", ","]
            self._move(4)
        if self.inputs and "--categorical" in options and words.name not in _OF_MODEL:
            self._name_categories()

    def _move(self, by: int) -> None:
        """Words have come before all others."""
        self.inputs = {place + by: file for place, file in self.inputs.items()}
        self.out = None if self.out is None else self.out + by
        self.words.operands = [place + by for place in self.words.operands]
        self.words.values = [(name, place + by) for name, place in self.words.values]

    def _name_categories(self) -> None:
        names: list[str] = []
        for file in self.inputs.values():
            names += [name for name in file.numerals() if name not in names]
        others = [self.words.value(place) for place in map(self.words.find, ("--id", "--ignore")) if place is not None]
        names = [name for name in names if not any(name in text.split(",") for text in others)]
        if not names:
            return
        place = self.words.find("--categorical")
        if place is not None:
            self.words.replace(place, self.words.value(place) + "," + quote_list(names))
        else:
            self.words.words[1:1] = ["--categorical", quote_list(names)]
            self._move(2)

    def _texts(self) -> set[str]:
        """The columns of a prediction that are no numbers."""
        model = self.words.value(self.words.operands[0])
        told = subprocess.run([self.command, "info", model, "--json"], stdout=subprocess.PIPE, check=False)
        if told.returncode:
            sys.exit(told.returncode)
        info = json.loads(told.stdout)
        found = {column["name"] for column in info["columns"] if column["role"] == "target" and column["kind"] == "category"}
        place = self.words.find("--id")
        identity = self.words.value(place) if place is not None else (info["reading"] or {}).get("id")
        return found | ({identity} if identity else set())

    def _feed(self, file: Input, pipe: str) -> None:
        try:
            with open(pipe, "wb") as stream:
                try:
                    file.write_csv(stream)
                except BrokenPipeError:
                    raise
                except BaseException as error:
                    # Before the pipe is closed: what has been read is not to be taken for all.
                    self._give_up(file.path, error)
        except OSError:  # the command has ended, or reads no more
            pass

    def _give_up(self, path: str, error: BaseException) -> None:
        status = 6 if isinstance(error, MemoryError) else 3
        reason = " ".join(str(error).split()) or type(error).__name__
        self.error = error if isinstance(error, FileError) else FileError(f"{path}: {reason}", status)
        if self.process:
            self.process.kill()
            self.process.wait()

    def _show(self, output: IO[bytes], names: dict[bytes, bytes], target: IO[bytes]) -> None:
        """What the command prints, with the names of the files."""
        for line in output:
            for pipe, name in names.items():
                line = line.replace(pipe, name)
            try:
                target.write(line)
                target.flush()
            except OSError:
                output.close()  # a signal tells the command
                return

    def run(self) -> int:
        """The exit status."""
        texts = self._texts() if self.out is not None else set()
        folder = tempfile.mkdtemp(prefix="batchprop-")
        try:
            return self._run(folder, texts)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _run(self, folder: str, texts: set[str]) -> int:
        target, table = "", os.path.join(folder, "predictions.csv")
        if self.out is not None:
            target = self.words.value(self.out)
            if os.path.isdir(target) or not os.access(os.path.dirname(os.path.abspath(target)), os.W_OK):
                raise FileError(f"cannot write {target}", 4)
            self.words.replace(self.out, table)
        feeds = self._make_pipes(folder)
        # A progress bar needs the terminal itself.
        process = subprocess.Popen(["batchprop", *self.words.words], executable=self.command,
                                   stdout=None if self.words.name == "predict" else subprocess.PIPE,
                                   stderr=None if sys.stderr.isatty() else subprocess.PIPE)
        self.process = process
        handlers = {number: signal.signal(number, lambda number, frame: process.send_signal(number))
                    for number in (signal.SIGTERM, signal.SIGHUP)}
        # The terminal has told the command, too.
        handlers[signal.SIGINT] = signal.signal(signal.SIGINT, lambda number, frame: None)
        try:
            self._exchange(process, feeds)
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
        status = process.wait()
        if status == 0 and target:
            write_predictions(table, target, texts)
        return status

    def _exchange(self, process: subprocess.Popen[bytes], feeds: list[tuple[Input, str]]) -> None:
        """Gives the command its data, and shows what it prints."""
        names = {shlex.quote(pipe).encode(): shlex.quote(file.path).encode() for file, pipe in feeds}
        for file, pipe in feeds:
            threading.Thread(target=self._feed, args=(file, pipe), daemon=True).start()
        said = threading.Thread(target=self._show, args=(process.stderr or [], names, sys.stderr.buffer))
        said.start()
        if process.stdout:
            self._show(process.stdout, names, sys.stdout.buffer)
        said.join()
        process.wait()

    def _make_pipes(self, folder: str) -> list[tuple[Input, str]]:
        """In folders of their own, so that messages have the names of the files."""
        pipes = []
        for k, (place, file) in enumerate(self.inputs.items()):
            os.mkdir(os.path.join(folder, str(k)))
            pipe = os.path.join(folder, str(k), os.path.basename(file.path))
            os.mkfifo(pipe, 0o600)
            self.words.replace(place, pipe)
            pipes.append((file, pipe))
        return pipes


def run(command: str, words: Sequence[str]) -> int:
    """Runs the command with pipes in place of files; its exit status, or that of what is wrong with a file."""
    try:
        whole = Run(command, Words(command, words))
        status = whole.run()
        if whole.error:
            raise whole.error
    except FileError as error:
        print(f"batchprop: {error}", file=sys.stderr)
        return error.status
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    return status
