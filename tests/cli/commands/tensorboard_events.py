#!/usr/bin/env python3
"""tensorboard_events.py COMMAND CSV: the event files of `train --tensorboard` hold what the log does.

Records, their checks and their messages are taken apart here, from the formats' documents alone, and
compared with the log of the same run; then TensorBoard's own reader does the same, where it is installed."""

import json
import math
import pathlib
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


def read_log(path):
    """The same from the log of the run."""
    scalars = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["event"] != "epoch":
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
    subprocess.run([command, "train", table, "--epochs", "12", "--seed", "3", *options,
                    "--log", log, "--out", f"{folder}/m.safetensors", "--json"],
                   check=True, stdout=subprocess.DEVNULL)
    return log


def main():
    command, table = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        board = pathlib.Path(folder) / "board"
        log = train(command, table, folder, "--valid-fraction", "0.2", "--tensorboard", str(board))
        (path,) = board.iterdir()
        assert path.name.startswith("events.out.tfevents.")
        expected = read_log(log)
        assert len(expected["valid/accuracy"]) == 12
        compare(read_scalars(path), expected)

        train(command, table, folder, "--tensorboard", str(board))
        assert len(list(board.iterdir())) == 2  # each run has a file of its own

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
