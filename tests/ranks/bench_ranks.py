#!/usr/bin/env python3
"""bench_ranks.py COMMAND MPIRUN...: `batchprop bench` over three ranks: cases, parts of a step, bytes that are sent, and
what it refuses. 77, skipped, where the launcher is not there."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from launchers import ENVIRONMENT, own_lines  # noqa: E402

RANKS = 3
KEYS = {"series", "ranks", "hosts", "batch_size", "shards", "samples_per_second", "seconds_per_step", "speed_up",
        "efficiency", "part_seconds", "bytes_sent", "messages_sent"}
MEASURED = ["--seconds", "0.02", "--repetitions", "2", "--layers", "128-64-16", "--batch-size", "256"]


def bench(launcher, *words):
    environment = dict(ENVIRONMENT)
    if "openmpi" in launcher:
        environment["OMPI_MCA_rmaps_base_oversubscribe"] = "1"
        environment["OMPI_MCA_hwloc_base_binding_policy"] = "none"
    return subprocess.run([launcher, "-n", str(RANKS), *words], env=environment, capture_output=True, text=True,
                          timeout=200)


def check_case(result, parameters):
    assert KEYS == result.keys(), KEYS ^ result.keys()
    parts = result["part_seconds"]
    assert list(parts) == ["compute", "waiting", "transfer"] and min(parts.values()) >= 0, parts
    assert parts["compute"] > 0, parts
    ranks = result["ranks"]
    if ranks == 1:
        assert parts["transfer"] == result["bytes_sent"] == result["messages_sent"] == 0, result
        assert result["speed_up"]["median"] == 1, result
        return
    assert parts["transfer"] > 0, parts
    if ranks == 2:  # an aligned split: half of the gradient to the other one, then half of the values
        assert result["bytes_sent"] <= 2 * parameters * 4 * (1 + 1 / ranks), result
        assert result["bytes_sent"] >= parameters * 4, result


def check_other_options(command, launcher):
    """One rank has read other options, as of a file of another machine."""
    for options, code, word in [(["--repetitions", "3"], 2, "other options than on rank 0"),
                                (["--layers", "128-63-16"], 6, "its network, samples, batches or optimizer"),
                                (["--batch-size", "32"], 6, "its network, samples, batches or optimizer")]:
        with tempfile.TemporaryDirectory() as folder:
            script = pathlib.Path(folder) / "rank_1"
            rank = '"${OMPI_COMM_WORLD_RANK:-$PMI_RANK}"'
            script.write_text(f'#!/bin/sh\n[ {rank} = 1 ] && exec "$@" {" ".join(options)}\nexec "$@"\n')
            script.chmod(0o755)
            done = bench(launcher, script, command, "bench", *MEASURED, "--threads", "1")
            assert done.returncode == code and len(own_lines(done.stderr)) == 1, (done.returncode, done.stderr)
            assert "rank 1 on " in done.stderr and word in done.stderr, done.stderr


def main():
    command, launcher = sys.argv[1:]
    if not shutil.which(launcher):
        print(f"skipped: there is no {launcher}")
        return 77
    words = [command, "bench", *MEASURED]
    done = bench(launcher, *words, "--threads", "1", "--scaling", "both", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["ranks"] == RANKS and found["hosts"] == 1 and found["threads"] == 1, found
    assert found["latency_seconds"] > 0 and found["gigabits_per_second"] > 0, found
    cases = [(result["series"], result["ranks"], result["batch_size"]) for result in found["results"]]
    assert cases == [("strong", 1, 256), ("strong", 2, 256), ("strong", 3, 256),
                     ("weak", 1, 256), ("weak", 2, 512), ("weak", 3, 768)], cases
    for result in found["results"]:
        check_case(result, found["parameters"])
    for options, word in [(["--threads", "1,2"], "--threads"), (["--free-order"], "--free-order"),
                          (["--simulate-threads", "4"], "--simulate-threads")]:
        done = bench(launcher, *words, *options)
        assert done.returncode == 2 and done.stderr.count(f"batchprop: {word}") == 1, (done.returncode, done.stderr)
    check_other_options(command, launcher)
    return 0


if __name__ == "__main__":
    sys.exit(main())
