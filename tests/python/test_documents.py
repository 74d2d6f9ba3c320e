"""What README.md and docs/python.md tell people to type."""

import re
import subprocess
import sys

import pytest


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_the_python_of_a_page_runs(page, root, tmp_path):
    blocks = re.findall(r"^```python\n(.*?)^```", (root / page).read_text(encoding="utf-8"), re.S | re.M)
    assert blocks
    subprocess.run([sys.executable, "-c", "\n".join(blocks)], check=True, cwd=tmp_path)


def test_the_figures_of_the_readme_are_printed(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    block = re.search(r"^```python\n(.*?)^```", text, re.S | re.M).group(1)
    printed = subprocess.run([sys.executable, "-c", block], check=True, capture_output=True, text=True).stdout.split()
    assert float(printed[0]) >= 0.975
    assert all(word in text for word in printed)
