#!/usr/bin/env bash
# From a fresh clone to a trained network: installs what is missing, builds, trains on handwritten
# digits, evaluates on digits that the training never saw, and says what to type next.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [ $# -gt 0 ]; then
    sed -n '2,3s/^# //p' "${BASH_SOURCE[0]}"
    [ "$1" = --help ] && exit 0
    exit 2
fi

build=$root/build
out=$build/quickstart
command=$build/src/cli/batchprop
model=$out/digits.safetensors
recipe=(--hidden 64 --batch-size 32 --epochs 60)

train() {
    "$command" train "$root/datasets/digits-train.csv" "${recipe[@]}" --json "$@"
}

train_model() {
    mkdir -p "$out"
    train --out "$model" >"$out/train.json"
}

evaluate_model() {
    "$command" eval "$model" "$root/datasets/digits-test.csv" --json >"$out/eval.json"
}

# Twelve rows without their last column, the digit, so that only the model can know it.
predict_rows() {
    awk 'NR % 30 == 2 || NR == 1' "$root/datasets/digits-test.csv" >"$out/labelled.csv"
    sed 's/,[^,]*$//' "$out/labelled.csv" >"$out/rows.csv"
    "$command" predict "$model" "$out/rows.csv" --out "$out/predictions.csv"
}

# The first training chose its threads itself; this one takes another number.
train_on_other_threads() {
    train --threads "$other_threads" --backend pthreads --out "$out/again.safetensors" >"$out/again.json"
    [ "$(value again weights_digest)" = "$(value train weights_digest)" ] || {
        echo "$other_threads threads gave other weights: $(value again weights_digest)"
        return 1
    }
}

# value FILE KEY: a number or text of the JSON object that a command printed.
value() {
    sed -n "s/.*\"$2\": *\"\{0,1\}\([^\",}]*\).*/\1/p" "$out/$1.json" | head -n 1
}

start_log quickstart
trap 'hand_back "$build" "$root/build-logs"' EXIT
echo "batchprop quick start"
step 'packages' "$root/tools/install-packages.sh"
step 'configure a release build' configure "$build" --buildtype=release -Dtests=disabled
step 'compile' meson compile -C "$build"
step 'train on 1437 handwritten digits' train_model
step 'evaluate on 360 others' evaluate_model
step 'predict twelve of them' predict_rows
other_threads=$([ "$(value train threads)" = 1 ] && echo 2 || echo 1)
step "train again, threads: $other_threads, same bits?" train_on_other_threads

# relative PATH: as the caller would type it from where he is.
relative() {
    realpath --relative-to="$PWD" "$1" 2>/dev/null || echo "$1"
}

digits() {
    paste -s -d ' ' -
}

here=$(relative "$command")
awk -v accuracy="$(value eval accuracy)" -v seconds="$(value train seconds)" \
    -v epochs="$(value train epochs)" -v speed="$(value train samples_per_second)" \
    -v threads="$(value train threads)" -v backend="$(value train backend)" \
    -v isa="$(value train isa)" -v digest="$(value train weights_digest)" \
    -v other="$other_threads" 'BEGIN {
    printf "\n"
    printf "  accuracy   %.1f %% on digits that the training never saw\n", 100 * accuracy
    printf "  time       %.2f s for %d epochs, %.0f samples/s\n", seconds, epochs, speed
    printf "  threads    %s (%s, %s)\n", threads, backend, isa
    printf "  digest     %s, the same with threads: %d\n", digest, other }'
cat <<NEXT
  digits     $(sed '1d; s/.*,//' "$out/labelled.csv" | digits)
  predicted  $(sed '1d; s/,.*//' "$out/predictions.csv" | digits)

Trained by
  $here train $(relative "$root/datasets/digits-train.csv") \\
      ${recipe[*]} --out $(relative "$model")

Next
  $here info $(relative "$model")
  $here check YOUR.csv
  $here train YOUR.csv --out YOUR.safetensors    # the last column is the target
  $here train --help
  $(relative "$root/tools/test.sh")
NEXT
