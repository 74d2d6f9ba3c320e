/* Model files: bits survive, damage is told from content. Hostile headers: test_net_hostile.c. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "net/safetensors.h"
#include "support/hostile.h"
#include "support/scratch.h"

static char *path;

static void set_up(void)
{
    path = scratch_file("m.safetensors");
}

TestSuite(net_safetensors, .init = set_up, .fini = scratch_remove);

static const float weights[6] = {1, -2, 0.1f, -0.0f, 0x1p-149f, 0x1.fffffep127f};
static const float bias[2] = {0.25f, -1e-30f};

static const struct bp_tensor tensors[2] = {
    {.name = "layers.0.weight", .rank = 2, .shape = {2, 3}, .data = weights},
    {.name = "layers.0.bias", .rank = 1, .shape = {2}, .data = bias},
};

static bp_status write_tensors(const char *where, const struct bp_tensor *list, size_t count,
                               const char *text, bp_error *error)
{
    const struct bp_metadata metadata[] = {{"batchprop", text}, {NULL, NULL}};
    struct bp_output file = {.path = where};
    bp_status status = bp_safetensors_begin(&file, list, count, metadata, error);
    for (size_t k = 0; k < count && !status; k++)
        status = bp_safetensors_append(&file, list[k].data, bp_tensor_count(&list[k]), error);
    return status ? status : bp_output_commit(&file, error);
}

static void write_small(const char *text)
{
    bp_error error;
    cr_assert_eq(write_tensors(path, tensors, 2, text, &error), BP_OK, "%s", error.message);
}

Test(net_safetensors, every_bit_survives_the_round_trip)
{
    write_small("{\"format\":1}");
    struct bp_safetensors *file;
    bp_error error;
    cr_assert_eq(bp_safetensors_read(&file, &(struct bp_input){.path = path}, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(file->count, 2);
    cr_assert_str_eq(bp_safetensors_text(file, "batchprop"), "{\"format\":1}");
    for (size_t k = 0; k < 2; k++) {
        const struct bp_tensor *tensor = &file->tensors[k];
        cr_assert_str_eq(tensor->name, tensors[k].name);
        cr_assert_eq(tensor->rank, tensors[k].rank);
        cr_assert_eq(tensor->shape[0], tensors[k].shape[0]);
        cr_assert_eq(tensor->shape[1], tensors[k].shape[1]);
    }
    cr_assert_eq(memcmp(file->tensors[0].data, weights, sizeof weights), 0);
    cr_assert_eq(memcmp(file->tensors[1].data, bias, sizeof bias), 0);
    bp_safetensors_free(file);
}

Test(net_safetensors, metadata_may_hold_any_text)
{
    static const char text[] = "{\"name\": \"Länge \\\"x\\\"\"}\n\t€😀";
    write_small(text);
    struct bp_safetensors *file;
    cr_assert_eq(bp_safetensors_read(&file, &(struct bp_input){.path = path}, NULL), BP_OK);
    cr_assert_str_eq(bp_safetensors_text(file, "batchprop"), text);
    bp_safetensors_free(file);
}

Test(net_safetensors, several_texts_are_told_apart_by_their_keys)
{
    const struct bp_metadata metadata[] = {{"first", "1"}, {"second", "2"}, {NULL, NULL}};
    struct bp_output written = {.path = path};
    cr_assert_eq(bp_safetensors_begin(&written, NULL, 0, metadata, NULL), BP_OK);
    cr_assert_eq(bp_output_commit(&written, NULL), BP_OK);
    struct bp_safetensors *file;
    cr_assert_eq(bp_safetensors_read(&file, &(struct bp_input){.path = path}, NULL), BP_OK);
    cr_assert_str_eq(bp_safetensors_text(file, "first"), "1");
    cr_assert_str_eq(bp_safetensors_text(file, "second"), "2");
    cr_assert_str_eq(bp_safetensors_text(file, "format"), "pt");
    bp_safetensors_free(file);
}

Test(net_safetensors, a_key_that_is_not_there_has_no_text)
{
    write_small("text");
    struct bp_safetensors *file;
    cr_assert_eq(bp_safetensors_read(&file, &(struct bp_input){.path = path}, NULL), BP_OK);
    cr_assert_null(bp_safetensors_text(file, "other"));
    bp_safetensors_free(file);
    bp_safetensors_free(NULL);
}

Test(net_safetensors, a_tensor_is_found_by_its_name)
{
    write_small("");
    struct bp_safetensors *file;
    cr_assert_eq(bp_safetensors_read(&file, &(struct bp_input){.path = path}, NULL), BP_OK);
    cr_assert_eq(bp_safetensors_find(file, "layers.0.bias"), &file->tensors[1]);
    cr_assert_null(bp_safetensors_find(file, "layers.0"));
    bp_safetensors_free(file);
}

Test(net_safetensors, the_bytes_are_those_of_the_format)
{
    write_small("x");
    size_t size;
    unsigned char *bytes = (unsigned char *)file_get(path, &size);
    static const char header[] =
        "{\"__metadata__\":{\"format\":\"pt\",\"batchprop\":\"x\"},"
        "\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
        "\"layers.0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]}}";
    size_t length = (sizeof header - 1 + 7) / 8 * 8;
    static const unsigned char minus_two[4] = {0, 0, 0, 0xC0};
    cr_assert_eq(size, 8 + length + 32);
    cr_assert_eq(bytes[0] + 256 * bytes[1], length);
    cr_assert_eq(memcmp(bytes + 8, header, sizeof header - 1), 0);
    for (size_t i = 8 + sizeof header - 1; i < 8 + length; i++)
        cr_assert_eq(bytes[i], ' ');
    cr_assert_eq(memcmp(bytes + 8 + length + 4, minus_two, 4), 0);
    free(bytes);
}

Test(net_safetensors, the_data_begin_at_a_multiple_of_eight_whatever_the_header)
{
    char metadata[10] = "";
    for (size_t length = 0; length < 9; length++) {
        memset(metadata, 'm', length);
        write_small(metadata);
        size_t size;
        free(file_get(path, &size));
        cr_assert_eq(size % 8, 0, "%zu bytes of metadata", length);
    }
}

Test(net_safetensors, many_numbers_pass_the_buffer_in_order)
{
    enum { COUNT = 3 * 4096 + 5 };
    float *values = malloc(COUNT * sizeof *values);
    cr_assert_not_null(values);
    for (size_t i = 0; i < COUNT; i++)
        values[i] = (float)i;
    const struct bp_tensor tensor = {.name = "t", .rank = 1, .shape = {COUNT}, .data = values};
    cr_assert_eq(write_tensors(path, &tensor, 1, "", NULL), BP_OK);
    struct bp_safetensors *file;
    cr_assert_eq(bp_safetensors_read(&file, &(struct bp_input){.path = path}, NULL), BP_OK);
    cr_assert_eq(memcmp(file->tensors[0].data, values, COUNT * sizeof *values), 0);
    bp_safetensors_free(file);
    free(values);
}

Test(net_safetensors, a_file_cut_anywhere_is_an_error)
{
    write_small("{}");
    size_t size;
    char *content = file_get(path, &size);
    for (size_t length = 0; length < size; length++) {
        file_put(path, content, length);
        hostile_expect_refused(path, BP_ERROR_INPUT, "");
    }
    free(content);
}

Test(net_safetensors, a_byte_too_many_is_an_error)
{
    write_small("{}");
    size_t size;
    char *content = file_get(path, &size);
    file_put(path, content, size + 1);
    hostile_expect_refused(path, BP_ERROR_INPUT, "1 bytes follow the last tensor");
    free(content);
}

/* Every bit of every byte: the file is read, or refused with a sentence that begins with its path.
 */
Test(net_safetensors, a_flipped_bit_is_read_or_refused)
{
    write_small("{}");
    size_t size, refused = 0;
    char *content = file_get(path, &size);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        content[bit / 8] = (char)(content[bit / 8] ^ 1 << bit % 8);
        file_put(path, content, size);
        content[bit / 8] = (char)(content[bit / 8] ^ 1 << bit % 8);
        struct bp_safetensors *file;
        bp_error error = {BP_OK, ""};
        bp_status status = bp_safetensors_read(&file, &(struct bp_input){.path = path}, &error);
        cr_assert(status == BP_OK || status == BP_ERROR_INPUT);
        cr_assert(status == BP_OK || strncmp(error.message, path, strlen(path)) == 0);
        refused += status != BP_OK;
        bp_safetensors_free(file);
    }
    cr_assert_lt(refused, 8 * size);
    /* The length and nearly all of the header are guarded by the syntax and the sizes. */
    cr_assert_gt(refused, 8 * 8);
    free(content);
}

Test(net_safetensors, numbers_that_are_not_finite_keep_their_bits)
{
    const float values[3] = {-NAN, INFINITY, -INFINITY};
    const struct bp_tensor tensor = {.name = "t", .rank = 1, .shape = {3}, .data = values};
    cr_assert_eq(write_tensors(path, &tensor, 1, "", NULL), BP_OK);
    struct bp_safetensors *file;
    cr_assert_eq(bp_safetensors_read(&file, &(struct bp_input){.path = path}, NULL), BP_OK);
    cr_assert_eq(memcmp(file->tensors[0].data, values, sizeof values), 0);
    bp_safetensors_free(file);
}

Test(net_safetensors, what_is_not_there_cannot_be_read)
{
    hostile_expect_refused(path, BP_ERROR_IO, "cannot be opened");
}

Test(net_safetensors, a_folder_is_no_model_file)
{
    hostile_expect_refused(scratch_folder()->path, BP_ERROR_IO, "is a folder");
}

Test(net_safetensors, a_fifo_is_refused_without_waiting_for_a_writer)
{
    cr_assert_eq(mkfifo(path, 0600), 0);
    hostile_expect_refused(path, BP_ERROR_IO, "is not a regular file");
}

Test(net_safetensors, a_failed_write_says_where)
{
    char *below_nothing = folder_path(scratch_folder(), "no/m");
    bp_error error;
    cr_assert_eq(write_tensors(below_nothing, tensors, 2, "", &error), BP_ERROR_IO);
    cr_assert_eq(strncmp(error.message, below_nothing, strlen(below_nothing)), 0);
    free(below_nothing);
}
