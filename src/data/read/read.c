/* Which reader a file is for, and whether the options suit it. */
#include <stddef.h>
#include <string.h>

#include "base/sized.h"
#include "data/read/append.h"
#include "data/read/labels.h"
#include "data/read/readers.h"
#include "data/read/sent_file.h"
#include "ranks/agree.h"

static const struct bp_reader *recognize(const struct bp_readers *readers,
                                         const struct bp_source *source)
{
    size_t size, k = 0;
    const unsigned char *head = bp_source_head(source, &size);
    while (k + 1 < readers->count &&
           !readers->row[k]->recognizes(bp_source_path(source), head, size))
        k++;
    return readers->row[k];
}

static bp_status check_choices(const struct bp_readers *readers, const bp_read_options *options,
                               bp_error *error)
{
    if (options->format != BP_FORMAT_AUTO && !bp_readers_find(readers, options->format))
        return bp_fail(error, BP_ERROR_ARGUMENT, "format %d does not exist", (int)options->format);
    if (!bp_choice_name(BP_CHOICE_HEADER, (int)options->header))
        return bp_fail(error, BP_ERROR_ARGUMENT, "header %d does not exist", (int)options->header);
    return BP_OK;
}

/* An option that a format does not have was meant for another file: it is not ignored. */
static bp_status check_options(const bp_read_options *options, const struct bp_reader *reader,
                               const struct bp_readers *readers, const char *path, bp_error *error)
{
    const size_t labels = offsetof(struct bp_reader, takes_labels),
                 header = offsetof(struct bp_reader, may_have_header);
    const struct {
        bool given;
        const char *what;
        size_t member; /* that allows it */
    } rows[] = {
        {options->labels != NULL, "a file of labels", labels},
        {options->header != BP_HEADER_AUTO, "a header", header},
        {options->separator != '\0', "a separator", header},
        {options->decimal != '\0', "a decimal sign of its own", header},
        {options->missing_values != NULL, "missing values", header},
        {options->categorical != NULL, "categorical columns", header},
        {options->ignore != NULL, "columns that are ignored", header},
        {options->id != NULL, "an id column", header},
    };
    char names[BP_READERS_NAMES_SIZE];
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++)
        if (rows[k].given && !bp_reader_has(reader, rows[k].member))
            return bp_fail(
                error, BP_ERROR_ARGUMENT,
                "%s: only files of these formats may have %s: %s; this one is read as %s", path,
                rows[k].what, bp_readers_names(readers, rows[k].member, names),
                bp_choice_name(BP_CHOICE_FORMAT, (int)reader->format));
    return BP_OK;
}

/* ---- files of other programs, about which no reader would say anything useful ---- */

struct foreign {
    const char *head;
    size_t size;
    const char *what;
};

static const struct foreign foreign[] = {
    {"PK\3\4", 4, "a zip archive, as .npz and .xlsx are; unpack it and name a file of data"},
    {"\xD0\xCF\x11\xE0", 4, "an old office document such as .xls; save it as CSV"},
    {"BZh91AY&SY", 10, "packed with bzip2; unpack it with bunzip2 first"},
    {"\xFD\x37zXZ", 6, "packed with xz; unpack it with unxz first"},
    {"PAR1\x15", 5,
     "Parquet; save the table as CSV, or read it by the command of the Python package"},
    {"ARROW1\0\0", 8,
     "Arrow; save the table as CSV, or read it by the command of the Python package"},
    {"\x89HDF", 4, "HDF5; save the table as CSV or as arrays of NumPy"},
    {"SQLite format 3", 15, "a database of SQLite; save the table as CSV"},
    {"RDX2\n", 5, "of R's save(); write the table with write.csv()"},
    {"RDX3\n", 5, "of R's save(); write the table with write.csv()"},
    {"%PDF-", 5, "a PDF; save the table as CSV"},
    {"<!", 2, "HTML or XML; save the table as CSV"},
    {"<?", 2, "HTML or XML; save the table as CSV"},
    {"<html", 5, "HTML; save the table as CSV"},
};

/* Brackets or braces that begin within others, or a quote within them: no field begins so. */
static bool is_json(const unsigned char *head, size_t size)
{
    size_t k = 0, opened = 0;
    for (; k < size && strchr(" \t\r\n[{\"", head[k]) && head[k] && opened < 2; k++)
        opened += head[k] == '{' || head[k] == '[' || (opened > 0 && head[k] == '"');
    return opened == 2 && (head[0] != '"');
}

static bp_status check_head(const struct bp_source *source, bp_error *error)
{
    size_t size;
    const unsigned char *head = bp_source_head(source, &size);
    const char *what = is_json(head, size) ? "JSON; save the table as CSV" : NULL;
    for (size_t k = 0; k < sizeof foreign / sizeof *foreign; k++)
        if (size >= foreign[k].size && memcmp(head, foreign[k].head, foreign[k].size) == 0)
            what = foreign[k].what;
    if (size == 0)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file is empty", bp_source_path(source));
    if (what)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file is %s", bp_source_path(source), what);
    return BP_OK;
}

static bp_status read_table(struct bp_table **out, const struct bp_readers *readers,
                            struct bp_source *source, const bp_read_options *options,
                            bp_error *error)
{
    const char *path = bp_source_path(source);
    bp_status status = check_head(source, error);
    if (status != BP_OK)
        return status;
    const struct bp_reader *reader = bp_readers_find(readers, options->format);
    if (!reader)
        reader = recognize(readers, source);
    status = check_options(options, reader, readers, path, error);
    if (status != BP_OK)
        return status;
    *out = bp_table_create(path, reader, 0);
    return *out ? reader->read(*out, source, options, error) : bp_fail_memory(error, path);
}

/* With files that are sent: ranks read the same bytes, but one may lack memory. */
static bp_status agree(const bp_read_options *options, bp_status status, bp_error *error)
{
    return bp_ranks_agree(options->ranks, status, error);
}

/* The same before the first file, with how many there are. */
static bp_status agree_on_files(const bp_read_options *options, size_t count, bp_status status,
                                bp_error *error)
{
    size_t first[2] = {count, options->labels != NULL};
    status = agree(options, status, error);
    if (status != BP_OK)
        return status;
    bp_ranks_broadcast(options->ranks, first, sizeof first);
    if (first[0] != count || first[1] != (options->labels != NULL))
        status = bp_fail(error, BP_ERROR_RANKS, "reads %zu file%s%s here, and rank 0 sends %zu%s",
                         count, count == 1 ? "" : "s", options->labels ? " and labels" : "",
                         first[0], first[1] ? " and labels" : "");
    return agree(options, status, error);
}

static bp_status read_file(struct bp_table **out, const struct bp_readers *readers,
                           const char *path, const bp_read_options *options, bp_error *error)
{
    struct bp_source *source = NULL;
    struct bp_sent_file sent;
    *out = NULL;
    bp_status status = bp_sent_file_open(&source, &sent, options->ranks, path, error);
    if (status == BP_OK)
        status = read_table(out, readers, source, options, error);
    bp_source_close(source);
    bp_sent_file_release(&sent);
    status = agree(options, status, error);
    if (status == BP_OK && options->labels)
        status = agree(options, bp_labels_read(*out, readers, options, error), error);
    if (status != BP_OK) {
        bp_table_free(*out);
        *out = NULL;
    }
    return status;
}

/* The standard input can be read once. */
static bp_status check_paths(const char *const *paths, size_t count, const bp_read_options *options,
                             bp_error *error)
{
    size_t inputs = options->labels && bp_path_is_standard_input(options->labels);
    if (count == 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "no file is named");
    for (size_t k = 0; k < count; k++) {
        if (!paths[k])
            return bp_fail_null(error, "path");
        inputs += bp_path_is_standard_input(paths[k]);
    }
    if (inputs > 1)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "stdin: can be read only once, and is named %zu times", inputs);
    return BP_OK;
}

/* Whether `further` may be appended to `table`. */
static bp_status check_formats(const struct bp_readers *readers, const struct bp_table *table,
                               const struct bp_table *further, bp_error *error)
{
    const struct bp_table *other = table->reader->may_be_appended ? further : table;
    const char *name = bp_choice_name(BP_CHOICE_FORMAT, (int)other->reader->format);
    char names[BP_READERS_NAMES_SIZE];
    if (!other->reader->may_be_appended)
        return bp_fail(
            error, BP_ERROR_INPUT,
            "%s: only files of these formats are read as one: %s; this one is read as %s",
            other->path,
            bp_readers_names(readers, offsetof(struct bp_reader, may_be_appended), names), name);
    if (further->reader != table->reader)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: files that are read as one have one format; this one is read as %s, "
                       "and %s as %s",
                       further->path, name, table->path,
                       bp_choice_name(BP_CHOICE_FORMAT, (int)table->reader->format));
    return BP_OK;
}

/* Appends a file to those before it. */
static bp_status read_further(struct bp_table *table, const struct bp_readers *readers,
                              const char *path, const bp_read_options *options, bp_error *error)
{
    struct bp_table *further;
    bp_status status = read_file(&further, readers, path, options, error);
    if (status != BP_OK)
        return status;
    status = check_formats(readers, table, further, error);
    if (status == BP_OK)
        status = bp_table_append(table, further, error);
    bp_table_free(further);
    return agree(options, status, error);
}

bp_status bp_dataset_read_by(bp_dataset **out, const struct bp_readers *readers,
                             const char *const *paths, size_t count, const bp_read_options *options,
                             bp_error *error)
{
    struct bp_table *table = NULL;
    *out = NULL;
    bp_status status = check_choices(readers, options, error);
    if (status == BP_OK)
        status = check_paths(paths, count, options, error);
    status = agree_on_files(options, count, status, error);
    if (status == BP_OK)
        status = read_file(&table, readers, paths[0], options, error);
    for (size_t k = 1; status == BP_OK && k < count; k++)
        status = read_further(table, readers, paths[k], options, error);
    if (status != BP_OK) {
        bp_table_free(table);
        return status;
    }
    status = agree(options, bp_dataset_wrap(out, table, error), error);
    if (status != BP_OK) {
        bp_dataset_free(*out);
        *out = NULL;
    }
    return status;
}

/* What a file is read with: options, and those that they point to, as this library knows them. */
struct read_options {
    bp_read_options own;
    bp_read_options of_model;
};

static bp_status copy_options(struct read_options *full, const bp_read_options *options,
                              bp_error *error)
{
    full->own = full->of_model = bp_read_options_default();
    bp_status status =
        bp_sized_copy(&full->own, sizeof full->own, options, "bp_read_options", error);
    if (status == BP_OK)
        status = bp_sized_copy(&full->of_model, sizeof full->of_model, full->own.of_model,
                               "bp_read_options", error);
    if (full->own.of_model)
        full->own.of_model = &full->of_model;
    return status;
}

static bp_status check_arguments(bp_dataset *const *out, const char *const *paths, bp_error *error)
{
    BP_REQUIRE(out, error);
    BP_REQUIRE(paths, error);
    return BP_OK;
}

bp_status bp_dataset_read_files(bp_dataset **out, const char *const *paths, size_t count,
                                const bp_read_options *options, bp_error *error)
{
    struct read_options full;
    bp_status status = copy_options(&full, options, error);
    if (out)
        *out = NULL;
    if (!status)
        status = check_arguments(out, paths, error);
    status = agree(&full.own, status, error);
    return status ? status
                  : bp_dataset_read_by(out, &bp_all_readers, paths, count, &full.own, error);
}

bp_status bp_dataset_read(bp_dataset **out, const char *path, const bp_read_options *options,
                          bp_error *error)
{
    return bp_dataset_read_files(out, &path, 1, options, error);
}
