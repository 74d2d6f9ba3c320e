/* Files cut off at every length and with every byte changed: an error or a table, nothing else. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/source/source.h"
#include "support/idx_bytes.h"
#include "support/reading.h"
#include "support/torture.h"

static const char csv_text[] =
    "\xEF\xBB\xBFwidth,\"kind "
    "\"\"k\"\"\",n\r\n1.5,rose,1e3\r\n-2,\"a,\nb\",.5\r\n+7e-3,\xC3\xA9,6\r\n\r\n";
static const char fann_text[] = "3 2 2\r\n1 2 \r\n0 1\n3.5 -4e2\n1 0\n5 6\n0 1\n";

/* A cut gzip file never passes for a whole one. */
static void torture_packed(const char *name, const void *data, size_t size)
{
    size_t packed_size;
    unsigned char *packed = pack_gzip(data, size, &packed_size);
    torture_file(name, packed, packed_size, true);
    free(packed);
}

Test(data_hostile, no_csv_file_does_harm)
{
    torture_file("d.csv", csv_text, sizeof csv_text - 1, false);
}

Test(data_hostile, no_packed_csv_file_does_harm)
{
    torture_packed("d.csv.gz", csv_text, sizeof csv_text - 1);
}

Test(data_hostile, no_fann_file_does_harm)
{
    torture_file("d.data", fann_text, sizeof fann_text - 1, false);
}

Test(data_hostile, no_packed_fann_file_does_harm)
{
    torture_packed("d.data.gz", fann_text, sizeof fann_text - 1);
}

Test(data_hostile, no_idx_file_does_harm)
{
    static const unsigned char types[] = {0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E};
    static const size_t sizes[] = {1, 1, 2, 4, 4, 8};
    for (size_t t = 0; t < sizeof types; t++) {
        struct idx_bytes file = idx_header(types[t], 3, 2, 1, 0);
        for (uint64_t k = 0; k < 6; k++)
            idx_append(&file, k, sizes[t]);
        torture_file("images", file.data, file.size, false);
    }
}

Test(data_hostile, no_packed_idx_file_does_harm)
{
    struct idx_bytes file = idx_images();
    torture_packed("images.gz", file.data, file.size);
}

Test(data_hostile, no_file_of_labels_does_harm)
{
    struct idx_bytes images = idx_images(), labels = idx_labels();
    for (size_t length = 0; length < labels.size; length++) {
        struct reading cut = read_with_labels(images.data, images.size, labels.data, length);
        cr_assert_neq(cut.status, BP_OK);
    }
    for (size_t k = 0; k < labels.size; k++)
        for (unsigned bit = 0; bit < 8; bit++) {
            struct idx_bytes changed = labels;
            changed.data[k] ^= (unsigned char)(1U << bit);
            bp_dataset_free(
                read_with_labels(images.data, images.size, changed.data, changed.size).dataset);
        }
}

Test(data_hostile, a_gzip_file_that_is_cut_off_is_called_that)
{
    size_t size;
    unsigned char *packed = pack_gzip(csv_text, sizeof csv_text - 1, &size);
    struct reading reading = read_bytes("d.csv.gz", packed, size - 3, NULL);
    free(packed);
    expect_failure(reading, BP_ERROR_INPUT,
                   "d.csv.gz: the gzip data end too early; the file is cut off");
}

Test(data_hostile, a_wrong_checksum_is_an_error)
{
    size_t size;
    unsigned char *packed = pack_gzip(csv_text, sizeof csv_text - 1, &size);
    packed[size - 8] ^= 1;
    struct reading reading = read_bytes("d.csv.gz", packed, size, NULL);
    free(packed);
    expect_failure(reading, BP_ERROR_INPUT,
                   "d.csv.gz: the gzip data are damaged (incorrect data check)");
}

Test(data_hostile, bytes_after_a_gzip_file_are_an_error)
{
    size_t size;
    unsigned char *packed = pack_gzip(csv_text, sizeof csv_text - 1, &size);
    unsigned char *longer = calloc(1, size + 5);
    memcpy(longer, packed, size);
    struct reading reading = read_bytes("d.csv.gz", longer, size + 5, NULL);
    free(packed);
    free(longer);
    expect_failure(reading, BP_ERROR_INPUT,
                   "d.csv.gz: other bytes follow the end of the gzip data");
}

Test(data_hostile, two_gzip_files_in_one_are_read_as_one)
{
    size_t size;
    unsigned char *packed = pack_gzip("1,2\n", 4, &size);
    unsigned char *twice = malloc(2 * size);
    memcpy(twice, packed, size);
    memcpy(twice + size, packed, size);
    bp_dataset *dataset = expect_dataset(read_bytes("d.csv.gz", twice, 2 * size, NULL));
    cr_assert_eq(bp_dataset_get_info(dataset).rows, 2);
    bp_dataset_free(dataset);
    free(packed);
    free(twice);
}

/* 1 MiB of zeros packs to a thousandth; an image of 128 such parts is more than is allowed. */
Test(data_hostile, a_gzip_file_that_unpacks_to_too_much_is_an_error)
{
    const size_t part = (size_t)1 << 20, parts = 2 * BP_SOURCE_RATIO_FREE / part;
    struct idx_bytes header = idx_header(0x08, 1, (uint32_t)(parts * part), 0, 0);
    unsigned char *zeros = calloc(part, 1);
    size_t header_size, size;
    unsigned char *packed_header = pack_gzip(header.data, header.size, &header_size);
    unsigned char *packed = pack_gzip(zeros, part, &size);
    unsigned char *file = malloc(header_size + parts * size);
    memcpy(file, packed_header, header_size);
    for (size_t k = 0; k < parts; k++)
        memcpy(file + header_size + k * size, packed, size);
    struct reading reading = read_bytes("images.gz", file, header_size + parts * size, NULL);
    free(zeros);
    free(packed_header);
    free(packed);
    free(file);
    expect_failure(
        reading, BP_ERROR_INPUT,
        "images.gz: unpacks to more than 100 times its size; if that is right, unpack it "
        "with gunzip first");
}

Test(data_hostile, a_row_of_too_many_fields_is_an_error)
{
    size_t size = BP_WIDTH_MAX + 10;
    char *commas = malloc(size);
    memset(commas, ',', size);
    struct reading reading = read_bytes("d.csv", commas, size, NULL);
    free(commas);
    expect_failure(reading, BP_ERROR_INPUT, "d.csv:1: the row has more than 1048576 fields");
}
