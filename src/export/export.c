/* A model becomes text or bytes in memory first: a file is never left half written. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "base/memory.h"
#include "base/sized.h"
#include "export/formats.h"
#include "model/model_file.h"

/* Of an identifier, NUL included. */
#define NAME_SIZE 64

/* The content of the files. */
struct written {
    struct bp_export_text text, header;
};

void bp_export_options_init(bp_export_options *options, size_t size)
{
    static const bp_export_options defaults = {0};
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

static const struct bp_export_writer writers[] = {
#ifdef BP_HAS_PROTOBUF
    [BP_EXPORT_ONNX] = {.extension = ".onnx", .write = bp_export_onnx},
#else
    [BP_EXPORT_ONNX] = {.extension = ".onnx"},
#endif
    [BP_EXPORT_C] = {.extension = ".c", .header = ".h", .write = bp_export_c},
    [BP_EXPORT_PYTHON] = {.extension = ".py", .write = bp_export_python},
    [BP_EXPORT_SQL] = {.extension = ".sql", .write = bp_export_sql},
    [BP_EXPORT_JAVASCRIPT] = {.extension = ".js", .write = bp_export_javascript},
};

#define WRITERS (sizeof writers / sizeof writers[0])

const struct bp_export_writer *bp_export_writer_get(bp_export_format format)
{
    return &writers[format];
}

static bool ends_in(const char *path, const char *end)
{
    const size_t length = strlen(path), tail = strlen(end);
    return length > tail && strcmp(path + length - tail, end) == 0;
}

/* By the end of the path. */
static bp_status find_format(const char *path, bp_export_format *format, bp_error *error)
{
    if (!path)
        return bp_fail(error, BP_ERROR_ARGUMENT, "the format of an export to memory is not given");
    for (size_t k = BP_EXPORT_ONNX; k < WRITERS; k++) {
        if (ends_in(path, writers[k].extension)) {
            *format = (bp_export_format)k;
            return BP_OK;
        }
    }
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "%s: the end of the name says no format: give one, or end it in .onnx, .c, .py, "
                   ".sql or .js",
                   path);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_identifier(const char *name)
{
    if (!is_letter(name[0]) || strlen(name) >= NAME_SIZE)
        return false;
    for (const char *c = name; *c; c++) {
        if (!is_letter(*c) && !is_digit(*c) && *c != '_')
            return false;
    }
    return true;
}

static const char *skip_folders(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The name of the file without folder and what begins with its first dot, as an identifier. */
static void name_by_path(const char *path, char name[NAME_SIZE])
{
    const char *from = path && strncmp(path, "/dev/", 5) != 0 ? skip_folders(path) : NULL;
    size_t length = 0;
    for (; from && *from && *from != '.' && length + 1 < NAME_SIZE; from++)
        name[length++] = is_letter(*from) || is_digit(*from) ? *from : '_';
    name[length] = '\0';
    if (!is_letter(name[0]))
        memcpy(name, "model", sizeof "model");
}

static bp_status check_unknown(const struct bp_schema *schema, bp_unknown unknown, bp_error *error)
{
    for (size_t k = 0; unknown == BP_UNKNOWN_MOST_FREQUENT && k < schema->input_columns; k++) {
        const struct bp_schema_column *column = &schema->column[k];
        if (column->kind == BP_COLUMN_CATEGORY && column->most_frequent == BP_NOT_COUNTED)
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "the model does not say which category of column \"%s\" was the most "
                           "frequent: train it again, or let unknown ones count as none (ignore)",
                           column->name);
    }
    return BP_OK;
}

/* Fills in what is left open, by the path (NULL: memory). */
static bp_status complete(bp_export_options *full, const bp_model *model, const char *path,
                          char name[NAME_SIZE], bp_error *error)
{
    if (!bp_choice_name(BP_CHOICE_EXPORT_FORMAT, (int)full->format))
        return bp_fail(error, BP_ERROR_ARGUMENT, "there is no format %d", (int)full->format);
    if (!bp_choice_name(BP_CHOICE_UNKNOWN, (int)full->unknown))
        return bp_fail(error, BP_ERROR_ARGUMENT, "there is no treatment %d of unknown categories",
                       (int)full->unknown);
    if (full->format == BP_EXPORT_AUTO) {
        const bp_status status = find_format(path, &full->format, error);
        if (status)
            return status;
    }
    if (!writers[full->format].write)
        return bp_fail(error, BP_ERROR_ARGUMENT, "this library is built without the format %s",
                       bp_choice_name(BP_CHOICE_EXPORT_FORMAT, (int)full->format));
    if (full->raw && full->format != BP_EXPORT_ONNX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "raw is an option of the format onnx");
    if (full->raw && full->unknown != BP_UNKNOWN_AUTO)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "a raw export has no categories: leave out what unknown ones count as");
    if (full->embed && full->format != BP_EXPORT_C)
        return bp_fail(error, BP_ERROR_ARGUMENT, "embed is an option of the format c");
    if (full->name && !is_identifier(full->name))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "the name of an export is a letter, then letters, digits and _, %d of them "
                       "at most",
                       NAME_SIZE - 1);
    if (full->unknown == BP_UNKNOWN_AUTO)
        full->unknown = BP_UNKNOWN_ERROR;
    name_by_path(path, name);
    full->name = full->name ? full->name : name;
    return check_unknown(model->schema, full->unknown, error);
}

/* The source names its header between quotes. */
static bp_status check_stem(const struct bp_exported *exported, bp_error *error)
{
    if (!exported->file || exported->options.format != BP_EXPORT_C)
        return BP_OK;
    for (const char *c = exported->file; *c; c++) {
        if (*c == '"' || *c == '\\' || (unsigned char)*c < ' ' || *c == '\x7F')
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "%s: no #include can name a header with a quote, a backslash or a "
                           "control character: give another file",
                           exported->file);
    }
    return BP_OK;
}

/* Both files, or one with all, in memory. */
static bp_status write_all(struct written *written, const bp_model *model, const char *path,
                           const bp_export_options *options, bp_export_options *full,
                           bp_error *error)
{
    char name[NAME_SIZE];
    bp_export_options_init(full, sizeof *full);
    bp_status status = bp_sized_copy(full, sizeof *full, options, "bp_export_options", error);
    if (!status)
        status = complete(full, model, path, name, error);
    if (!status)
        status = bp_model_check_finite(model, path ? path : BP_MEMORY_NAME, error);
    if (status)
        return status;
    struct bp_exported exported = bp_exported_make(model, full);
    exported.file = path ? skip_folders(path) : NULL;
    const struct bp_export_writer *writer = bp_export_writer_get(full->format);
    status = check_stem(&exported, error);
    if (status)
        return status;
    status = writer->write(&exported, &written->text,
                           path && writer->header ? &written->header : NULL, error);
    if (!status && (written->text.failed || written->header.failed))
        status = bp_fail_memory(error, "the text of an export");
    full->name = NULL; /* it is gone with this call */
    return status;
}

static void release(struct written *written)
{
    bp_export_release(&written->text);
    bp_export_release(&written->header);
}

static bp_status begin_file(struct bp_file **out, const char *path,
                            const struct bp_export_text *text, bp_error *error)
{
    bp_status status = bp_file_begin(out, path, error);
    if (!status)
        status = bp_file_write(*out, text->bytes, text->length, error);
    if (status) {
        bp_file_abandon(*out);
        *out = NULL;
    }
    return status;
}

/* PATH.c -> PATH.h; NULL: no memory. */
static char *name_header(const char *path, const struct bp_export_writer *writer)
{
    const size_t stem = strlen(path) - strlen(writer->extension);
    char *name = bp_text_copy(path, stem + strlen(writer->header));
    if (name)
        memcpy(name + stem, writer->header, strlen(writer->header) + 1);
    return name;
}

/* The first file is put in place when the second one is written. */
static bp_status save_both(const struct written *written, const char *path, const char *header,
                           bp_error *error)
{
    struct bp_file *first = NULL, *second = NULL;
    bp_status status = header ? begin_file(&first, header, &written->header, error) : BP_OK;
    if (!status)
        status = begin_file(&second, path, &written->text, error);
    if (!status && first) {
        status = bp_file_commit(first, error);
        first = NULL;
    }
    if (!status)
        return bp_file_commit(second, error);
    bp_file_abandon(first);
    bp_file_abandon(second);
    return status;
}

static bp_status save(const struct written *written, const char *path, bp_export_format format,
                      bp_error *error)
{
    const struct bp_export_writer *writer = bp_export_writer_get(format);
    if (!writer->header)
        return save_both(written, path, NULL, error);
    if (!ends_in(path, writer->extension))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: a file of this format ends in %s, and its header in %s", path,
                       writer->extension, writer->header);
    char *header = name_header(path, writer);
    const bp_status status =
        header ? save_both(written, path, header, error) : bp_fail_memory(error, "a path");
    free(header);
    return status;
}

bp_status bp_model_export(const bp_model *model, const char *path, const bp_export_options *options,
                          bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(path, error);
    struct written written = {0};
    bp_export_options full;
    bp_status status = write_all(&written, model, path, options, &full, error);
    if (!status)
        status = save(&written, path, full.format, error);
    release(&written);
    return status;
}

bp_status bp_model_export_save_memory(const bp_model *model, const bp_export_options *options,
                                      void **bytes, size_t *size, bp_error *error)
{
    BP_REQUIRE(bytes, error);
    *bytes = NULL;
    BP_REQUIRE(size, error);
    *size = 0;
    BP_REQUIRE(model, error);
    struct written written = {0};
    bp_export_options full;
    const bp_status status = write_all(&written, model, NULL, options, &full, error);
    if (!status) {
        *bytes = written.text.bytes;
        *size = written.text.length;
        written.text.bytes = NULL;
    }
    release(&written);
    return status;
}
