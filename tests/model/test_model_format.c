/* Text of many rows is the same however many threads make it, and comes in order. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"

/* What a user keeps: rows of `width` bytes, the number of a row at their beginning. */
struct user {
    size_t width;
    size_t failing;         /* the row for which there is no memory; SIZE_MAX: none */
    size_t takes;           /* texts that are taken before it is enough */
    char *text;             /* all that was taken */
    size_t size;            /* of it */
    atomic_size_t run_rows; /* the most rows of a run */
};

static char *format_rows(void *user, size_t begin, size_t end, size_t *size)
{
    struct user *self = user;
    size_t most = atomic_load(&self->run_rows);
    while (end - begin > most && !atomic_compare_exchange_weak(&self->run_rows, &most, end - begin))
        ;
    if (begin <= self->failing && self->failing < end)
        return NULL;
    *size = (end - begin) * self->width;
    char *text = malloc(*size + 1);
    cr_assert_not_null(text);
    for (size_t x = begin; x < end; x++)
        snprintf(text + (x - begin) * self->width, self->width + 1, "%*zu\n", (int)self->width - 1,
                 x);
    return text;
}

static bool take_text(void *user, const char *text, size_t size)
{
    struct user *self = user;
    if (self->takes-- == 0)
        return false;
    self->text = realloc(self->text, self->size + size + 1);
    cr_assert_not_null(self->text);
    memcpy(self->text + self->size, text, size);
    self->size += size;
    return true;
}

static bp_status run(struct user *user, size_t rows, size_t threads, bp_backend backend)
{
    bp_run_options options = bp_run_options_default();
    options.threads = threads;
    options.backend = backend;
    return bp_format_rows(rows, &options, format_rows, take_text, user, NULL);
}

static void expect_rows(const struct user *user, size_t rows)
{
    cr_assert_eq(user->size, rows * user->width);
    for (size_t x = 0; x < rows; x++)
        cr_assert_eq(strtoul(user->text + x * user->width, NULL, 10), x);
}

Test(model_format, rows_come_in_order_whatever_the_threads)
{
    static const size_t counts[] = {0, 1, 15, 16, 17, 1000, 100003};
    static const size_t threads[] = {1, 2, 3, 8};
    static const bp_backend backends[] = {BP_BACKEND_SERIAL, BP_BACKEND_PTHREADS,
                                          BP_BACKEND_OPENMP};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
            for (size_t b = 0; b < sizeof backends / sizeof *backends; b++) {
                struct user user = {.width = 12, .failing = SIZE_MAX, .takes = SIZE_MAX};
                if (!bp_has_backend(backends[b]) ||
                    (backends[b] == BP_BACKEND_SERIAL && threads[t] > 1))
                    continue;
                cr_assert_eq(run(&user, counts[c], threads[t], backends[b]), BP_OK);
                expect_rows(&user, counts[c]);
                free(user.text);
            }
        }
    }
}

Test(model_format, a_run_is_about_a_megabyte_however_long_the_rows_are)
{
    static const size_t widths[] = {8, 1000, 300000};
    for (size_t k = 0; k < sizeof widths / sizeof *widths; k++) {
        struct user user = {.width = widths[k], .failing = SIZE_MAX, .takes = SIZE_MAX};
        const size_t rows = 3000000 / widths[k] + 200;
        cr_assert_eq(run(&user, rows, 2, BP_BACKEND_PTHREADS), BP_OK);
        expect_rows(&user, rows);
        /* The first runs have 16 rows. */
        cr_assert_leq(user.run_rows, ((size_t)1 << 20) / widths[k] + 16);
        cr_assert_geq(user.run_rows, ((size_t)1 << 20) / (widths[k] + 1) * 9 / 10);
        free(user.text);
    }
}

Test(model_format, who_takes_the_texts_can_stop)
{
    struct user user = {.width = 12, .failing = SIZE_MAX, .takes = 3};
    cr_assert_eq(run(&user, 100000, 2, BP_BACKEND_PTHREADS), BP_STOPPED);
    cr_assert_gt(user.size, 0);
    cr_assert_lt(user.size, 100000 * user.width);
    free(user.text);
}

Test(model_format, what_is_before_missing_memory_is_taken_and_nothing_after_it)
{
    struct user user = {.width = 12, .failing = 20, .takes = SIZE_MAX};
    cr_assert_eq(run(&user, 1000, 2, BP_BACKEND_PTHREADS), BP_ERROR_MEMORY);
    expect_rows(&user, 16);
    free(user.text);
}

/* Of rows 0 ... 15 there is nothing to write, of others a thousand bytes each. */
static char *format_late_rows(void *user, size_t begin, size_t end, size_t *size)
{
    size_t *longest = user;
    *size = end <= 16 ? 0 : (end - begin) * 1000;
    *longest = *size > *longest ? *size : *longest;
    return calloc(*size + 1, 1);
}

static bool take_nothing(void *user, const char *text, size_t size)
{
    (void)user, (void)text, (void)size;
    return true;
}

Test(model_format, empty_rows_do_not_make_the_next_run_long)
{
    size_t longest = 0;
    bp_run_options options = bp_run_options_default();
    options.threads = 1;
    cr_assert_eq(bp_format_rows(100000, &options, format_late_rows, take_nothing, &longest, NULL),
                 BP_OK);
    cr_assert(longest <= 2 << 20, "a run of %zu bytes", longest);
}
