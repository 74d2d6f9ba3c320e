/* Messages of failures, sizes and memory. */
#include <criterion/criterion.h>
#include <errno.h>

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/memory.h"
#include "base/status.h"

Test(base_status, a_failure_without_an_error_object_still_has_its_status)
{
    cr_assert_eq(bp_fail(NULL, BP_ERROR_INPUT, "%d", 1), BP_ERROR_INPUT);
}

Test(base_status, a_failure_fills_the_sentence)
{
    bp_error error;
    cr_assert_eq(
        bp_fail(&error, BP_ERROR_INPUT, "iris.csv:%d:%d: \"%s\" is not a number", 17, 3, "abc"),
        BP_ERROR_INPUT);
    cr_assert_eq(error.status, BP_ERROR_INPUT);
    cr_assert_str_eq(error.message, "iris.csv:17:3: \"abc\" is not a number");
}

Test(base_status, a_sentence_may_quote_the_one_that_it_replaces)
{
    bp_error error;
    bp_fail(&error, BP_ERROR_INPUT, "cell is empty");
    bp_fail(&error, BP_ERROR_IO, "a.csv: %s", error.message);
    cr_assert_str_eq(error.message, "a.csv: cell is empty");
}

Test(base_status, control_characters_do_not_reach_the_terminal)
{
    bp_error error;
    bp_fail(&error, BP_ERROR_INPUT, "%s", "a\033[31mb\nc\x7f");
    cr_assert_str_eq(error.message, "a?[31mb?c?");
}

/* A message of `ascii` letters and then `tail` is cut to `expected` bytes. */
static void check_cut(size_t ascii, const char *tail, size_t expected)
{
    char text[2 * BP_ERROR_MESSAGE_SIZE];
    memset(text, 'a', ascii);
    strcpy(text + ascii, tail);
    bp_error error;
    bp_fail(&error, BP_ERROR_INPUT, "%s", text);
    cr_assert_eq(strlen(error.message), expected, "%zu letters: %zu bytes", ascii,
                 strlen(error.message));
    cr_assert_eq(memcmp(error.message, text, expected), 0);
}

Test(base_status, a_long_sentence_is_cut_between_characters)
{
    const size_t room = BP_ERROR_MESSAGE_SIZE - 1;
    check_cut(room, "", room);
    check_cut(room, "b", room);
    check_cut(room - 1, "é", room - 1);
    check_cut(room - 2, "éb", room);
    check_cut(room - 1, "€", room - 1);
    check_cut(room - 2, "€", room - 2);
    check_cut(room - 3, "€b", room);
    check_cut(room - 1, "😀", room - 1);
    check_cut(room - 3, "😀", room - 3);
    check_cut(room - 4, "😀b", room);
}

Test(base_status, bytes_that_are_not_utf8_are_cut_where_they_end)
{
    const size_t room = BP_ERROR_MESSAGE_SIZE - 1;
    check_cut(room - 6, "\x80\x80\x80\x80\x80\x80\x80\x80", room);
}

Test(base_status, every_status_has_a_text)
{
    static const bp_status statuses[] = {
        BP_OK,           BP_STOPPED,       BP_ERROR_ARGUMENT, BP_ERROR_INPUT,     BP_ERROR_IO,
        BP_ERROR_MEMORY, BP_ERROR_THREADS, BP_ERROR_INTERNAL, BP_ERROR_NOT_FINITE};
    for (size_t k = 0; k < sizeof statuses / sizeof statuses[0]; k++)
        cr_assert_str_neq(bp_status_text(statuses[k]), "unknown status");
    cr_assert_str_eq(bp_status_text((bp_status)12345), "unknown status");
}

Test(base_status, the_version_is_that_of_the_header)
{
    cr_assert_str_eq(bp_version(), BP_VERSION);
}

Test(base_memory, a_block_is_aligned_and_zero)
{
    static const size_t counts[] = {0, 1, 15, 16, 17, 1000};
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        float *block = bp_aligned_alloc(counts[k], sizeof *block);
        cr_assert_not_null(block);
        cr_assert_eq((uintptr_t)block % BP_ALIGNMENT, 0);
        for (size_t i = 0; i < counts[k]; i++)
            cr_assert_eq(block[i], 0);
        bp_aligned_free(block);
    }
}

Test(base_memory, a_product_that_overflows_is_no_small_block)
{
    cr_assert_null(bp_aligned_alloc(SIZE_MAX / 4 + 2, 4));
    cr_assert_null(bp_aligned_alloc(SIZE_MAX - 10, 1));
    cr_assert_null(bp_array_alloc(SIZE_MAX / 4 + 2, 4));
    cr_assert_null(bp_text_copy("", SIZE_MAX));
}

Test(base_memory, an_array_of_nothing_is_not_null)
{
    void *array = bp_array_alloc(0, 8);
    cr_assert_not_null(array);
    free(array);
}

Test(base_memory, a_copy_of_text_ends_in_nul)
{
    char *copy = bp_text_copy("iris.csv", 4);
    cr_assert_str_eq(copy, "iris");
    free(copy);
}

Test(base_status, a_refusal_of_the_system_says_why_or_that_memory_ran_out)
{
    bp_error error;
    cr_assert_eq(bp_fail_system(&error, ENOENT, "%s: cannot be read", "a"), BP_ERROR_IO);
    cr_assert_eq(error.status, BP_ERROR_IO);
    cr_assert_str_eq(error.message, "a: cannot be read: No such file or directory");
    cr_assert_eq(bp_fail_system(&error, ENOMEM, "%s: cannot be read", "a"), BP_ERROR_MEMORY);
    cr_assert_str_eq(error.message, "out of memory: a: cannot be read");
    cr_assert_eq(bp_fail_system(NULL, ENOMEM, "nobody asks"), BP_ERROR_MEMORY);
}

Test(base_digest, nothing_has_the_digest_that_xxhash_publishes)
{
    char text[BP_DIGEST_SIZE];
    struct bp_digest digest;
    bp_digest_begin(&digest);
    bp_digest_finish(&digest, text);
    cr_assert_str_eq(text, "99aa06d3014798d86001c324468d497f");
}

Test(base_digest, the_short_one_of_nothing_is_that_which_xxhash_publishes)
{
    cr_assert_eq(bp_digest_short("", 0), 0x2d06800538d394c2);
}

Test(base_digest, pieces_do_not_matter)
{
    unsigned char data[1000];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * 7);
    char whole[BP_DIGEST_SIZE], pieces[BP_DIGEST_SIZE];
    struct bp_digest digest;
    bp_digest_begin(&digest);
    bp_digest_update(&digest, data, sizeof data);
    bp_digest_finish(&digest, whole);
    bp_digest_begin(&digest);
    for (size_t begin = 0, size = 1; begin < sizeof data; begin += size, size = size % 97 + 1) {
        size = size < sizeof data - begin ? size : sizeof data - begin;
        bp_digest_update(&digest, data + begin, size);
    }
    bp_digest_finish(&digest, pieces);
    cr_assert_str_eq(whole, pieces);
}

Test(base_clock, time_does_not_go_back)
{
    double before = bp_clock_seconds();
    for (int k = 0; k < 1000; k++) {
        double now = bp_clock_seconds();
        cr_assert(now >= before);
        before = now;
    }
}
