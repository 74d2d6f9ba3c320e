/* Text of many rows, made by several threads and taken in order. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "model/engine.h"
#include "team/range.h"

/* Of each thread's first run, which says how long the text of a row is. */
#define FIRST_ROWS 16

/* Text that a run is to have, about. */
#define RUN_BYTES ((size_t)1 << 20)

/* Runs become longer by at most this factor: rows that come may have longer texts. */
#define MAX_GROWTH 16

/* A row of three numbers takes 300 ns, the time of so many floating-point operations. */
#define ROW_OPERATIONS 15000.0

struct text {
    char *bytes; /* NULL: there was no memory */
    size_t size;
};

struct work {
    bp_format_fn *format;
    void *user;
    struct text *text; /* one a thread */
    size_t begin, end; /* rows of this round */
};

/* Each thread reads `work` and writes a text of its own. */
static void format_run(void *arg, size_t t, size_t threads)
{
    const struct work *work = arg;
    const struct bp_range run = bp_range_of(work->end - work->begin, threads, t);
    struct text *text = &work->text[t];
    *text = (struct text){0};
    if (run.begin < run.end)
        text->bytes =
            work->format(work->user, work->begin + run.begin, work->begin + run.end, &text->size);
}

/* The texts of a round; sets *bytes to their size. */
static bp_status take_texts(const struct work *work, size_t threads, bp_text_fn *take,
                            size_t *bytes, bp_error *error)
{
    bp_status status = BP_OK;
    *bytes = 0;
    for (size_t t = 0; t < threads; t++) {
        const struct text *text = &work->text[t];
        const struct bp_range run = bp_range_of(work->end - work->begin, threads, t);
        if (!status && run.begin < run.end && !text->bytes)
            status = bp_fail_memory(error, "the text of rows");
        if (!status && run.begin < run.end && !take(work->user, text->bytes, text->size))
            status = bp_fail(error, BP_STOPPED, "stopped by the caller");
        *bytes += text->size;
        free(text->bytes);
    }
    return status;
}

static bp_status run_rounds(struct work *work, struct bp_team *team, size_t rows, bp_text_fn *take,
                            bp_error *error)
{
    const size_t threads = bp_team_threads(team);
    size_t round = FIRST_ROWS * threads;
    bp_status status = BP_OK;
    for (work->begin = 0; !status && work->begin < rows; work->begin = work->end) {
        size_t bytes;
        work->end = work->begin + bp_size_min(round, rows - work->begin);
        bp_team_run(team, format_run, work);
        status = take_texts(work, threads, take, &bytes, error);
        const size_t row_bytes = bytes / (work->end - work->begin) + 1;
        round = bp_size_min(bp_size_max(RUN_BYTES / row_bytes, 1) * threads, MAX_GROWTH * round);
    }
    return status;
}

bp_status bp_format_rows(size_t rows, const bp_run_options *options, bp_format_fn *format,
                         bp_text_fn *take, void *user, bp_error *error)
{
    BP_REQUIRE(format, error);
    BP_REQUIRE(take, error);
    bp_run_options full = bp_run_options_default();
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_run_options", error);
    if (status)
        return status;
    const struct bp_engine_options choice = {
        .threads = full.threads,
        .backend = full.backend,
        .isa = full.isa,
        .shares = rows / FIRST_ROWS + 1,
        .operations = ROW_OPERATIONS * (double)rows,
    };
    struct bp_engine engine;
    if ((status = bp_engine_make(&engine, &choice, error)))
        return status;
    const size_t threads = bp_team_threads(engine.team);
    struct work work = {.format = format, .user = user};
    work.text = bp_array_alloc(threads, sizeof *work.text);
    status = work.text ? run_rounds(&work, engine.team, rows, take, error)
                       : bp_fail_memory(error, "the text of rows");
    free(work.text);
    bp_engine_release(&engine);
    return status;
}
