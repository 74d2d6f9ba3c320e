/*
 * Reads a CSV file block by block. The work is cut into tasks, and a thread that is free takes the
 * next: first to read the plain rows of a part of the block, or the next block; then to copy a part
 * to the table.
 */
#include "data/csv/csv.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/sizes.h"
#include "data/csv/csv_blanks.h"
#include "data/csv/csv_parts.h"
#include "data/csv/csv_reader.h"
#include "team/team.h"

/* A part fits the cache of a core together with the numbers that it holds. */
#define PART_SIZE ((size_t)128 << 10)

/* Parts for each thread, so that one that is late delays the others little. */
#define PARTS_EACH 4

/* Cutting blocks, looking for NUL and counting missing cells, which one thread does, is 1.5 % of
 * the work for 30 columns of numbers, and 5 % for 6 of texts and 9 of numbers (one core of a Zen
 * 5): further threads would wait for it. */
#define THREADS_MAX 32

struct csv_block {
    char *text;
    size_t size;
    bool last; /* the file ends in it */
};

struct csv_file;

typedef void task_fn(struct csv_file *file, size_t task);

struct csv_file {
    struct bp_csv_dialect dialect;
    struct bp_csv_reader reader;
    struct bp_source *source;
    struct bp_team *team; /* NULL: the caller alone */
    size_t block_size;    /* at most that many bytes of the file */
    size_t part_size;     /* about that many in a part */
    struct bp_csv_blanks blanks;
    struct csv_block now;
    struct csv_block next; /* read while `now` is parsed */
    bp_status next_status;
    bp_error next_error;
    struct bp_csv_parts parts; /* of `now` */
    task_fn *do_task;
    size_t tasks;
    atomic_size_t next_task;
};

static bp_status read_block(struct csv_file *file, struct csv_block *block, bp_error *error)
{
    const bool blanks = file->dialect.blanks;
    char *text = block->text + blanks; /* where there is room for a tab before it */
    const bp_status status =
        bp_source_read(file->source, text, file->block_size, &block->size, error);
    block->last = block->size < file->block_size;
    if (status == BP_OK && blanks)
        block->size = bp_csv_blanks_replace(&file->blanks, block->text, text, block->size);
    return status;
}

static void read_next(struct csv_file *file)
{
    file->next_status = read_block(file, &file->next, &file->next_error);
}

/* Task 0 is the next block, which may take the longest; task k + 1 is part k. */
static void read_task(struct csv_file *file, size_t task)
{
    if (task == 0)
        read_next(file);
    else
        bp_csv_parts_read(&file->parts, task - 1, &file->reader.rows);
}

/* Task k is part k. */
static void copy_task(struct csv_file *file, size_t task)
{
    bp_csv_parts_copy(&file->parts, task, file->reader.rows.table->cells);
}

static void take_tasks(void *arg, size_t t, size_t threads)
{
    struct csv_file *file = arg;
    (void)t;
    (void)threads;
    for (;;) {
        /* Relaxed: the counter only gives out numbers; the join of the team shows the results. */
        size_t task = atomic_fetch_add_explicit(&file->next_task, 1, memory_order_relaxed);
        if (task >= file->tasks)
            return;
        file->do_task(file, task);
    }
}

/* Race-free: a task writes what is its own and reads what no task writes. */
static void run_tasks(struct csv_file *file, task_fn *do_task, size_t first, size_t end)
{
    file->do_task = do_task;
    file->tasks = end;
    atomic_store_explicit(&file->next_task, first, memory_order_relaxed);
    if (file->team)
        bp_team_run(file->team, take_tasks, file);
    else
        take_tasks(file, 0, 1);
}

/* Reads rows up to the first place where plain ones may follow. */
static bp_status read_first(struct bp_csv_reader *reader, const char **at, const char *end)
{
    bp_status status = BP_OK;
    while (status == BP_OK && *at < end && !bp_csv_reader_takes_rows(reader)) {
        const char *lf = memchr(*at, '\n', (size_t)(end - *at));
        const char *next = lf ? lf + 1 : end;
        status = bp_csv_reader_feed(reader, *at, next);
        *at = next;
    }
    return status;
}

/* Reads the block but for its rest, and the next block unless this is the last. */
static bp_status read_parts(struct csv_file *file, bool last, const char **at, const char *end)
{
    bp_csv_parts_cut(&file->parts, *at, end);
    run_tasks(file, read_task, last ? 1 : 0, file->parts.count + 1);
    bool placed;
    bp_status status = bp_csv_parts_place(&file->parts, &file->reader, &placed);
    if (status != BP_OK || !placed)
        return status == BP_OK ? bp_csv_parts_add(&file->parts, &file->reader, at) : status;
    run_tasks(file, copy_task, 0, file->parts.count);
    *at = file->parts.cut[file->parts.count];
    return BP_OK;
}

static bp_status parse_block(struct csv_file *file, bool last)
{
    const char *at = file->now.text, *end = at + file->now.size;
    /* The dictionaries of the columns take no NUL. */
    if (memchr(at, '\0', file->now.size))
        return bp_csv_reader_feed(&file->reader, at, end);
    bp_status status = read_first(&file->reader, &at, end);
    if (status == BP_OK && at < end)
        status = read_parts(file, last, &at, end);
    else if (status == BP_OK && !last)
        read_next(file);
    return status == BP_OK ? bp_csv_reader_feed(&file->reader, at, end) : status;
}

/* As many threads as there are parts, at most. Without a team the result is the same. */
static void create_team(struct csv_file *file, size_t threads)
{
    threads = bp_size_min(threads, file->now.size / file->part_size);
    if (threads > 1)
        bp_team_create(&file->team, BP_BACKEND_AUTO, threads, NULL);
}

static bp_status parse_blocks(struct csv_file *file, size_t threads)
{
    bp_error *error = file->reader.error;
    bp_status status = read_block(file, &file->now, error);
    if (status != BP_OK)
        return status;
    if (!bp_csv_narrow_find(&file->reader.rows.narrow, &file->dialect, file->now.text,
                            file->now.text + file->now.size))
        return bp_fail_memory(error, bp_source_path(file->source));
    create_team(file, threads);
    for (;;) {
        const bool last = file->now.last;
        status = parse_block(file, last);
        if (status != BP_OK || last)
            return status;
        if (file->next_status != BP_OK) {
            if (error)
                *error = file->next_error;
            return file->next_status;
        }
        const struct csv_block parsed = file->now;
        file->now = file->next;
        file->next = parsed;
    }
}

/* Skips a byte order mark of UTF-8; one of UTF-16 is an error. */
static bp_status skip_mark(struct bp_source *source, bp_error *error)
{
    size_t size;
    const unsigned char *head = bp_source_head(source, &size);
    const bool marked =
        size >= 2 && (memcmp(head, "\xFF\xFE", 2) == 0 || memcmp(head, "\xFE\xFF", 2) == 0);
    /* Two letters of ASCII. */
    const bool unmarked = size >= 4 && (head[0] == 0) == (head[2] == 0) &&
                          (head[1] == 0) == (head[3] == 0) && (head[0] == 0) != (head[1] == 0);
    if (marked || unmarked)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file is UTF-16 text; save it as UTF-8",
                       bp_source_path(source));
    char mark[3];
    if (size >= sizeof mark && memcmp(head, "\xEF\xBB\xBF", sizeof mark) == 0)
        return bp_source_read(source, mark, sizeof mark, &size, error);
    return BP_OK;
}

static void release_file(struct csv_file *file)
{
    bp_team_free(file->team);
    bp_csv_parts_release(&file->parts);
    free(file->now.text);
    free(file->next.text);
    bp_csv_reader_release(&file->reader);
    bp_csv_dialect_release(&file->dialect);
}

bp_status bp_csv_read_by(struct bp_table *table, struct bp_source *source,
                         const bp_read_options *options, const struct bp_csv_plan *plan,
                         bp_error *error)
{
    struct csv_file file = {.source = source,
                            .block_size = plan->parts * plan->part_size,
                            .part_size = plan->part_size};
    bp_status status = bp_csv_dialect_choose(&file.dialect, source, options, error);
    if (status == BP_OK)
        status = bp_csv_reader_begin(&file.reader, table, options, &file.dialect, error);
    if (status != BP_OK) {
        bp_csv_dialect_release(&file.dialect);
        return status;
    }
    file.now.text = malloc(file.block_size + 1);
    file.next.text = malloc(file.block_size + 1);
    if (!bp_csv_parts_create(&file.parts, plan->parts) || !file.now.text || !file.next.text)
        status = bp_fail_memory(error, bp_source_path(source));
    if (status == BP_OK)
        status = skip_mark(source, error);
    if (status == BP_OK)
        status = parse_blocks(&file, plan->threads);
    if (status == BP_OK)
        status = bp_csv_reader_finish(&file.reader);
    release_file(&file);
    return status;
}

static bp_status read_csv(struct bp_table *table, struct bp_source *source,
                          const bp_read_options *options, bp_error *error)
{
    size_t threads = options->threads > 0 ? options->threads : bp_usable_processors();
    threads = bp_size_min(threads, THREADS_MAX);
    const struct bp_csv_plan plan = {
        .threads = threads, .parts = PARTS_EACH * threads, .part_size = PART_SIZE};
    return bp_csv_read_by(table, source, options, &plan, error);
}

/* Whatever no other format recognizes is CSV, which has no magic. */
const struct bp_reader bp_csv_format = {.format = BP_FORMAT_CSV,
                                        .read = read_csv,
                                        .may_have_header = true,
                                        .may_be_appended = true,
                                        .integers_may_be_classes = true,
                                        .has_fields = true,
                                        .first_line = 1,
                                        .row_lines = 1};
