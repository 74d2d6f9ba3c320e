"""The picture of ranks.py: steps that were measured beside those that were predicted, as SVG, by gnuplot."""

import shutil
import subprocess
import sys

# Colours that can be distinguished without red and green (Okabe and Ito 2008).
BARS = [("nominal", "predicted", "#56b4e9"), ("by_rate", "predicted, measured rate", "#0072b2"), ("measured", "bench", "#009e73"),
        ("training", "train", "#f0e442"), ("defaults", "bench, Open MPI's defaults", "#e69f00"),
        ("torch", "PyTorch with gloo", "#999999")]

HEAD = """\
set encoding utf8
set terminal svg size 1080,440 noenhanced font "sans-serif,13" background "white"
set datafile missing "?"
set style data histograms
set style histogram errorbars gap 1
set style fill solid border linecolor "white"
set errorbars 0.5 linecolor "black" linewidth 1
set grid ytics
set yrange [0:*]
set ylabel "a step, ms"
unset key
"""
KEY = "set key at screen 0.79,0.75 left top reverse Left samplen 1.5"
LEFT, RIGHT, BETWEEN = 0.06, 0.77, 0.07  # of the plots, in widths of the picture


def look_for_gnuplot():
    if not shutil.which("gnuplot"):
        sys.exit("--plot: gnuplot was not found; install it (Debian: gnuplot-nox)")


def block(name, cases, spread, bars):
    """A row for each case: its rate, and three numbers for each bar."""
    yield f"${name} << END"
    for case in cases:
        found = [spread(case, key) for key, _, _ in bars]
        numbers = [f"{1e3 * one[key]:.6g}" if one else "?" for one in found for key in ("median", "min", "max")]
        yield " ".join([f'"{case["gigabits"]:g} Gbit/s"', *numbers])
    yield "END"


def panel(name, title, count, bars, place):
    """One plot; `place` is its number and that of all, of which the last one has the key."""
    k, plots = place
    width = (RIGHT - LEFT + BETWEEN) / plots
    curves = [f"${name} using {3 * c + 2}:{3 * c + 3}:{3 * c + 4}:xtic(1) linecolor \"{colour}\" notitle"
              for c, (_, _, colour) in enumerate(bars)]
    if k == plots - 1:
        yield KEY
        curves += [f'NaN with boxes linecolor "{colour}" title "{text}"' for _, text, colour in bars]
    yield f'set title "{title}"'
    yield f"set xrange [-0.6:{count - 0.4}]"
    yield f"set lmargin at screen {LEFT + k * width:.4f}"
    yield f"set rmargin at screen {LEFT + (k + 1) * width - BETWEEN:.4f}"
    yield "plot " + ", ".join(curves)


def script(cases, spread):
    """A plot for each network, beside each other."""
    titles = list(dict.fromkeys(case["title"] for case in cases))
    bars = [bar for bar in BARS if any(spread(case, bar[0]) for case in cases)]
    lines, panels = HEAD.splitlines(), []
    for k, title in enumerate(titles):
        own = [case for case in cases if case["title"] == title]
        lines += block(f"network{k}", own, spread, bars)
        panels += panel(f"network{k}", title, len(own), bars, (k, len(titles)))
    lines.append(f'set multiplot layout 1,{len(titles)} title "{cases[0]["ranks"]} ranks of a thread and a core, '
                 'TCP between network namespaces"')
    return "\n".join([*lines, *panels, "unset multiplot", ""])


def draw(cases, spread, path):
    done = subprocess.run(["gnuplot", "--default-settings"], input=script(cases, spread), capture_output=True, text=True)
    if done.returncode != 0 or not done.stdout:
        sys.exit(f"gnuplot failed: {done.stderr.strip()}")
    path.write_text(done.stdout, encoding="utf-8")
