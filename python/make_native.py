"""Writes the C source of the extension module batchprop._native.

usage: make_native.py WATCH_C HEADER... OUTPUT

The declarations that cffi needs are the headers themselves, without what its parser does not know.
"""

import re
import sys
from pathlib import Path

import cffi


def declarations(header: str) -> str:
    """What a header declares, for ``ffi.cdef()``: types, functions, and constants that are whole numbers."""
    text = re.sub(r"/\*.*?\*/", " ", header, flags=re.S)
    text = re.sub(r"#ifdef __cplusplus.*?#endif", "", text, flags=re.S)
    text = re.sub(r"^static inline .*?^}", "", text, flags=re.S | re.M)
    constants = re.findall(r"^#define (BP_\w+)\s+(\d+)\s*$", text, flags=re.M)
    text = re.sub(r"^#.*$", "", text, flags=re.M)
    text = re.sub(r"\bBP_API\b", "", text)
    return "".join(f"#define {name} {value}\n" for name, value in constants) + text


def main(watch: str, *paths: str) -> None:
    *headers, output = paths
    ffi = cffi.FFI()
    for header in headers:
        ffi.cdef(declarations(Path(header).read_text(encoding="utf-8")))
    ffi.cdef(
        """
        extern "Python" bool bpy_tell(const bp_progress *progress, void *user);
        extern "Python" bool bpy_tell_member(const bp_member_progress *progress, void *user);
        """
    )
    # Included rather than linked: it calls the functions above, which are static.
    ffi.set_source("batchprop._native", f'#include "{Path(watch).name}"\n')
    ffi.emit_c_code(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
