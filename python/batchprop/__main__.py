"""Runs the command: ``python -m batchprop train iris.csv --out iris.safetensors``.

Files of Parquet and Arrow are read, too, by PyArrow.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from ._arrow_files import is_arrow


def main() -> NoReturn:
    """Becomes the command, which the package carries; or runs it, with pipes in place of files of Arrow."""
    command = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_command")
    if any(is_arrow(word) for word in sys.argv[1:]):
        from ._arrow_command import run

        sys.exit(run(command, sys.argv[1:]))
    os.execv(command, ["batchprop", *sys.argv[1:]])


if __name__ == "__main__":
    main()
