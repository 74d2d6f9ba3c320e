#!/usr/bin/env python3
"""hosts.py MPI MODULE COMMAND: each rank on a host of its own, by namespaces (support/namespaces.py): one digest with
a process alone, data that one host has, and a host that disappears. The exit status is the verdict, 77 means
skipped."""

import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from checkpointed import write_circle  # noqa: E402
from launchers import ENVIRONMENT, Launcher, end, finish, own_lines, skip, wait_for  # noqa: E402
from namespaces import Hosts, why_not  # noqa: E402

HOSTS = 3
ROWS = 1000
OPTIONS = ["--hidden", "16", "--optimizer", "adam", "--batch-size", "64", "--shard-size", "8", "--dropout", "0.1"]
SECONDS = 20  # in which a job ends when a host is gone; on a machine without other work it is two to six
# Open MPI asks a machine that is silent whether it is there, here after two seconds. MPICH's launcher does not ask.
ASKS = ["--mca", "oob_tcp_keepalive_time", "2", "--mca", "oob_tcp_keepalive_intvl", "1",
        "--mca", "oob_tcp_keepalive_probes", "3"]


class Cluster:
    """`table` is on the disk of the first host alone, as are the model and checkpoints."""

    def __init__(self, launcher, command):
        self.launcher, self.hosts, self.command = launcher, launcher.hosts, os.path.abspath(command)
        self.disk = self.hosts.disk
        write_circle(self.hosts.disk_of(0) / "table.csv", ROWS, random.Random(1))

    def words(self, *options):
        return [self.command, "train", self.disk / "table.csv", "--out", self.disk / "model", *OPTIONS, *options]

    def alone(self, *options):
        """The digest of a process on the first host that knows nothing of MPI."""
        done = subprocess.run(self.hosts.on(0, self.words("--json", *options)), capture_output=True, text=True,
                              env=ENVIRONMENT)
        assert done.returncode == 0, done
        return json.loads(done.stdout)["weights_digest"]


def check_names(cluster):
    """A host for each rank, in what people and programs are told."""
    names, log = cluster.hosts.names, cluster.hosts.disk_of(0) / "run.jsonl"
    words = cluster.words("--data-from", "0", "--epochs", "3", "--log", cluster.disk / "run.jsonl")
    done = cluster.launcher.run(HOSTS, words)
    assert done.returncode == 0, done
    line = next(line for line in done.stdout.splitlines() if line.startswith("ranks "))
    assert f" on {HOSTS} hosts: " in line and all(name in line for name in names), line
    digest = cluster.alone("--epochs", "3")
    assert digest in done.stdout, (digest, done)
    lines = [json.loads(text) for text in log.read_text().splitlines()]
    for found in lines[0], lines[-1]:
        assert (found["ranks"], sorted(found["hosts"])) == (HOSTS, names), found
    for k in range(1, HOSTS):
        assert not list(cluster.hosts.disk_of(k).iterdir()), k
    print(line)


def check_own_data(cluster):
    """Without --data-from each host needs the file, and the message says which has none."""
    done = cluster.launcher.fail(HOSTS, cluster.words("--epochs", "3"))
    lines = own_lines(done.stderr)
    assert done.returncode != 0 and len(lines) == 1, done
    assert any(f" on {name}: " in lines[0] for name in cluster.hosts.names[1:]) and "table.csv" in lines[0], lines
    print(lines[0])


def check_speeds(cluster):
    """Bytes that come slowly are the same bytes."""
    cluster.hosts.limit(0.1)
    done = cluster.launcher.run(HOSTS, cluster.words("--data-from", "0", "--epochs", "1", "--json"))
    assert done.returncode == 0, done
    assert json.loads(done.stdout)["weights_digest"] == cluster.alone("--epochs", "1"), done
    cluster.hosts.limit(None)


def ranks_left(cluster, hosts):
    return sum(cluster.hosts.processes(k).count("batchprop") for k in hosts)


def lose(cluster, how, epochs, *options):
    """A host is lost while all train; the others end soon, and what they leave is good for --resume."""
    others = range(HOSTS - 1)
    folder = cluster.hosts.disk_of(0) / how
    words = cluster.words("--epochs", epochs, "--checkpoint", cluster.disk / how, "--checkpoint-every", "1", "--resume")
    process = cluster.launcher.start(HOSTS, [*words, "--data-from", "0"])
    wait_for(lambda: process.poll() is not None or folder.exists() and len(list(folder.glob("checkpoint-*"))) > 1,
             process)
    assert process.poll() is None, finish(process, 1)
    assert ranks_left(cluster, others) == HOSTS - 1
    begin = time.monotonic()
    getattr(cluster.hosts, how)(HOSTS - 1)
    while ranks_left(cluster, others) > 0:
        assert time.monotonic() < begin + SECONDS, f"ranks go on {SECONDS} s after {how}"
        time.sleep(0.05)
    print(f"{how}: no rank is left {time.monotonic() - begin:.1f} s later")
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:  # mpirun of Open MPI 4.1.4 sometimes waits on, with nothing to wait for
        end(process)
    process.communicate()
    assert process.returncode != 0, process.returncode
    return folder


def check_loss(cluster, how, epochs):
    folder = lose(cluster, how, epochs)
    expected = cluster.alone("--epochs", epochs)
    done = cluster.alone("--epochs", epochs, "--checkpoint", cluster.disk / how, "--resume")
    assert done == expected, (done, expected)
    assert all(path.name.startswith("checkpoint-") for path in folder.iterdir()), list(folder.iterdir())


def ends_over_tcp(name):
    """MPI_Finalize() of MPICH before 4.2 waits for those that have left it, now and then."""
    if name == "openmpi":
        return True
    text = subprocess.run(["mpirun.mpich", "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"Version:\s+(\d+)\.(\d+)", text)
    new = version and tuple(map(int, version.groups())) >= (4, 2)
    if not new:
        print("without jobs to their end: MPICH before 4.2 may hang there over TCP")
    return new


def main():
    name, module, command = sys.argv[1:4]
    launcher = Launcher(name, module)
    launcher.require()
    reason = why_not()
    if reason:
        skip(reason)
    for how in ["end"] + ["silence"] * (name == "openmpi"):
        with tempfile.TemporaryDirectory() as folder, Hosts(HOSTS, folder) as hosts:
            launcher.hosts = hosts
            cluster = Cluster(launcher, command)
            if how == "silence":
                launcher.words = launcher.words + ASKS
            elif ends_over_tcp(name):
                check_names(cluster)
                check_own_data(cluster)
                check_speeds(cluster)
            check_loss(cluster, how, "2000")


main()
