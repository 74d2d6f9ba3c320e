/* Magic, version, length, dictionary; what the dictionary claims is checked against the data
 * later. */
#include "data/read/npy_header.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "data/text/text.h"

/* Magic and version. */
#define BEGIN_SIZE 8

/* NumPy writes less than 256 bytes for arrays of numbers; version 1.0 cannot hold more than this.
 */
#define DICTIONARY_MAX 65535

static const unsigned char magic[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

bool bp_npy_recognizes(const unsigned char *head, size_t size)
{
    return size >= sizeof magic && memcmp(head, magic, sizeof magic) == 0;
}

/* The length of the dictionary: 2 bytes in version 1.0, 4 from then on, the lowest first. */
static bp_status read_begin(struct bp_source *source, size_t *begin, size_t *length,
                            bp_error *error)
{
    const char *path = bp_source_path(source);
    unsigned char bytes[BEGIN_SIZE + 4];
    bp_status status = bp_source_read_header(source, bytes, BEGIN_SIZE, "NPY", error);
    if (status != BP_OK)
        return status;
    if (!bp_npy_recognizes(bytes, BEGIN_SIZE))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the file is not NPY: it does not begin as numpy.save() writes it",
                       path);
    unsigned major = bytes[6], minor = bytes[7];
    if (major < 1 || major > 3 || minor != 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: version %u.%u of the NPY format is not read; 1.0, 2.0 and 3.0 are",
                       path, major, minor);
    size_t width = major == 1 ? 2 : 4;
    status = bp_source_read_header(source, bytes + BEGIN_SIZE, width, "NPY", error);
    *begin = BEGIN_SIZE + width;
    if (status != BP_OK)
        return status;
    *length = (size_t)bp_load_little(bytes + BEGIN_SIZE, width);
    if (*length > DICTIONARY_MAX)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the NPY header is %zu bytes long, more than the %d that are read", path,
                       *length, DICTIONARY_MAX);
    return status;
}

/* "<f4" and so on; '|' stands for a type without an order of bytes. */
static bool parse_type(const char *type, struct bp_items *items)
{
    static const char kinds[] = "buif";
    if (strlen(type) != 3)
        return false;
    const char *order = strchr("<>|", type[0]), *kind = strchr(kinds, type[1]);
    size_t size = (size_t)(type[2] - '0');
    if (!order || !kind || !strchr("1248", type[2]) || (*order == '|' && size > 1) ||
        (*kind == 'b' && size > 1) || (*kind == 'f' && size < 4))
        return false;
    items->kind = (enum bp_item_kind)(kind - kinds);
    items->size = size;
    items->big_endian = *order == '>';
    return true;
}

static bp_status check_shape(struct bp_npy_header *header, const char *path, bp_error *error)
{
    struct bp_items *items = &header->items;
    if (header->array.dimensions == 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the array has no dimension; save one with a row for each sample", path);
    items->rows = header->array.shape[0];
    items->width = 1;
    for (size_t d = 0; d < header->array.dimensions; d++) {
        if (header->array.shape[d] == 0)
            return bp_fail(error, BP_ERROR_INPUT, "%s: dimension %zu of the array is 0", path,
                           d + 1);
        if (d > 0 && (!bp_size_mul(items->width, header->array.shape[d], &items->width) ||
                      items->width > BP_WIDTH_MAX))
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: a row of the array holds more than %d numbers", path, BP_WIDTH_MAX);
    }
    size_t all;
    if (items->rows > UINT32_MAX || !bp_size_mul(items->rows, items->width, &all) ||
        !bp_size_mul(all, BP_ITEM_SIZE_MAX, &all))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the array has %zu rows; a table has at most %zu, and has to fit into "
                       "memory",
                       path, items->rows, (size_t)UINT32_MAX);
    return BP_OK;
}

static bp_status parse_header(const char *text, size_t length, struct bp_npy_header *header,
                              const char *path, bp_error *error)
{
    char type[BP_NPY_TYPE_SIZE], quoted[BP_EXCERPT_SIZE];
    const char *complaint = bp_npy_parse_dictionary(text, length, &header->array, type);
    if (complaint)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the NPY header is wrong: %s", path, complaint);
    header->items.row_word = "row";
    header->items.cell_word = "column";
    if (!parse_type(type, &header->items))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the array is of type %s, which is not read; save "
                       "array.astype(\"float32\")",
                       path, bp_text_excerpt(quoted, type, strlen(type)));
    return check_shape(header, path, error);
}

bp_status bp_npy_read_header(struct bp_source *source, struct bp_npy_header *header,
                             bp_error *error)
{
    size_t begin = 0, length = 0;
    bp_status status = read_begin(source, &begin, &length, error);
    if (status != BP_OK)
        return status;
    char *text = bp_array_alloc(length + 1, 1);
    if (!text)
        return bp_fail_memory(error, bp_source_path(source));
    *header = (struct bp_npy_header){.size = begin + length};
    status = bp_source_read_header(source, text, length, "NPY", error);
    if (status == BP_OK)
        status = parse_header(text, length, header, bp_source_path(source), error);
    free(text);
    return status;
}
