#!/usr/bin/env python3
"""model_page.py COMMAND IRIS: the page of `batchprop report --model` in Chromium.

Controls are moved as a person moves them, row by row of a file: outputs have the bits of `predict`, and labels are the
same, for classes, numbers with categories and missing values, and several networks. Slopes are those of predictions on
both sides. The page asks for nothing and may not, says nothing on the console, and does not scroll sideways. Exit
status 77 (skipped) where Chromium or gnuplot is not installed."""

import csv
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "support"))
import chromium  # noqa: E402

HOSTILE = "</script><img src=x onerror=console.error(1)>\"'&"
CITIES = ["Bern", HOSTILE, ""]

# Moves controls to a row, as events of a person would, and says what the page shows then.
MOVE = """row => {
    const send = element => element.dispatchEvent(new Event("input"));
    model.columns.forEach((column, k) => {
        const field = document.getElementById("input" + k), value = row[k];
        const box = field.parentElement.querySelector("[type=checkbox]");
        if (box && box.checked !== (value === null)) {
            box.checked = value === null;
            send(box);
        }
        if (value !== null) {
            field.value = value;
            send(field);
        }
    });
    return {outputs: [...document.querySelectorAll(".outputs .value")].map(e => JSON.parse(e.dataset.value)),
            label: document.querySelector(".answer").dataset.label,
            shown: document.querySelector(".answer").textContent};
}"""


def write_flats(path):
    generator = random.Random(3)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["area", "city", HOSTILE, "price"])
        for k in range(40):
            area = round(generator.uniform(30, 200), 1)
            writer.writerow(["" if k % 6 == 2 else area, CITIES[k % 3], k % 9, round(area * 9 + 37.5 * (k % 3), 2)])


def read_rows(path, columns, texts=()):
    def read(row, name):
        return row[name] if name in texts else float(row[name]) if row[name] else None

    with open(path, encoding="utf-8", newline="") as file:
        return [[read(row, name) for name in columns] for row in csv.DictReader(file)]


def digits(numbers):
    """As `predict` writes them: nine digits tell all numbers of 32 bits apart."""
    return [f"{float(number):.9g}" for number in numbers]


class Case:
    def __init__(self, command, folder, name, data, options, measured=True):
        self.command, self.folder, self.data = command, folder, data
        self.model, self.page = folder / f"{name}.safetensors", folder / f"{name}.html"
        self.run("train", data, "--out", self.model, "--threads", "1", *options)
        self.run("report", "--model", self.model, "--out", self.page, *(["--data", data] if measured else []))

    def run(self, *arguments):
        done = subprocess.run([self.command, *map(str, arguments)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout

    def predict(self, data):
        said = json.loads(self.run("predict", self.model, data, "--json"))
        outputs = said.get("probabilities") or said.get("outputs") or said["predictions"]
        return [each if isinstance(each, list) else [each] for each in outputs], said["predictions"]

    def check_rows(self, page, rows, every):
        outputs, labels = (said[::every] for said in self.predict(self.data))
        rows = rows[::every]
        shown = page.evaluate(f"{json.dumps(rows)}.map({MOVE})")
        for k, (row, one) in enumerate(zip(rows, shown, strict=True)):
            assert digits(one["outputs"]) == digits(outputs[k]), (k, row, one, outputs[k])
            if isinstance(labels[k], str):
                assert one["label"] == labels[k] and labels[k] in one["shown"], (k, one, labels[k])

    def check_slopes(self, page, row, columns):
        """Of every number the slope that is shown is that of two predictions."""
        page.evaluate(f"({MOVE})({json.dumps(row)})")
        shown = page.evaluate("new Promise(done => setTimeout(done)).then(() =>"
                              " [...document.querySelectorAll('.sensitivities .output')].map("
                              "e => [e.dataset.column, JSON.parse(e.querySelector('.value').dataset.value)]))")
        chosen = page.evaluate("[...document.querySelectorAll('.outputs .output')]"
                               ".findIndex(e => e.ariaPressed === 'true')")
        assert sorted(name for name, _ in shown) == sorted(columns), shown
        assert [abs(by) for _, by in shown] == sorted((abs(by) for _, by in shown), reverse=True), shown
        for name, by in shown:
            k = columns.index(name)
            spread = 1 / abs(page.evaluate(f"model.columns[{k}].scale"))
            sides = [[*row[:k], row[k] + step, *row[k + 1:]] for step in (spread / 64, -spread / 64)]
            table = self.folder / "sides.csv"
            with open(table, "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([columns, *sides])
            (up,), (down,) = [[outputs[chosen]] for outputs in self.predict(table)[0]]
            up, down = (struct.unpack("<f", struct.pack("<f", end))[0] for end in (up, down))
            assert by == (up - down) / (sides[0][k] - sides[1][k]) * spread, (name, by, up, down)


def check_page(page):
    """What holds for every page."""
    assert len(page.asked) == 1, page.asked
    assert page.complaints == [], page.complaints
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate("document.querySelectorAll('img, iframe, link[rel=stylesheet]').length") == 0
    unnamed = page.evaluate("[...document.querySelectorAll('input, select, button, textarea, canvas:not([hidden])')]"
                            ".filter(e => !(e.ariaLabel || e.textContent || (e.labels && e.labels.length) ||"
                            " e.getAttribute('aria-labelledby'))).map(e => e.outerHTML)")
    assert unnamed == [], unnamed


def check_policy(page):
    """What the policy of the page forbids, which is noticed."""
    assert page.evaluate("fetch('http://outside.example/').then(() => 'sent', () => 'refused')") == "refused"
    page.evaluate("new Promise(done => { const e = document.createElement('img'); e.onerror = done;"
                  " e.src = 'http://outside.example/x.png'; }).then(() => 1)")
    for directive in ("connect-src", "img-src"):
        assert any("Content Security Policy" in complaint and directive in complaint for complaint in page.complaints), \
            (directive, page.complaints)


def check_drawing(browser, case):
    """A drag over the canvas of an image changes what the model says, and Clear takes it back."""
    page = browser.open(case.page)
    say = "[...document.querySelectorAll('.outputs .value')].map(e => JSON.parse(e.dataset.value))"
    empty = page.evaluate(say)
    x, y, side = page.evaluate("(() => { const e = document.querySelector('canvas'); e.scrollIntoView();"
                               " const box = e.getBoundingClientRect(); return [box.x, box.y, box.width]; })()")
    for kind, at, held in (("mousePressed", 0.2, 1), ("mouseMoved", 0.8, 1), ("mouseReleased", 0.8, 0)):
        page.call("Input.dispatchMouseEvent", type=kind, x=x + at * side, y=y + at * side, button="left", buttons=held,
                  clickCount=1)
    drawn = page.evaluate(say)
    assert drawn != empty, drawn
    inked = page.evaluate("document.querySelector('canvas').getContext('2d').getImageData(0, 0, 8, 8).data"
                          ".filter((_, k) => k % 4 === 3).reduce((sum, alpha) => sum + (alpha > 0), 0)")
    assert 2 <= inked < 40, inked
    press = "[...document.querySelectorAll('button')].find(e => e.textContent === '%s').click()"
    page.evaluate(press % "Show which cells count")
    assert page.evaluate("document.querySelectorAll('canvas')[1].hidden") is False
    page.evaluate(press % "Clear")
    assert page.evaluate(say) == empty
    check_page(page)


def write_images(folder):
    generator = random.Random(8)
    pixels = bytes(generator.randrange(256) for _ in range(30 * 64))
    (folder / "images").write_bytes(struct.pack(">IIII", 0x803, 30, 8, 8) + pixels)
    (folder / "labels").write_bytes(struct.pack(">II", 0x801, 30) + bytes(k % 3 for k in range(30)))


def main():
    command, iris = sys.argv[1:]
    program = chromium.find()
    if not program or not shutil.which("gnuplot"):
        print("Chromium or gnuplot is not installed")
        sys.exit(77)
    os.environ["LC_ALL"] = "C"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_flats(folder / "flats.csv")
        write_images(folder)
        flowers = Case(command, folder, "iris", iris, ["--epochs", "20", "--hidden", "6"])
        flats = Case(command, folder, "flats", folder / "flats.csv",
                     ["--epochs", "20", "--hidden", "6", "--missing", "indicator", "--activation", "tanh"])
        several = Case(command, folder, "several", iris, ["--epochs", "5", "--hidden", "4", "--members", "3"])
        images = Case(command, folder, "digits", folder / "images",
                      ["--labels", folder / "labels", "--epochs", "2", "--hidden", "4"], measured=False)
        with chromium.Chromium(program, folder) as browser:
            columns = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
            rows = read_rows(iris, columns)
            page = browser.open(flowers.page)
            flowers.check_rows(page, rows, 10)
            flowers.check_slopes(page, rows[70], columns)
            check_page(page)
            check_policy(page)
            page = browser.open(several.page, dark=True)
            several.check_rows(page, rows, 30)
            check_page(page)
            page = browser.open(flats.page, width=390)
            flats.check_rows(page, read_rows(flats.data, ["area", "city", HOSTILE], ["city"]), 2)
            check_page(page)
            check_drawing(browser, images)
        print("the numbers of predict, and no request")


main()
