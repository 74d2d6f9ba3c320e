#!/usr/bin/env python3
"""tensorboard_events.py COMMAND CSV: the event files of `train --tensorboard` hold what the log does.

Records, their checks and their messages are taken apart here, from the formats' documents alone, and
compared with the log of the same run; then TensorBoard's own reader does the same, where it is installed."""

import json
import math
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

try:
    from tensorboard.backend.event_processing import event_accumulator
except ImportError:
    event_accumulator = None


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def read_records(content):
    """The records of a TFRecord file, each check compared."""
    at = 0
    while at < len(content):
        size, check = struct.unpack_from("<QI", content, at)
        assert check == masked(content[at:at + 8])
        data = content[at + 12:at + 12 + size]
        assert len(data) == size
        assert struct.unpack_from("<I", content, at + 12 + size)[0] == masked(data)
        at += size + 16
        yield data


def read_varint(data, at):
    number = shift = 0
    while True:
        number |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return number, at


def read_message(data):
    """The fields of a message of protocol buffers, as pairs of number and content."""
    at, fields = 0, []
    while at < len(data):
        key, at = read_varint(data, at)
        wire = key & 7
        if wire == 0:
            value, at = read_varint(data, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
            value, at = data[at:at + size], at + size
        else:
            assert wire == 2
            size, at = read_varint(data, at)
            value, at = data[at:at + size], at + size
            assert len(value) == size
        fields.append((key >> 3, value))
    return fields


def read_scalars(path):
    """{tag: {step: value}} of an event file."""
    scalars = {}
    for number, record in enumerate(read_records(path.read_bytes())):
        event = dict(read_message(record))
        assert 1e9 < struct.unpack("<d", event[1])[0] < 1e11  # seconds since 1970
        if number == 0:
            assert event[3] == b"brain.Event:2"
            continue
        (field, value), = read_message(event[5])
        assert field == 1
        value = dict(read_message(value))
        (number,) = struct.unpack("<f", value[2])
        scalars.setdefault(value[1].decode(), {})[event[2]] = number
    return scalars


def read_log(path, member=None):
    """The same from the log of the run, or of one network of several, from 1."""
    scalars = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["event"] != "epoch" or entry.get("member") != member:
            continue
        figures = {"train/loss": entry["train_loss"], "valid/loss": entry["valid_loss"],
                   "best_epoch": entry["best_epoch"] or None,
                   "learning_rate": entry["learning_rate"],
                   "samples_per_second": entry["samples_per_second"]}
        for key, value in (entry["metrics"] or {}).items():
            figures["valid/" + key.replace("_", "-")] = value
        for tag, value in figures.items():
            if value is not None:
                scalars.setdefault(tag, {})[entry["epoch"]] = value
    return scalars


def compare(found, expected):
    assert found.keys() == expected.keys(), (sorted(found), sorted(expected))
    for tag, steps in expected.items():
        assert found[tag].keys() == steps.keys(), tag
        for step, value in steps.items():
            # Half a unit in the last place of a binary32.
            assert math.isclose(found[tag][step], value, rel_tol=2**-24), (tag, step)


def train(command, table, folder, *options):
    log = pathlib.Path(folder) / "run.jsonl"
    log.unlink(missing_ok=True)
    subprocess.run([command, "train", table, "--seed", "3", *options,
                    "--log", log, "--out", f"{folder}/m.safetensors", "--json"],
                   check=True, stdout=subprocess.DEVNULL)
    return log


def name_metrics(prefix, figures, step):
    """What the summary says of the whole, as read_scalars() has it."""
    return {f"{prefix}/{key.replace('_', '-')}": {step: value} for key, value in figures.items()
            if key not in ("samples", "baseline", "weight")}


def check_several(command, table, folder, *options):
    """A folder for each network, and figures of the whole beside them."""
    board = pathlib.Path(folder) / "several"
    options = ["--hidden", "3;5", "--epochs", "4;6", *options, "--tensorboard", str(board)]
    log = train(command, table, folder, *options)
    end = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    members = len(end["members"])
    names = sorted(path.name for path in board.iterdir() if path.is_dir())
    assert names == [f"member-{m + 1:02}" for m in range(members)], names
    for number, name in enumerate(names):
        (path,) = (board / name).iterdir()
        expected = read_log(log, number + 1)
        assert len(expected["train/loss"]) == 4 + 2 * (number % 2)
        compare(read_scalars(path), expected)
    (path,) = (path for path in board.iterdir() if path.is_file())
    expected = {}
    for prefix, key in (("out-of-fold", "out_of_fold"), ("cross-fitted", "cross_fitted"), ("train", "train"),
                        ("valid", "valid")):
        expected |= name_metrics(prefix, end[key] or {}, members)
    compare(read_scalars(path), expected)
    return expected


def check_failures(command, table, folder):
    """A name that a file has; a run that goes on has a second file for each network, and no epochs in it."""
    board = pathlib.Path(folder) / "in-the-way"
    board.mkdir()
    (board / "member-02").write_text("", encoding="utf-8")
    words = [command, "train", table, "--members", "2", "--out", f"{folder}/x.safetensors", "--tensorboard", str(board)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 4 and "member-02" in done.stderr, done
    (board / "member-02").unlink()
    words += ["--checkpoint", f"{folder}/checkpoints", "--resume"]
    for count in (1, 2):
        subprocess.run(words, check=True, capture_output=True)
        paths = sorted((board / "member-02").iterdir())
        assert len(paths) == count, paths
    assert read_scalars(paths[0]) and not read_scalars(paths[1])


def main():
    command, table = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        board = pathlib.Path(folder) / "board"
        log = train(command, table, folder, "--epochs", "12", "--valid-fraction", "0.2", "--tensorboard",
                    str(board))
        (path,) = board.iterdir()
        assert path.name.startswith("events.out.tfevents.")
        expected = read_log(log)
        assert len(expected["valid/accuracy"]) == 12
        compare(read_scalars(path), expected)

        train(command, table, folder, "--epochs", "12", "--tensorboard", str(board))
        assert len(list(board.iterdir())) == 2  # each run has a file of its own

        assert "train/accuracy" in check_several(command, table, folder, "--members", "3")
        shutil.rmtree(pathlib.Path(folder) / "several")
        figures = check_several(command, table, folder, "--member-rows", "folds", "--member-folds", "2",
                                "--member-weights", "out-of-fold", "--valid-fraction", "0.2")
        assert {"out-of-fold/loss", "cross-fitted/f1", "valid/accuracy"} <= figures.keys()
        check_failures(command, table, folder)

        blocked = pathlib.Path(folder) / "file"
        blocked.write_text("", encoding="utf-8")
        done = subprocess.run([command, "train", table, "--out", f"{folder}/x.safetensors",
                               "--tensorboard", str(blocked)], capture_output=True, text=True,
                              check=False)
        assert done.returncode == 4, done

        if not event_accumulator:
            print("TensorBoard is not installed: its own reader was not asked")
            return
        reader = event_accumulator.EventAccumulator(str(path))
        reader.Reload()
        compare({tag: {event.step: event.value for event in reader.Scalars(tag)}
                 for tag in reader.Tags()["scalars"]}, expected)
        print("TensorBoard reads the same")


main()
