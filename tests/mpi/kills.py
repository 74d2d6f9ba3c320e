#!/usr/bin/env python3
"""kills.py MPI MODULE COMMAND [COUNT [SEED]]: COUNT times a random rank is killed at a random moment. The job ends
within seconds, and goes on with another number of ranks, or in one process, to the digest of a run that nobody
interrupted. Then signals to the launcher: the run ends with a checkpoint, as it does alone. The exit status is
the verdict, 77 means skipped."""

import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from checkpointed import Training, write_circle  # noqa: E402
from launchers import Launcher, end, find_ranks, finish, kill, list_processes, own_lines, wait_for  # noqa: E402

ROWS = 4000
EPOCHS = 20
OPTIONS = ["--hidden", "32", "--optimizer", "adam", "--batch-size", "64", "--shard-size", "16",
           "--epochs", str(EPOCHS), "--dropout", "0.1"]
# In turns: of what comes before a refit only the number of epochs is left in its end.
MEMBERS = ["--members", "5", "--member-rows", "folds", "--decide", "f1"]
WAYS = [[], ["--valid-fraction", "0.1", "--refit"], MEMBERS]
MOST_CHECKPOINTS = 20  # one an epoch of a network
RANKS_MAX = 4
LAUNCHER_PATIENCE = 60  # seconds


def look_at(training):
    """How far a job is, for finish() and the like."""
    def look(process):
        return sorted(training.files()), list_processes(process.pid)
    return look


def start(launcher, training, ranks, threads=1):
    return launcher.start(ranks, training.resumed("--threads", str(threads)))


def go_on(launcher, training, ranks, threads):
    """To the end; one process goes without the launcher. The digest."""
    words = training.resumed("--threads", str(threads))
    if ranks == 1:
        return training.digest(words)
    done = launcher.run(ranks, words, look=look_at(training))
    assert done.returncode == 0, done
    return json.loads(done.stdout)["weights_digest"]


def check_leftovers(training):
    assert not training.leftovers(), training.leftovers()
    names = sorted(path.name for path in training.folder.iterdir())
    assert names == ["checkpoints", "out.safetensors"], names


def wait_for_checkpoints(training, process, count):
    """Until so many were seen, or the job has ended."""
    seen = set()

    def were_seen():
        seen.update(training.files())
        return len(seen) >= count or process.poll() is not None
    wait_for(were_seen, process, look=look_at(training))


def finish_launcher(process):
    """What it says, after its ranks have gone. Open MPI 4.1.4 now and then waits for a lock of its own at its end, in
    PMIx_server_finalize(), for ever."""
    try:
        return process.communicate(timeout=LAUNCHER_PATIENCE)[1], ""
    except subprocess.TimeoutExpired:
        end(process)
        return process.communicate()[1], f", the launcher ended after {LAUNCHER_PATIENCE} s"


def kill_one(launcher, training, ranks, numbers):
    """Whether a rank of a job was met."""
    process = start(launcher, training, ranks, numbers.randint(1, 2))
    wait_for(lambda: process.poll() is not None or len(find_ranks(process, "batchprop")) == ranks, process,
             look=look_at(training))
    checkpoints, delay = numbers.randint(0, MOST_CHECKPOINTS), numbers.uniform(0, 0.1)
    wait_for_checkpoints(training, process, checkpoints)
    time.sleep(delay)
    victims = find_ranks(process, "batchprop")
    if process.poll() is None and victims:
        kill(numbers.choice(victims))
    begin = time.monotonic()
    wait_for(lambda: process.poll() is not None or not find_ranks(process, "batchprop"), process,
             look=look_at(training))
    seconds = time.monotonic() - begin
    message, stayed = finish_launcher(process)
    if process.returncode == 0:  # it had ended by then
        return False
    print(f"{ranks} ranks, killed {delay:.3f} s after {checkpoints} checkpoints, gone {seconds:.2f} s later{stayed}",
          end="")
    assert all("no checkpoint in" in line for line in own_lines(message)), message
    return True


def check_kills(launcher, trainings, count, numbers):
    """`trainings`: with the digest of each."""
    hits = 0
    while hits < count:
        training, expected = trainings[hits % len(trainings)]
        training.clear()
        ranks = numbers.randint(2, RANKS_MAX)
        if not kill_one(launcher, training, ranks, numbers):
            continue
        hits += 1
        other = numbers.choice([n for n in range(1, RANKS_MAX + 1) if n != ranks])
        threads = numbers.randint(1, 3)
        # A single network at its last epoch may have a refit before it, and is saved once more where it goes on.
        complete = training.complete(EPOCHS) if "--members" in training.words else {}
        print(f"; then {other} of {threads} threads, {len(complete)} complete", flush=True)
        assert go_on(launcher, training, other, threads) == expected, "another digest"
        now = training.complete(EPOCHS)
        assert all(now.get(path) == at for path, at in complete.items()), "what was complete was trained again"
        check_leftovers(training)
    print(count, "kills, each with one digest after it")


def check_signal(launcher, training, number):
    """Again where the launcher has lost the status; what each try leaves is looked at."""
    for _ in range(3):
        if stop_one(launcher, training, number):
            return
    raise AssertionError("mpirun has lost the statuses of three jobs")


def stop_one(launcher, training, number):
    """False: the launcher has lost the status. Open MPI hands on SIGTERM for SIGINT, too, and returns a status of its own.
    Its mpirun may crash of a signal while it starts a job."""
    training.clear()
    process = launcher.start(3, training.resumed("--epochs", "100000"))
    wait_for(lambda: process.poll() is not None or any("-00000000-" not in path.name for path in training.files()),
             process, look=look_at(training))
    process.send_signal(number)
    _, message = finish(process, look=look_at(training))
    begin, stopped = own_lines(message)
    status = 128 + signal.Signals[stopped.split(" ")[3]] if launcher.name == "mpich" else 1
    lost = launcher.loses(process.returncode)
    assert lost or process.returncode == status, (process.returncode, message)
    assert "no checkpoint in" in begin, message
    assert stopped.startswith("batchprop: stopped by SIG") and "--resume goes on from" in stopped, message
    assert not training.leftovers(), training.leftovers()
    print(stopped)
    return not lost


def main():
    name, module, command = sys.argv[1:4]
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 6
    seed = int(sys.argv[5]) if len(sys.argv) > 5 else 20240301
    launcher = Launcher(name, module)
    launcher.require()
    print("seed", seed)
    numbers = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "table.csv"
        write_circle(table, ROWS, numbers)
        run = pathlib.Path(folder) / "run"
        run.mkdir()
        trainings = [Training(command, table, run, OPTIONS + way) for way in WAYS]
        digests = [training.digest(training.words) for training in trainings]
        check_kills(launcher, list(zip(trainings, digests)), count, numbers)
        for training in trainings[0], trainings[-1]:
            for number in (signal.SIGTERM, signal.SIGINT):
                check_signal(launcher, training, number)


main()
