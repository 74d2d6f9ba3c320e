#!/bin/sh
# json_calls.sh ROOT: text becomes JSON and JSON text in src/base/json alone. jansson's own functions for it, and
# those that copy or unpack, lose values without a word where memory runs out; so does json_pack() with "s*" or "o*".
set -eu
cd "$1"
bad=0

# refuse FOLDER_TO_LEAVE_OUT PATTERN WHY
refuse() {
    if find src -name '*.[ch]' ! -path "$1" -exec grep -nE "(^|[^a-z_])($2)\(" {} + >&2; then
        echo "json_calls.sh: $3" >&2
        bad=1
    fi
}

refuse 'src/base/json/*' 'json_(load|dump)[a-z_]*' 'only src/base/json reads and writes JSON'
refuse none 'json_(v?unpack(_ex)?|copy|object_update_[a-z]+)' \
    'loses values: use base/json/json_value.h, json_deep_copy() or json_object_update()'

files=0
for file in $(find src -name '*.c' | sort); do
    files=$((files + 1))
    if tr '\n' ' ' <"$file" | grep -oE 'json_pack(_ex)?\([^"]*"[^"]*"' | grep -F '*' >&2; then
        echo "json_calls.sh: $file: json_pack() leaves out a value that could not be made" >&2
        bad=1
    fi
done
echo "$files files"
[ "$files" -gt 0 ] && [ "$bad" -eq 0 ]
