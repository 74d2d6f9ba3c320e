#!/usr/bin/env python3
"""outputs.py COMMAND DATA: everything that the command writes, to every kind of path. What stands at the path
afterwards is whole, what must stay has stayed, and nothing else is left in the folder. Then the same where the
run is killed before its file is in place, and where signals interrupt its system calls; that part needs strace.
Plots and reports need gnuplot. What the machine lacks is left out."""

import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile

COMMAND, DATA = map(os.path.abspath, sys.argv[1:3])
EXIT_USAGE, EXIT_IO = 2, 4
BEFORE = b"before\n"
SMALL = ["--threads", "1", "--backend", "serial"]


def end_of_model(data):
    header = int.from_bytes(data[:8], "little")
    tensors = json.loads(data[8:8 + header])
    return 8 + header + max(t["data_offsets"][1] for k, t in tensors.items() if k != "__metadata__")


def end_of_log(data):
    """After the line that says how the run ended."""
    end = 0
    while json.loads(data[end:data.index(b"\n", end)])["event"] != "end":
        end = data.index(b"\n", end) + 1
    return data.index(b"\n", end) + 1


def end_of_lines(count):
    def find(data):
        lines = data.split(b"\n")
        assert len(lines) > count, data
        return len(b"\n".join(lines[:count])) + 1
    return find


def end_of_tag(tag):
    return lambda data: data.index(tag) + len(tag)


class Output:
    def __init__(self, words, option, find_end, result=b"", grows=False):
        self.words = [COMMAND, *words, option]
        self.find_end = find_end  # after what is whole at the begin of some bytes
        self.result = result  # of what the command prints beside this output
        self.grows = grows  # others follow it; it is not replaced

    def run(self, path, **how):
        return subprocess.run([*how.pop("tracer", []), *self.words, str(path)], stdin=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, **{"stdout": subprocess.DEVNULL, **how},
                              env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))

    def check(self, data):
        end = self.find_end(data)
        assert end == len(data) or not data[end:].strip(), (end, data)


def make_outputs(folder):
    model, log = folder / "m.safetensors", folder / "run.jsonl"
    train = ["train", DATA, "--epochs", "2", *SMALL]
    sweep = ["sweep", DATA, "--epochs", "1", "--folds", "2", "--vary", "hidden=2;3", *SMALL]
    subprocess.run([COMMAND, *train, "--out", model, "--log", log], check=True, stdout=subprocess.DEVNULL)
    outputs = {
        "model": Output(train, "--out", end_of_model, b"weights digest"),
        "log": Output([*train, "--out", "/dev/null"], "--log", end_of_log, b"weights digest", grows=True),
        "predictions": Output(["predict", model, DATA], "--out", end_of_lines(151)),
        "sweep": Output(sweep, "--csv", end_of_lines(3), b"hidden"),
    }
    if shutil.which("gnuplot"):
        bench = ["bench", "--layers", "4-3-2", "--batch-size", "8", "--threads", "1", "--repetitions", "1",
                 "--seconds", "0.01"]
        outputs["plot"] = Output(bench, "--plot", end_of_tag(b"</svg>"), b"samples/s")
        outputs["report"] = Output(["report", log], "--out", end_of_tag(b"</html>"))
    return outputs


# ---- kinds of paths ----


def check_new(output, folder):
    path = folder / "new"
    assert output.run(path).returncode == 0
    output.check(path.read_bytes())
    return {"new"}


def check_old(output, folder):
    path, second = folder / "old", folder / "second"
    path.write_bytes(BEFORE)
    path.chmod(0o640)
    os.link(path, second)
    assert output.run(path).returncode == 0
    output.check(path.read_bytes())
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert output.grows or second.read_bytes() == BEFORE, "not replaced, but written over"
    return {"old", "second"}


def check_link(output, folder):
    path, link = folder / "old", folder / "link"
    path.write_bytes(BEFORE)
    link.symlink_to("old")
    assert output.run(link).returncode == 0
    output.check(path.read_bytes())
    assert link.is_symlink()
    return {"old", "link"}


def check_dangling_link(output, folder):
    path, link = folder / "new", folder / "link"
    link.symlink_to("new")
    assert output.run(link).returncode == 0
    output.check(path.read_bytes())
    assert link.is_symlink()
    return {"new", "link"}


def check_longest_name(output, folder):
    path = folder / ("n" * 255)
    for _ in range(2):
        assert output.run(path).returncode == 0
    output.check(path.read_bytes())
    return {path.name}


def check_redirected(output, folder, target, mode):
    """After `>` what is there is not cut off, after `>>` all comes at the end."""
    path = folder / "redirected"
    with open(path, mode) as file:
        file.write(BEFORE)
        file.flush()
        if "a" in mode:
            file.seek(0)
        done = output.run(target(file.fileno()), stdout=file, pass_fds=[file.fileno()])
    assert done.returncode == 0, done
    data = path.read_bytes()
    assert data.startswith(BEFORE), data
    output.check(data[len(BEFORE):])


def check_descriptors(output, folder):
    link = folder / "link"
    link.symlink_to("/dev/stdout")
    for mode in ("wb", "ab"):
        check_redirected(output, folder, lambda _: "/dev/stdout", mode)
        (folder / "redirected").unlink()
        check_redirected(output, folder, lambda number: f"/dev/fd/{number}", mode)
        (folder / "redirected").unlink()
    check_redirected(output, folder, lambda _: link, "wb")
    assert link.is_symlink()
    return {"link", "redirected"}


def check_standard_output(output, folder):
    """It holds the output and nothing else, whatever the path is called; what the command prints goes to stderr."""
    for path in ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        done = output.run(path, stdout=subprocess.PIPE, cwd=folder)
        assert done.returncode == 0, (path, done)
        output.check(done.stdout)
        assert output.result in done.stderr, (path, done.stderr)
        assert b"batchprop eval /dev" not in done.stderr, (path, done.stderr)
    closed = [*output.words, "/dev/stdout"]
    done = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *closed], capture_output=True, check=False)
    assert done.returncode == EXIT_IO, done
    assert output.words[-1].encode() + b": /dev/stdout: the standard output is closed" in done.stderr, done
    return set()


def check_pipes(output, folder):
    fifo = folder / "fifo"
    os.mkfifo(fifo)
    with subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE) as reader:
        assert output.run(fifo).returncode == 0
        output.check(reader.stdout.read())
    done = output.run("/dev/stdout", stdout=subprocess.PIPE)
    assert done.returncode == 0
    output.check(done.stdout)
    return {"fifo"}


def check_devices(output, _folder):
    assert output.run("/dev/null").returncode == 0
    if os.path.exists("/dev/full"):
        done = output.run("/dev/full")
        assert done.returncode == EXIT_IO, done
        assert b"/dev/full: cannot be written: No space left on device" in done.stderr, done
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    return set()


def check_refused(output, folder):
    """Before any work is done."""
    (folder / "file").write_bytes(BEFORE)
    (folder / "loop").symlink_to("loop")
    for name, why in [("", "is a folder, not a file"), ("no/new", "cannot write into the folder"),
                      ("file/new", "is not a folder"), ("loop", "Too many levels of symbolic links"),
                      ("n" * 256, "File name too long")]:
        done = output.run(folder / name)
        assert done.returncode == EXIT_IO and why in done.stderr.decode(), (name, done)
        assert output.words[-1] + ": " in done.stderr.decode(), (name, done)
    return {"file", "loop"}


def check_unwritable(output, folder):
    if os.geteuid() == 0:
        return set()
    path = folder / "old"
    path.write_bytes(BEFORE)
    path.chmod(0o444)
    done = output.run(path)
    assert done.returncode == EXIT_IO and b"Permission denied" in done.stderr, done
    assert path.read_bytes() == BEFORE
    return {"old"}


# ---- system calls that end otherwise ----


def inject(calls, how, path):
    return ["strace", "-f", "-o", os.devnull, "-P", str(path), "-e", f"trace={calls}",
            "-e", f"inject={calls}:{how}"]


def can_inject():
    return shutil.which("strace") and subprocess.run(
        inject("fsync", "error=EINTR", "/") + ["true"], stderr=subprocess.DEVNULL).returncode == 0


def check_killed(output, folder):
    """Returns the path at which the file grows."""
    path = folder / "old"
    path.write_bytes(BEFORE)
    if output.grows:
        return path
    done = output.run(path, tracer=["strace", "-f", "-o", os.devnull, "-e", "trace=rename",
                                    "-e", "inject=rename:signal=SIGKILL:when=1"])
    assert done.returncode in (-9, 137), done
    assert path.read_bytes() == BEFORE
    left = [entry for entry in folder.iterdir() if entry != path]
    assert len(left) == 1 and re.fullmatch(r"\.batchprop-[0-9a-f]{16}-0\.tmp", left[0].name), left
    assert output.run(path).returncode == 0
    output.check(path.read_bytes())
    assert list(folder.iterdir()) == [path]
    return left[0]


def check_interrupted(output, folder):
    grown = check_killed(output, folder)
    for calls in ("write", "fsync"):
        done = output.run(folder / "old", tracer=inject(calls, "error=EINTR:when=1+2", grown))
        assert done.returncode == 0, (calls, done)
        output.check((folder / "old").read_bytes())
    return {"old"}


def check_full_disk(output, folder):
    grown = check_killed(output, folder)
    (folder / "old").write_bytes(BEFORE)
    done = output.run(folder / "old", tracer=inject("write", "error=ENOSPC:when=1", grown))
    assert done.returncode == EXIT_IO and b"No space left on device" in done.stderr, done
    assert output.grows or (folder / "old").read_bytes() == BEFORE
    return {"old"}


# ---- what goes elsewhere ----


def check_checkpoints(folder):
    """A run killed while it writes a checkpoint: the next one removes what is left."""
    words = [COMMAND, "train", DATA, "--epochs", "2", "--out", "/dev/null", "--checkpoint", folder, "--resume",
             *SMALL]
    subprocess.run(["strace", "-f", "-o", os.devnull, "-e", "trace=rename",
                    "-e", "inject=rename:signal=SIGKILL:when=1", *words], capture_output=True)
    assert [p.suffix for p in folder.iterdir()] == [".tmp"]
    subprocess.run(words, check=True, capture_output=True)
    assert {p.suffix for p in folder.iterdir()} == {".safetensors"}


def check_config(folder):
    """The options, which are printed."""
    path = folder / "config.json"
    words = [COMMAND, "train", DATA, "--epochs", "2", "--out", "m", "--print-config"]
    with open(path, "wb") as file:
        file.write(BEFORE)
        file.flush()
        subprocess.run(words, check=True, stdout=file)
    with open(path, "ab") as file:
        subprocess.run(words, check=True, stdout=file)
    data = path.read_bytes()
    assert data.startswith(BEFORE)
    decoder, text = json.JSONDecoder(), data[len(BEFORE):].decode()
    first, end = decoder.raw_decode(text)
    assert first["epochs"] == 2 and json.loads(text[end:]) == first
    if os.path.exists("/dev/full"):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE)
        assert done.returncode == EXIT_IO and b"No space left on device" in done.stderr, done


def check_two(folder):
    """The standard output cannot take two files, nor is a closed one written."""
    train = [COMMAND, "train", DATA, "--epochs", "1", *SMALL]
    done = subprocess.run([*train, "--out", "-", "--log", "/dev/stdout"], capture_output=True, cwd=folder, check=False)
    assert done.returncode == EXIT_USAGE and not done.stdout, done
    assert b"--log: --out goes to the standard output already" in done.stderr, done
    done = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *train, "--out", "m"], capture_output=True, cwd=folder,
                          check=False)
    assert done.returncode == EXIT_IO and b"the standard output is closed" in done.stderr, done


KINDS = [check_new, check_old, check_link, check_dangling_link, check_longest_name, check_descriptors,
         check_standard_output, check_pipes, check_devices, check_refused, check_unwritable]
FAULTS = [check_interrupted, check_full_disk]


def main():
    faults = FAULTS if can_inject() else []
    with tempfile.TemporaryDirectory() as top:
        top = pathlib.Path(top).resolve()
        outputs = make_outputs(top)
        for name, output in outputs.items():
            for check in KINDS + faults:
                folder = top / f"{name}-{check.__name__}"
                folder.mkdir()
                try:
                    expected = check(output, folder)
                    assert {entry.name for entry in folder.iterdir()} == expected, list(folder.iterdir())
                except Exception:
                    print(f"{name}: {check.__name__}")
                    raise
        (top / "two").mkdir()
        check_two(top / "two")
        (top / "config").mkdir()
        check_config(top / "config")
        if faults:
            (top / "checkpoints").mkdir()
            check_checkpoints(top / "checkpoints")
    print(f"{len(outputs)} outputs, {len(KINDS)} kinds of paths, {len(faults)} faults")


main()
