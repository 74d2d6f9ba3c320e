/* Datasets read from files that a test makes up. */
#include "support/reading.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <zlib.h>

#include "support/folder.h"

/* Removes every "folder/" from the message. */
static void forget_folder(char *message, const char *folder)
{
    size_t length = strlen(folder) + 1;
    for (char *found; (found = strstr(message, folder)) != NULL;)
        memmove(found, found + length, strlen(found + length) + 1);
}

static struct reading read_path(const char *path, const struct folder *folder,
                                const bp_read_options *options)
{
    struct reading reading = {0};
    bp_error error = {0};
    reading.status = bp_dataset_read(&reading.dataset, path, options, &error);
    cr_assert_eq(reading.dataset != NULL, reading.status == BP_OK);
    cr_assert_eq(error.status, reading.status);
    memcpy(reading.message, error.message, sizeof reading.message);
    forget_folder(reading.message, folder->path);
    return reading;
}

struct reading read_bytes(const char *name, const void *data, size_t size,
                          const bp_read_options *options)
{
    struct folder folder = folder_create();
    char *path = folder_path(&folder, name);
    file_put(path, data, size);
    struct reading reading = read_path(path, &folder, options);
    free(path);
    folder_remove(&folder);
    return reading;
}

struct reading read_text(const char *name, const char *text, const bp_read_options *options)
{
    return read_bytes(name, text, strlen(text), options);
}

struct reading read_with_labels(const void *data, size_t size, const void *labels,
                                size_t labels_size)
{
    struct folder folder = folder_create();
    char *path = folder_path(&folder, "images");
    char *labels_path = folder_path(&folder, "labels");
    file_put(path, data, size);
    file_put(labels_path, labels, labels_size);
    bp_read_options options = bp_read_options_default();
    options.labels = labels_path;
    struct reading reading = read_path(path, &folder, &options);
    free(path);
    free(labels_path);
    folder_remove(&folder);
    return reading;
}

bp_dataset *expect_dataset(struct reading reading)
{
    cr_assert_eq(reading.status, BP_OK, "%s", reading.message);
    return reading.dataset;
}

void expect_failure(struct reading reading, bp_status status, const char *message)
{
    bp_dataset_free(reading.dataset);
    cr_assert_eq(reading.status, status, "status %d: %s", reading.status, reading.message);
    cr_assert_str_eq(reading.message, message);
}

unsigned char *pack_gzip(const void *data, size_t size, size_t *packed_size)
{
    z_stream stream = {0};
    cr_assert_eq(deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&stream, (uLong)size);
    unsigned char *packed = malloc(room);
    cr_assert_not_null(packed);
    stream.next_in = (unsigned char *)data;
    stream.avail_in = (uInt)size;
    stream.next_out = packed;
    stream.avail_out = (uInt)room;
    cr_assert_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    *packed_size = room - stream.avail_out;
    deflateEnd(&stream);
    return packed;
}
