"""Hosts that are namespaces of this machine: each with a name, an address, processes and a disk of its own, all on
one bridge. Nobody else sees their network, and all of it ends with this process, however that ends."""

import os
import pathlib
import shutil
import subprocess

from launchers import list_processes

NETWORK = "10.77.0"
BRIDGE = f"{NETWORK}.254"  # where launchers run
PROGRAMS = ["unshare", "nsenter", "mount", "taskset", "ip", "tc"]

# The first process of a host, which takes all others with it: a shell, which buries those that lose their parents. It
# ends with a pipe that this process holds.
SWITCH = ["unshare", "--net", "sh", "-ec", "ip link set lo up; echo; cat"]
HOST = ["unshare", "--net", "--uts", "--mount", "--ipc", "--pid", "--fork", "--mount-proc", "sh", "-ec",
        'hostname "$0"; ip link set lo up; mount --bind "$1" "$2"; echo; cat']

# AGENT HOST COMMAND, as ssh would run it there.
AGENT = """#!/bin/sh
read -r process processors <"{folder}/$1"
shift
exec nsenter --target "$process" --net --uts --mount --ipc --pid taskset --cpu-list "$processors" sh -c "$*"
"""

# How launchers come to hosts, and how ranks talk: by TCP, whatever shorter way there is in one machine.
OPTIONS = {
    "openmpi": lambda hosts: ["--mca", "plm_rsh_agent", hosts.agent, "--mca", "pml", "ob1", "--mca", "btl", "tcp,self",
                              "--map-by", "node", "--bind-to", "none", "--host", ",".join(hosts.addresses)],
    "mpich": lambda hosts: ["-launcher", "rsh", "-launcher-exec", hosts.agent, "-iface", "bridge",
                            "-genv", "UCX_TLS", "tcp,self", "-hosts", ",".join(hosts.addresses)],
}

# In a limited network. A burst is shorter than the messages of a step, and the queue as long as what TCP may have on
# its way.
BURST, QUEUE = 128 << 10, 4 << 20


def why_not():
    """The reason why there can be no hosts here, or None."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    for program in PROGRAMS:
        if not shutil.which(program):
            return f"{program} is not installed"
    trial = subprocess.run([*SWITCH[:-3], *HOST[1:-3], "ip", "link", "add", "bridge", "type", "bridge"],
                           capture_output=True, text=True)
    return None if trial.returncode == 0 else "no network namespaces here: " + trial.stderr.strip()


class Hosts:
    """For `with`. `folder` is empty; `disk` in it is another folder on each host. They divide the processors."""

    def __init__(self, count, folder):
        self.names = [f"node{k + 1}" for k in range(count)]
        self.addresses = [f"{NETWORK}.{k + 1}" for k in range(count)]
        self.folder = pathlib.Path(folder)
        self.disk, self.agent = self.folder / "disk", self.folder / "agent"
        self.inits = []

    def __enter__(self):
        try:
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        while self.inits:
            stop(self.inits.pop())

    def _make(self):
        self.disk.mkdir()
        self.agent.write_text(AGENT.format(folder=self.folder))
        self.agent.chmod(0o755)
        self._begin(SWITCH)
        self.run_beside("ip", "link", "add", "bridge", "type", "bridge")
        self.run_beside("ip", "address", "add", f"{BRIDGE}/24", "dev", "bridge")
        self.run_beside("ip", "link", "set", "bridge", "up")
        for k in range(len(self.names)):
            self._make_host(k)

    def _make_host(self, k):
        self.disk_of(k).mkdir()
        init = self._begin([*HOST, self.names[k], str(self.disk_of(k)), str(self.disk)])
        number, _ = list_processes(init.pid)[0]
        processors = sorted(os.sched_getaffinity(0))[k % os.cpu_count()::len(self.names)] or [0]
        (self.folder / self.addresses[k]).write_text(f"{number} {','.join(map(str, processors))}\n")
        self.run_beside("ip", "link", "add", f"port{k}", "type", "veth", "peer", "name", "eth0", "netns", str(number))
        self.run_beside("ip", "link", "set", f"port{k}", "master", "bridge", "up")
        self.run(k, "ip", "address", "add", f"{self.addresses[k]}/24", "dev", "eth0")
        self.run(k, "ip", "link", "set", "eth0", "up")

    def _begin(self, words):
        init = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.inits.append(init)
        if not init.stdout.readline():
            raise OSError(f"cannot make a host by {words}")
        return init

    def front(self):
        """What starts a command beside the hosts, as on the machine of a cluster where people log in."""
        return ["nsenter", "--target", str(self.inits[0].pid), "--net"]

    def options(self, name):
        """Of the launcher of an MPI, for ranks that are dealt to the hosts in turn."""
        return OPTIONS[name](self)

    def on(self, k, words):
        """The command line that runs a command on a host."""
        return [str(self.agent), self.addresses[k], *map(str, words)]

    def run(self, k, *words):
        subprocess.run(self.on(k, words), check=True)

    def run_beside(self, *words):
        subprocess.run([*self.front(), *words], check=True)

    def disk_of(self, k):
        """Where the disk of a host is seen from outside."""
        return self.folder / f"disk-{self.names[k]}"

    def processes(self, k):
        """The names of those on a host, whoever started them."""
        own = read_namespace(list_processes(self.inits[1 + k].pid)[0][0])
        folders = [entry for entry in pathlib.Path("/proc").iterdir() if entry.name.isdigit()]
        return [read_name(folder) for folder in folders if read_namespace(folder.name) == own]

    def limit(self, gigabits):
        """What each host sends and receives in a second; None: as much as it can."""
        shape = ["pfifo_fast"]
        if gigabits:
            shape = ["tbf", "rate", f"{gigabits * 1000:.0f}mbit", "burst", str(BURST), "limit", str(QUEUE)]
        for k in range(len(self.names)):
            self.run(k, "tc", "qdisc", "replace", "dev", "eth0", "root", *shape)
            self.run_beside("tc", "qdisc", "replace", "dev", f"port{k}", "root", *shape)

    def silence(self, k):
        """A cable is pulled: what is on the host goes on, and nobody hears of it."""
        self.run_beside("ip", "link", "set", f"port{k}", "down")

    def end(self, k):
        """A host and all on it are gone."""
        stop(self.inits[1 + k])


def read_namespace(process):
    """Of its numbers; None if it has ended."""
    try:
        return os.readlink(f"/proc/{process}/ns/pid")
    except OSError:
        return None


def read_name(folder):
    try:
        return (folder / "comm").read_text().strip()
    except OSError:
        return ""


def stop(init):
    for pipe in init.stdin, init.stdout:
        pipe.close()
    init.wait()
