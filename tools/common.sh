# What quickstart.sh and test.sh share; sourced by them. Sets `root`, the top of the repository.
# shellcheck shell=bash
export LC_ALL=C
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# start_log NAME: sets `log`, where the commands of all steps write.
start_log() {
    log=$root/build-logs/$1.log
    if ! mkdir -p "$root/build-logs" || ! : >"$log"; then
        echo "$log cannot be written. Make $root writable for you." >&2
        exit 1
    fi
}

clock() {
    echo "${EPOCHREALTIME:-$SECONDS}"
}

# since TIME: the time passed, for reading.
since() {
    awk -v from="$1" -v to="$(clock)" 'BEGIN { printf "%.1f s", to - from }'
}

# attempt TITLE COMMAND...: runs the command quietly, shows how long it took and sets `attempt_status`.
# A failure shows the end of what the command wrote. Call it on a line of its own: within `if` or
# `||` bash would not stop the command at its first error.
attempt() {
    local title=$1 started first
    shift
    started=$(clock)
    first=$(($(wc -l <"$log") + 1))
    printf '  %-44s' "$title"
    printf '==> %s\n' "$title" >>"$log"
    set +e
    (
        set -e
        "$@"
    ) >>"$log" 2>&1 </dev/null
    attempt_status=$?
    set -e
    if [ "$attempt_status" -eq 0 ]; then
        printf '%10s\n' "$(since "$started")"
    else
        printf '%10s\n\n' FAILED
        tail -n "+$first" "$log" | tail -n 25 | sed 's/^/    /'
        printf '\n%s failed with status %d. Everything it wrote is in\n%s\n\n' \
            "$title" "$attempt_status" "$log"
    fi
}

# step TITLE COMMAND...: attempt(), and the end of the script if it fails.
step() {
    attempt "$@"
    [ "$attempt_status" -eq 0 ] || exit 1
}

# configure FOLDER OPTION...: a Meson build folder with these options, kept if Meson can reuse it.
configure() {
    local folder=$1
    shift
    if [ -f "$folder/build.ninja" ] && meson setup --reconfigure "$@" "$folder" "$root"; then
        return
    fi
    if [ -e "$folder" ] && [ ! -d "$folder/meson-private" ] && [ -n "$(ls -A "$folder")" ]; then
        echo "$folder is in the way: it is not a build folder of Meson. Move it and run this again."
        return 1
    fi
    rm -rf "$folder"
    meson setup "$@" "$folder" "$root"
}

# hand_back FOLDER...: gives what was made under sudo to the user who called it.
hand_back() {
    if [ "$(id -u)" -eq 0 ] && [ -n "${SUDO_UID:-}" ]; then
        chown -R "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$@" 2>/dev/null || true
    fi
}
