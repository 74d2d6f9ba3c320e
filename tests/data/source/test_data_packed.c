/* Files packed with zstd, and the bounds of what they may unpack to; the standard input. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <zstd.h>

#include "data/source/source.h"
#include "support/folder.h"
#include "support/reading.h"

static const char table[] = "a,b\n1,2\n3,4\n5,6\n";

/* `data` as a zstd frame with a checksum; freed with free(). */
static unsigned char *pack_zstd(const void *data, size_t size, size_t *packed_size)
{
    const size_t room = ZSTD_compressBound(size);
    unsigned char *packed = malloc(room);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    cr_assert(packed && context);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    *packed_size = ZSTD_compress2(context, packed, room, data, size);
    cr_assert_not(ZSTD_isError(*packed_size));
    ZSTD_freeCCtx(context);
    return packed;
}

Test(data_packed, zstd_is_known_by_its_content)
{
    size_t size;
    unsigned char *packed = pack_zstd(table, sizeof table - 1, &size);
    bp_dataset *dataset = expect_dataset(read_bytes("d.csv", packed, size, NULL));

    cr_assert_eq(bp_dataset_get_info(dataset).rows, 3);
    bp_dataset_free(dataset);
    free(packed);
}

Test(data_packed, frames_one_after_the_other_are_one_file)
{
    size_t first, second;
    unsigned char *a = pack_zstd(table, sizeof table - 1, &first);
    unsigned char *b = pack_zstd("7,8\n", 4, &second);
    unsigned char *both = malloc(first + second);
    memcpy(both, a, first);
    memcpy(both + first, b, second);
    bp_dataset *dataset = expect_dataset(read_bytes("d.csv", both, first + second, NULL));

    cr_assert_eq(bp_dataset_get_info(dataset).rows, 4);
    bp_dataset_free(dataset);
    free(a);
    free(b);
    free(both);
}

Test(data_packed, a_file_that_is_cut_off_anywhere_is_an_error)
{
    size_t size;
    unsigned char *packed = pack_zstd(table, sizeof table - 1, &size);
    for (size_t cut = 4; cut < size; cut++)
        expect_failure(read_bytes("d.csv", packed, cut, NULL), BP_ERROR_INPUT,
                       "d.csv: the zstd data end too early; the file is cut off");
    free(packed);
}

Test(data_packed, a_flipped_bit_anywhere_is_an_error_or_the_same_table)
{
    size_t size;
    unsigned char *packed = pack_zstd(table, sizeof table - 1, &size);
    for (size_t bit = 32; bit < 8 * size; bit++) {
        packed[bit / 8] ^= (unsigned char)(1u << bit % 8);
        struct reading reading = read_bytes("d.csv", packed, size, NULL);
        cr_assert(reading.status == BP_OK || reading.status == BP_ERROR_INPUT, "%s",
                  reading.message);
        if (reading.status == BP_OK) /* bits of the header that say nothing of the content */
            cr_assert_eq(bp_dataset_get_info(reading.dataset).rows, 3);
        bp_dataset_free(reading.dataset);
        packed[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    free(packed);
}

Test(data_packed, other_bytes_after_the_end_are_an_error)
{
    size_t size;
    unsigned char *packed = pack_zstd(table, sizeof table - 1, &size);
    unsigned char *longer = malloc(size + 8);
    memcpy(longer, packed, size);
    memcpy(longer + size, "7,8\n9,9\n", 8);
    expect_failure(read_bytes("d.csv", longer, size + 8, NULL), BP_ERROR_INPUT,
                   "d.csv: other bytes follow the end of the zstd data");
    free(longer);
    free(packed);
}

Test(data_packed, a_file_that_unpacks_to_far_too_much_is_an_error)
{
    const size_t bomb = BP_SOURCE_RATIO_FREE + ((size_t)8 << 20);
    char *text = malloc(bomb);
    cr_assert_not_null(text);
    for (size_t k = 0; k < bomb; k += 2)
        memcpy(text + k, k + 2 < bomb ? "1," : "1\n", 2);
    size_t size;
    unsigned char *packed = pack_zstd(text, bomb, &size);
    cr_assert_lt(size, (size_t)64 << 10);
    bp_read_options options = bp_read_options_default();
    options.header = BP_HEADER_NO;
    struct reading reading = read_bytes("d.csv", packed, size, &options);
    bp_dataset_free(reading.dataset);
    /* The one row has too many fields as well, and that may show first. */
    cr_assert_eq(reading.status, BP_ERROR_INPUT);
    free(packed);
    for (size_t k = 0; k < bomb; k += 2)
        memcpy(text + k, "1\n", 2);
    packed = pack_zstd(text, bomb, &size);
    expect_failure(
        read_bytes("d.csv", packed, size, &options), BP_ERROR_INPUT,
        "d.csv: unpacks to more than 100 times its size; if that is right, unpack it with "
        "zstd -d first");
    free(packed);
    free(text);
}

/* Puts a file in the place of the standard input. */
static void redirect(const char *path)
{
    int file = open(path, O_RDONLY);
    cr_assert(file >= 0);
    cr_assert_eq(dup2(file, STDIN_FILENO), STDIN_FILENO);
    close(file);
}

Test(data_packed, a_dash_is_the_standard_input_and_messages_call_it_stdin)
{
    struct folder folder = folder_create();
    char *path = folder_path(&folder, "d.csv");
    bp_dataset *dataset;
    bp_error error;
    file_put_text(path, table);
    redirect(path);
    cr_assert_eq(bp_dataset_read(&dataset, "-", NULL, &error), BP_OK, "%s", error.message);
    cr_assert_str_eq(bp_dataset_get_info(dataset).path, "stdin");
    cr_assert_eq(bp_dataset_get_info(dataset).rows, 3);
    bp_dataset_free(dataset);
    file_put_text(path, "a,b\n1,2\n3,x\n");
    redirect(path);
    cr_assert_eq(bp_dataset_read(&dataset, "-", NULL, &error), BP_ERROR_INPUT);
    cr_assert_str_eq(error.message, "stdin:3:2: \"x\" is not a number");
    cr_assert_eq(fcntl(STDIN_FILENO, F_GETFD) >= 0, true);
    free(path);
    folder_remove(&folder);
}

Test(data_packed, the_standard_input_may_be_packed)
{
    struct folder folder = folder_create();
    char *path = folder_path(&folder, "d");
    size_t size;
    unsigned char *packed = pack_zstd(table, sizeof table - 1, &size);
    bp_dataset *dataset;
    file_put(path, packed, size);
    redirect(path);
    cr_assert_eq(bp_dataset_read(&dataset, "-", NULL, NULL), BP_OK);
    cr_assert_eq(bp_dataset_get_info(dataset).columns, 2);
    bp_dataset_free(dataset);
    free(packed);
    free(path);
    folder_remove(&folder);
}

Test(data_packed, the_standard_input_is_read_once)
{
    const char *const paths[] = {"-", "-"};
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_read_files(&dataset, paths, 2, NULL, &error), BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message, "stdin: can be read only once, and is named 2 times");
}
