#!/bin/sh
# Obtains data sets that are too large for the repository.
set -eu

program=$(basename "$0")

usage() {
    cat <<EOF
usage: $program mnist [--from FOLDER] [DESTINATION]

Puts the four files of MNIST into DESTINATION (default: the folder mnist beside this script),
from a public mirror, and compares their checksums. What is there and intact is left alone; a
download that was interrupted goes on where it stopped.

  --from FOLDER   copy the files from a folder on this machine instead; files that differ from
                  the original ones are checked for being intact gzip files of the right shape
  --help          show this text

Example: datasets/$program mnist && batchprop check datasets/mnist/train-images-idx3-ubyte.gz
EOF
}

fail() {
    echo "$program: $*" >&2
    exit 1
}

mirrors='https://ossci-datasets.s3.amazonaws.com/mnist
https://storage.googleapis.com/cvdf-datasets/mnist'

# file, SHA-256 of the original, and its first bytes once unpacked: the magic number, then one
# 32-bit number a dimension, in hexadecimal
mnist='train-images-idx3-ubyte.gz 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609 000008030000ea600000001c0000001c
train-labels-idx1-ubyte.gz 3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c 000008010000ea60
t10k-images-idx3-ubyte.gz 8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6 00000803000027100000001c0000001c
t10k-labels-idx1-ubyte.gz f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6 0000080100002710'

sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1" | cut -d ' ' -f 1
    elif command -v shasum >/dev/null; then
        shasum -a 256 <"$1" | cut -d ' ' -f 1
    else
        openssl dgst -sha256 -r <"$1" | cut -d ' ' -f 1
    fi
}

# Whether the file is an intact gzip file whose content begins with the bytes in hexadecimal.
has_shape() {
    gzip -t "$1" 2>/dev/null || return 1
    count=$((${#2} / 2))
    found=$(gzip -dc "$1" 2>/dev/null | od -An -v -tx1 -N "$count" | tr -d ' \n')
    [ "$found" = "$2" ]
}

# download URL FILE: goes on with what is there of FILE.
download() {
    if command -v curl >/dev/null; then
        curl --fail --location --silent --show-error --connect-timeout 20 --retry 2 \
            --continue-at - --output "$2" "$1"
    elif command -v wget >/dev/null; then
        wget --quiet --continue --timeout=20 --tries=3 --output-document="$2" "$1"
    else
        fail 'neither curl nor wget is installed; install one, or use --from FOLDER'
    fi
}

# fetch FILE SUM: tries every mirror, and a second time from the start if the sum is wrong.
fetch() {
    partial=$1.part
    for mirror in $mirrors; do
        for attempt in 1 2; do
            echo "$1: from $mirror"
            done=yes
            download "$mirror/$(basename "$1")" "$partial" || done=no
            if [ -f "$partial" ] && [ "$(sha256 "$partial")" = "$2" ]; then
                mv "$partial" "$1"
                return
            fi
            # What a failed download has left may be gone on with, from the next mirror too.
            [ "$done" = yes ] || break
            echo "$program: $1: wrong checksum (attempt $attempt)" >&2
            rm -f "$partial"
        done
    done
    [ ! -f "$partial" ] || echo "$program: $partial is kept to go on with; remove it to start again" >&2
    fail "$1 could not be obtained; check the network, or use --from FOLDER"
}

# copy SOURCE FILE SUM SHAPE
copy() {
    [ -f "$1" ] || fail "$1: no such file"
    cat "$1" >"$2.part" || fail "$1: cannot be copied to $2"
    if [ "$(sha256 "$2.part")" = "$3" ]; then
        echo "$2: copied, the original file"
    elif has_shape "$2.part" "$4"; then
        echo "$2: copied; not the original file, but intact and of the right shape"
    else
        rm -f "$2.part"
        fail "$1: damaged, or not this file of MNIST"
    fi
    mv "$2.part" "$2"
}

# get_mnist FROM DESTINATION
get_mnist() {
    mkdir -p "$2" || fail "$2: cannot be created"
    echo "$mnist" | while read -r name sum shape; do
        file=$2/$name
        if [ -f "$file" ] && [ "$(sha256 "$file")" = "$sum" ]; then
            echo "$file: there already"
        elif [ -f "$file" ] && has_shape "$file" "$shape"; then
            echo "$file: there already; not the original file, but intact and of the right shape"
        elif [ -n "$1" ]; then
            copy "$1/$name" "$file" "$sum" "$shape"
        else
            fetch "$file" "$sum"
        fi
    done
}

what=
from=
destination=
while [ $# -gt 0 ]; do
    case $1 in
    --help | -h)
        usage
        exit 0
        ;;
    --from)
        [ $# -ge 2 ] || fail '--from needs a folder'
        [ -d "$2" ] || fail "$2: no such folder"
        from=$2
        shift
        ;;
    -*)
        fail "unknown option $1 (see $program --help)"
        ;;
    *)
        if [ -z "$what" ]; then
            what=$1
        elif [ -z "$destination" ]; then
            destination=$1
        else
            fail "too many arguments (see $program --help)"
        fi
        ;;
    esac
    shift
done

case $what in
mnist)
    get_mnist "$from" "${destination:-$(cd "$(dirname "$0")" && pwd)/mnist}"
    ;;
'')
    usage >&2
    exit 2
    ;;
*)
    fail "unknown data set \"$what\": there is mnist"
    ;;
esac
