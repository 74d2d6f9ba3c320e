"""Chromium, without a window, driven by its DevTools protocol through a pair of pipes."""

import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import time

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 90  # seconds for an answer, whatever else the machine has to do
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-domain-reliability", "--disable-default-apps",
         "--disable-features=OptimizationHints,MediaRouter,Translate"]


def find():
    """The program, or None."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


class Page:
    """A page that has been loaded: `asked` are the addresses that it has asked for, `complaints` what it and the
    browser have said of it."""

    def __init__(self, browser, uri, width, height, dark):
        self.browser, self.asked, self.complaints, self.loaded = browser, [], [], False
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser.pages[self.session] = self
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Page.navigate", url=uri)
        browser.wait(lambda: self.loaded)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def take(self, method, parameters):
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Network.requestWillBeSent":
            self.asked.append(parameters["request"]["url"])
        elif method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
            self.complaints.append(json.dumps(parameters))

    def evaluate(self, expression):
        """The value of an expression of JavaScript, a promise's when it is kept."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"]))
        return answer["result"].get("value")


class Chromium:
    def __init__(self, program, folder):
        self.number, self.answers, self.pages, self.rest = 0, {}, {}, b""
        reads, self.to = os.pipe()
        self.source, writes = os.pipe()

        def place():
            """The browser reads from descriptor 3 and writes to 4."""
            pair = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (reads, writes)]
            os.dup2(pair[0], 3)
            os.dup2(pair[1], 4)

        self.process = subprocess.Popen(
            [program, "--remote-debugging-pipe", *FLAGS, f"--user-data-dir={pathlib.Path(folder) / 'profile'}"],
            close_fds=False, preexec_fn=place, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        os.close(reads)
        os.close(writes)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        try:
            self.call("Browser.close")
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()
            os.close(self.to)
            os.close(self.source)

    def wait(self, holds):
        """Takes what the browser says until something holds."""
        end = time.monotonic() + PATIENCE
        while not holds():
            if not select.select([self.source], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError("the browser does not answer")
            piece = os.read(self.source, 1 << 16)
            if not piece:
                raise RuntimeError("the browser has ended")
            *messages, self.rest = (self.rest + piece).split(b"\0")
            for message in map(json.loads, messages):
                if "id" in message:
                    self.answers[message["id"]] = message
                elif message.get("sessionId") in self.pages:
                    self.pages[message["sessionId"]].take(message["method"], message["params"])

    def call(self, method, session=None, **parameters):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        self.wait(lambda: number in self.answers)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def open(self, path, width=1000, height=800, dark=False):
        return Page(self, pathlib.Path(path).as_uri(), width, height, dark)
