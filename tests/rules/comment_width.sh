#!/bin/sh
# comment_width.sh ROOT: no line of C is wider than 100 columns. clang-format breaks code there, but leaves
# comments as they are. tests/support/intrinsics follows a reference, line by line.
set -eu
cd "$1"

# A character of UTF-8 is one column, whatever the locale.
find src include tests bench examples python -name intrinsics -prune -o -name '*.[ch]' -print -o -name '*.cc' -print |
    sort | LC_ALL=C xargs awk '
{
    line = $0
    gsub(/[\200-\277]/, "", line)
    if (length(line) > 100) {
        printf "%s:%d: %d columns\n", FILENAME, FNR, length(line)
        wide++
    }
}
END { exit NR == 0 || wide > 0 }'
