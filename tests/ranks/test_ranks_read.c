/* Files that rank 0 alone has: all ranks read the same rows, or get the same error. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "data/table/table_digest.h"
#include "support/idx_bytes.h"
#include "support/npy_bytes.h"
#include "support/reading.h"
#include "support/scratch.h"
#include "support/thread_ranks.h"

#define RANKS 3

TestSuite(ranks_read, .fini = scratch_remove);

/* What all ranks read. */
struct job {
    const char *paths[2];
    size_t count;
    const char *labels;
    bp_status status[RANKS];
    bp_error error[RANKS];
    char digest[RANKS][BP_DIGEST_SIZE];
};

/* Formats may be known by the name of the file. */
static void write_nowhere(char nowhere[64], const char *path)
{
    snprintf(nowhere, 64, "/nowhere%s", strrchr(path, '/'));
}

/* A NULL group reads alone, as rank 0. */
static void read_rank(struct bp_ranks *ranks, void *arg)
{
    struct job *job = arg;
    const size_t r = ranks ? ranks->rank : 0;
    char nowhere[3][64];
    const char *paths[2] = {nowhere[0], nowhere[1]};
    for (size_t k = 0; k < job->count; k++)
        write_nowhere(nowhere[k], job->paths[k]);
    if (job->labels)
        write_nowhere(nowhere[2], job->labels);
    bp_read_options options = bp_read_options_default();
    bp_dataset *dataset = NULL;
    options.ranks = ranks;
    options.labels = job->labels && r > 0 ? nowhere[2] : job->labels;
    job->error[r].message[0] = '\0';
    job->status[r] = bp_dataset_read_files(&dataset, r > 0 ? paths : job->paths, job->count,
                                           &options, &job->error[r]);
    job->digest[r][0] = '\0';
    if (dataset)
        bp_dataset_digest(dataset, job->digest[r]);
    bp_dataset_free(dataset);
}

static void expect_the_same_rows(struct job *job)
{
    char alone[BP_DIGEST_SIZE];
    read_rank(NULL, job);
    cr_assert_eq(job->status[0], BP_OK, "%s", job->error[0].message);
    memcpy(alone, job->digest[0], sizeof alone);
    thread_ranks_run(RANKS, read_rank, job);
    for (size_t r = 0; r < RANKS; r++) {
        cr_assert_eq(job->status[r], BP_OK, "rank %zu: %s", r, job->error[r].message);
        cr_assert_str_eq(job->digest[r], alone, "rank %zu", r);
    }
}

static const char *put(const char *name, const void *data, size_t size)
{
    char *path = scratch_file(name);
    file_put(path, data, size);
    return path;
}

static void expect_file(const char *name, const void *data, size_t size)
{
    struct job job = {.paths = {put(name, data, size)}, .count = 1};
    expect_the_same_rows(&job);
}

/* Numbers in `size` bytes or a few more; freed with free(). */
static char *write_table(size_t size, size_t *written)
{
    char *text = malloc(size + 64);
    cr_assert_not_null(text);
    *written = (size_t)sprintf(text, "a,b\n");
    for (unsigned k = 0; *written < size; k++)
        *written += (size_t)sprintf(text + *written, "%u,%u\n", k, k % 7);
    return text;
}

/* Around pieces of a MiB, too. */
Test(ranks_read, csv_of_any_size)
{
    const size_t piece = (size_t)1 << 20;
    const size_t sizes[] = {10, piece, 3 * piece};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        size_t size;
        char *text = write_table(sizes[k], &size);
        expect_file("a.csv", text, size);
        free(text);
    }
    size_t size;
    char *text = write_table(piece - 40, &size); /* exactly one piece: */
    memset(text + size, '1', piece - size);
    text[size + 1] = ',';
    expect_file("b.csv", text, piece);
    free(text);
}

Test(ranks_read, packed_files)
{
    size_t size, packed;
    char *text = write_table(100000, &size);
    unsigned char *gzip = pack_gzip(text, size, &packed);
    expect_file("a.csv.gz", gzip, packed);
    const size_t room = ZSTD_compressBound(size);
    unsigned char *zstd = malloc(room);
    expect_file("a.csv.zst", zstd, ZSTD_compress(zstd, room, text, size, 1));
    free(zstd);
    free(gzip);
    free(text);
}

Test(ranks_read, two_files_as_one)
{
    struct job job = {.count = 2};
    job.paths[0] = put("a.csv", "a,b\n1,2\n", 8);
    job.paths[1] = put("b.csv", "a,b\n3,4\n5,6\n", 12);
    expect_the_same_rows(&job);
}

/* A file that is mapped otherwise; and one with a file of labels. */
Test(ranks_read, arrays_and_labels)
{
    const float values[] = {1, 2, 3, 4, 5, 6};
    const struct npy_bytes npy = npy_floats("3, 2", 6, values);
    const struct idx_bytes images = idx_images(), labels = idx_labels();
    expect_file("a.npy", npy.data, npy.size);
    struct job job = {.paths = {put("images", images.data, images.size)},
                      .count = 1,
                      .labels = put("labels", labels.data, labels.size)};
    expect_the_same_rows(&job);
}

Test(ranks_read, fann)
{
    static const char text[] = "2 2 1\n0 1\n1\n1 1\n0\n";
    expect_file("a.data", text, sizeof text - 1);
}

static void expect_error(struct job *job, bp_status status, const char *words)
{
    thread_ranks_run(RANKS, read_rank, job);
    for (size_t r = 0; r < RANKS; r++) {
        cr_assert_eq(job->status[r], status, "rank %zu", r);
        cr_assert_not_null(strstr(job->error[r].message, words), "rank %zu: %s", r,
                           job->error[r].message);
    }
}

Test(ranks_read, an_error_is_that_of_rank_0)
{
    struct job job = {.count = 2};
    job.paths[0] = put("a.csv", "a,b\n1,2\n", 8);
    job.paths[1] = scratch_file("missing.csv");
    expect_error(&job, BP_ERROR_IO, "missing.csv: cannot be read");
    job.paths[1] = put("b.csv", "a,b\n3\n", 6);
    expect_error(&job, BP_ERROR_INPUT, "b.csv:2");
    job.paths[1] = put("c.csv", "a,c\n3,4\n", 8);
    expect_error(&job, BP_ERROR_INPUT, "c.csv");
    job.count = 1;
    job.paths[0] = put("empty.csv", "", 0);
    expect_error(&job, BP_ERROR_INPUT, "empty.csv: the file is empty");
}
