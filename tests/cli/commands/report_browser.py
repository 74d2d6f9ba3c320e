#!/usr/bin/env python3
"""report_browser.py COMMAND: the page of `batchprop report` in a real browser.

Chromium loads pages behind a proxy that keeps a record and answers nothing. The report may make it ask for
nothing and complain about nothing; a page that does both shows that this would be noticed. The picture that
it draws must have colours. At no width does it scroll sideways, and on a wide screen no table does. Exit status 77 (skipped) where Chromium or gnuplot is not installed."""

import json
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import zlib

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Whom the browser itself calls, whatever it shows.
OWN_HOSTS = re.compile(r"[/ .](google|googleapis|gvt1|gstatic)\.com[:/]")
METRICS = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "log_loss")


class Proxy:
    """Takes connections, notes what they ask for, and hangs up. One that asks for nothing is not noted: a
    browser opens some for later, and closes them unused."""

    def __init__(self):
        self.asked = []
        self.readers = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.last = None
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    @property
    def address(self):
        return "127.0.0.1:%d" % self.socket.getsockname()[1]

    def serve(self):
        while True:
            connection, peer = self.socket.accept()
            if peer == self.last:
                connection.close()
                return
            self.readers.append(threading.Thread(target=self.read, args=(connection,), daemon=True))
            self.readers[-1].start()

    def read(self, connection):
        with connection:
            connection.settimeout(30)
            try:
                line = connection.recv(4096).split(b"\r\n")[0].decode("latin-1")
            except OSError:
                line = ""
            if line:
                self.asked.append(line)

    def finish(self):
        """What was asked for, when the browser has ended. A connection of our own is the last one of the queue: those
        before it are read to their ends."""
        last = socket.socket()
        last.bind(("127.0.0.1", 0))
        self.last = last.getsockname()
        last.connect(self.socket.getsockname())
        self.thread.join(60)
        for reader in self.readers:
            reader.join(60)
        last.close()
        self.socket.close()
        return self.asked


class Browser:
    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)

    def load(self, page, width=700, height=800, flags=()):
        """What the page asked for, what it complained about, and its picture."""
        proxy, picture = Proxy(), self.folder / "picture.png"
        picture.unlink(missing_ok=True)
        done = subprocess.run(
            [self.program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--no-first-run", "--disable-domain-reliability", "--disable-default-apps",
             "--disable-features=OptimizationHints,MediaRouter,Translate",
             f"--user-data-dir={self.folder / 'profile'}", f"--proxy-server={proxy.address}",
             "--proxy-bypass-list=<-loopback>", "--enable-logging=stderr",
             f"--window-size={width},{height}", f"--screenshot={picture}", *flags, page.as_uri()],
            capture_output=True, text=True, timeout=90, check=False)
        if not picture.exists():
            raise RuntimeError(f"the browser drew nothing: {done.stderr[-2000:]}")
        complaints = [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
        asked = [line for line in proxy.finish() if not OWN_HOSTS.search(line)]
        return asked, complaints, picture.read_bytes()

    def measure(self, page, width):
        """How far the page, and each of its tables by its label, is wider than what is seen of it, in pixels. A
        script in a copy of the page tells, which the page itself forbids."""
        copy = self.folder / "measured.html"
        content = re.sub(r"<meta http-equiv[^>]*>", "", page.read_text(encoding="utf-8"))
        copy.write_text(content + """<script>
            const hidden = {page: document.documentElement.scrollWidth - innerWidth};
            for (const e of document.querySelectorAll(".wide"))
                hidden[e.ariaLabel] = e.scrollWidth - e.clientWidth;
            document.body.innerHTML = "<pre>" + JSON.stringify(hidden) + "</pre>";
            </script>""", encoding="utf-8")
        done = subprocess.run(
            [self.program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             f"--user-data-dir={self.folder / 'profile'}", f"--window-size={width},800", "--dump-dom",
             copy.as_uri()], capture_output=True, text=True, timeout=90, check=True)
        return json.loads(re.search(r"<pre>(.*)</pre>", done.stdout)[1])


def write_log(path, epochs, rate, text, options=None):
    """A log as train --log writes it, with `text` wherever a log holds text."""
    def line(event, **keys):
        return json.dumps({"schema_version": 1, "event": event, **keys}) + "\n"

    lines = [line("start", version=text, time=text, data=text, samples=120, valid_samples=30,
                  layers=[4, 16, 3], parameters=131, metric="accuracy",
                  options=options or {"learning-rate": rate, "hidden": [16], text: text})]
    for epoch in range(1, epochs + 1):
        share = 1 - 0.9 / epoch
        lines.append(line(
            "epoch", epoch=epoch, train_loss=1 / epoch**3, valid_loss=1.2 / epoch**2, metric=share,
            metrics={key: share for key in METRICS}, best_epoch=max(1, epoch - 3),
            learning_rate=rate, samples_per_second=5e5 + epoch, seconds=epoch,
            phases={"gather": epoch, "forward": 3 * epoch, "gradient": 2 * epoch}))
    lines.append(line("end", reason=text, epochs=epochs, threads=2, threads_reason=text,
                      backend=text, isa=text, weights_digest="0123456789abcdef" * 2,
                      confusion={"classes": ["a", "b", text],
                                 "counts": [[9, 1, 0], [2, 8, 0], [0, 0, 10]]}))
    path.write_text("".join(lines), encoding="utf-8")


def read_pixels(png):
    """The colours of a picture of 8-bit RGB or RGBA, as a set of triples (PNG, filters 0 to 4)."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert depth == 8 and kind in (2, 6)
    step = 3 if kind == 2 else 4
    data, at = b"", 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at:at + 8])
        data += png[at + 8:at + 8 + length] if name == b"IDAT" else b""
        at += length + 12
    raw, size = zlib.decompress(data), width * step
    before, colours = bytearray(size), set()
    for row in range(height):
        kind, *cells = raw[row * (size + 1):(row + 1) * (size + 1)]
        line = bytearray(cells)
        for k in range(size):
            left = line[k - step] if k >= step else 0
            above, corner = before[k], before[k - step] if k >= step else 0
            if kind == 1:
                line[k] = (line[k] + left) & 255
            elif kind == 2:
                line[k] = (line[k] + above) & 255
            elif kind == 3:
                line[k] = (line[k] + (left + above) // 2) & 255
            elif kind == 4:
                guess = left + above - corner
                line[k] = (line[k] + min((left, above, corner),
                                         key=lambda c: abs(guess - c))) & 255
        colours.update(zip(line[0::step], line[1::step], line[2::step]))
        before = line
    return colours


def near(colours, wanted):
    return any(max(abs(a - b) for a, b in zip(colour, wanted)) <= 6 for colour in colours)


def main():
    command = sys.argv[1]
    program = next((p for p in map(shutil.which, BROWSERS) if p), None)
    if not program or not shutil.which("gnuplot"):
        print("Chromium or gnuplot is not installed")
        sys.exit(77)
    os.environ["LC_ALL"] = "C"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        browser = Browser(program, folder)

        control = folder / "control.html"
        control.write_text("<script>console.error('noticed')</script>"
                           "<img src='http://outside.example/x.png'>", encoding="utf-8")
        asked, complaints, _ = browser.load(control, 300, 300)
        assert any("outside.example" in line for line in asked), asked
        assert any("noticed" in line for line in complaints), complaints

        hostile = ("</style></title><script>console.error('hostile')</script>"
                   "<img src=http://outside.example/y.png onerror=console.error(1)>\"'")
        dark = ("--blink-settings=preferredColorScheme=0",)
        for text, flags, paper in (("plain", dark, (20, 23, 28)), (hostile, (), (255, 255, 255))):
            logs = [folder / "one.jsonl", folder / "two.jsonl"]
            write_log(logs[0], 40, 0.5, text)
            write_log(logs[1], 12, 0.001, text)
            page = folder / "report.html"
            subprocess.run([command, "report", *logs, "--out", page], check=True)
            content = page.read_text(encoding="utf-8")
            assert not re.search(r"<script|<img|src=\"", content)
            assert not re.search(r"google|gvt1|gstatic", content)
            asked, complaints, picture = browser.load(page, flags=flags)
            assert asked == [], asked
            assert complaints == [], complaints
            colours = read_pixels(picture)
            for wanted in (paper, (0x2f, 0x7e, 0xd8), (0xd9, 0x72, 0x0b)):
                assert near(colours, wanted), f"{wanted} is not in the picture"
        logs = [folder / f"batch-{k}-of-the-second-series.jsonl" for k in range(3)]
        for k, log in enumerate(logs):
            write_log(log, 100, 0.5, "plain", {
                "preset": ["classic", "modern", "classic"][k], "hidden": [[16], [512, 256, 128], [32]][k],
                "output-activation": ["logistic", "softmax", "linear"][k], "epochs": 10**(k + 3),
                "loss": ["mse", "binary-cross-entropy", "huber"][k], "seed": k})
        subprocess.run([command, "report", *logs, "--out", page], check=True)
        for width in (1200, 600, 400):
            hidden = browser.measure(page, width)
            assert hidden.pop("page") <= 0, (width, hidden)
            assert width < 1200 or max(hidden.values()) <= 0, (width, hidden)
            assert "Runs" in hidden and "Options" in hidden, hidden
        print("no request, no complaint, in light and dark")


main()
