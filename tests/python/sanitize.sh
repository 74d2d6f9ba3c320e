#!/usr/bin/env bash
# Runs tests of the Python package on a library with the address and undefined-behaviour sanitizers of gcc.
#   sanitize.sh PYTHON BUILD FOLDER
# PYTHON has what requirements.txt names. BUILD is a build folder of Meson with such a library. The package is made in FOLDER.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
python=$1 library=$2/src folder=$3

rm -rf "$folder"
mkdir -p "$folder"
cp -r "$root/python/batchprop" "$folder"
"$python" "$root/python/make_native.py" "$root/python/watch.c" "$root/include/batchprop/batchprop.h" \
    "$root/python/watch.h" "$folder/_native.c"
headers=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')
gcc -shared -fPIC -g -w -std=gnu17 -fsanitize=address,undefined -I"$headers" -I"$root/include" -I"$root/python" \
    "$folder/_native.c" -o "$folder/batchprop/_native.abi3.so" -L"$library" -lbatchprop -Wl,-rpath,"$library"

# The interpreter has neither sanitizers nor C++, which other packages bring later; what it does not free is its own
# business. With malloc() for its objects the structs that are given to the library have bounds.
LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libstdc++.so.6)"
ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=1
UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
PYTHONMALLOC=malloc
PYTHONPATH=$folder
export LD_PRELOAD ASAN_OPTIONS UBSAN_OPTIONS PYTHONMALLOC PYTHONPATH
"$python" "$root/python/make_parameters.py" "$folder/batchprop/_native.abi3.so" "$folder/batchprop/_parameters.py"
cd "$folder"
tests=$root/tests/python
exec "$python" -m pytest -q -p no:cacheprovider "$tests"/test_{errors,frames,model,partial_fit,sparse}.py \
    -k 'not command and not file and not torch and not scikit_learn and not memory_is'
