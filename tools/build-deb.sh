#!/usr/bin/env bash
# Builds packages for Debian from the last commit, and runs lintian on them.
#   tools/build-deb.sh [FOLDER]   FOLDER of the packages: build-test/deb unless given
# DEB_BUILD_OPTIONS=nocheck: without the tests.
# It needs what debian/control says, and dpkg-dev, debhelper and lintian: as root,
#   apt-get install dpkg-dev debhelper lintian && apt-get build-dep .
set -euo pipefail
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin # Debian's own programs
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [ "${1:-}" = --help ]; then
    sed -n '2,6s/^# //p' "$0"
    exit 0
fi
work=${1:-$root/build-test/deb}
for program in dpkg-buildpackage dh lintian; do
    command -v "$program" >/dev/null || {
        echo "build-deb.sh: there is no $program: apt-get install dpkg-dev debhelper lintian" >&2
        exit 1
    }
done
[ -z "$(git -C "$root" status --porcelain)" ] || echo "What is not committed is left out." >&2

version=$(dpkg-parsechangelog -l "$root/debian/changelog" --show-field Version)
name=batchprop-${version%-*}
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)
git -C "$root" archive --prefix="$name/" HEAD ':!debian' | xz >"$work/batchprop_${version%-*}.orig.tar.xz"
tar -xf "$work/batchprop_${version%-*}.orig.tar.xz" -C "$work"
git -C "$root" archive --prefix="$name/" HEAD debian | tar -x -C "$work"

(cd "$work/$name" && dpkg-buildpackage -us -uc)
rm -rf "${work:?}/$name"
lintian --allow-root --display-info --pedantic --fail-on error,warning "$work"/batchprop_*.changes
ls "$work"
