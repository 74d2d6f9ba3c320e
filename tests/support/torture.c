/* Cutting and changing files. */
#include "support/torture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "support/folder.h"

/* Whatever happens has to be well-formed. */
static bool read_as(const char *path, const void *data, size_t size)
{
    bp_dataset *dataset;
    bp_error error = {BP_OK, ""};
    unlink(path); /* a new file: some file systems write replaced content to the disk */
    file_put(path, data, size);
    const bp_status status = bp_dataset_read(&dataset, path, NULL, &error);
    cr_assert_eq(dataset == NULL, status != BP_OK);
    cr_assert_eq(strlen(error.message) > 0, status != BP_OK);
    if (dataset)
        cr_assert_gt(bp_dataset_get_info(dataset).rows, 0);
    for (size_t c = 0; dataset && c < bp_dataset_get_info(dataset).columns; c++) {
        bp_column_info info;
        cr_assert_eq(bp_dataset_describe(dataset, c, &info, NULL), BP_OK);
    }
    bp_dataset_free(dataset);
    return status == BP_OK;
}

void torture_file(const char *name, const void *data, size_t size, bool cuts_fail)
{
    static const unsigned char others[] = {0, 255, '"', '\'', '\n', ',', '9', '(', '}'};
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, name);
    for (size_t length = 0; length < size; length++)
        cr_assert(!read_as(path, data, length) || !cuts_fail, "length %zu", length);
    cr_assert(read_as(path, data, size));
    unsigned char *changed = malloc(size);
    cr_assert_not_null(changed);
    memcpy(changed, data, size);
    for (size_t k = 0; k < size; k++) {
        const unsigned char byte = changed[k];
        for (unsigned bit = 0; bit < 8; bit++) {
            changed[k] = (unsigned char)(byte ^ 1U << bit);
            read_as(path, changed, size);
        }
        for (size_t o = 0; o < sizeof others; o++) {
            changed[k] = others[o];
            read_as(path, changed, size);
        }
        changed[k] = byte;
    }
    free(changed);
    free(path);
    folder_remove(&folder);
}
