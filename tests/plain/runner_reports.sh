#!/bin/sh
# runner_reports.sh SAMPLE: what the plain runner prints of sample.c, and its exit status.
set -eu
status=0
printed=$("$1") || status=$?
# Places are file and line.
seen=$(printf '%s\n' "$printed" | sed 's/^# [^ ]*sample\.c:[0-9]*:/# PLACE:/')
expected='TAP version 13
1..7
# set up
# torn down
ok 1 - sample::passes
# set up
# PLACE: 1 == 2: one is not 2
not ok 2 - sample::fails_at_once (status 1)
# set up
# PLACE: "a" != "a": 
# PLACE: "b" == NULL: 
# gone on
# torn down
not ok 3 - sample::fails_and_goes_on (status 1)
# set up
# PLACE: failure: for reason 7
not ok 4 - sample::fails_without_a_claim (status 1)
# set up
# nothing to do
ok 5 - sample::is_skipped # SKIP
not ok 6 - sample::crashes (status 134)
ok 7 - of_no_suite::passes_too'
if [ "$seen" != "$expected" ] || [ "$status" -ne 1 ]; then
    printf 'status %d, printed:\n%s\n' "$status" "$seen" >&2
    exit 1
fi
