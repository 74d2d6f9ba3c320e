"""Runs the command: ``python -m batchprop train iris.csv --out iris.safetensors``."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Becomes the command, which the package carries."""
    command = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_command")
    os.execv(command, ["batchprop", *sys.argv[1:]])


if __name__ == "__main__":
    main()
