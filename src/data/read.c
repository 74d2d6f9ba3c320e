/* Which reader a file is for, and whether the options suit it. */
#include "data/readers.h"

bp_read_options bp_read_options_default(void)
{
    return (bp_read_options){.format = BP_FORMAT_AUTO, .header = BP_HEADER_AUTO};
}

static bp_format recognize(const struct bp_source *source)
{
    size_t size;
    const unsigned char *head = bp_source_head(source, &size);
    if (bp_idx_recognizes(head, size))
        return BP_FORMAT_IDX;
    if (bp_fann_recognizes(bp_source_path(source), head, size))
        return BP_FORMAT_FANN;
    return BP_FORMAT_CSV;
}

static bp_status check_choices(const bp_read_options *options, bp_error *error)
{
    if (!bp_choice_name(BP_CHOICE_FORMAT, (int)options->format))
        return bp_fail(error, BP_ERROR_ARGUMENT, "format %d does not exist", (int)options->format);
    if (!bp_choice_name(BP_CHOICE_HEADER, (int)options->header))
        return bp_fail(error, BP_ERROR_ARGUMENT, "header %d does not exist", (int)options->header);
    return BP_OK;
}

/* An option that a format does not have was meant for another file: it is not passed over. */
static bp_status check_options(const bp_read_options *options, bp_format format, const char *path,
                               bp_error *error)
{
    const char *name = bp_choice_name(BP_CHOICE_FORMAT, (int)format);
    if (options->labels && format != BP_FORMAT_IDX)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: a file of labels goes with an IDX file, and this one is read as %s",
                       path, name);
    if (options->header != BP_HEADER_AUTO && format != BP_FORMAT_CSV)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: only a CSV file may have a header, and this one is read as %s", path,
                       name);
    if (options->categorical && format != BP_FORMAT_CSV)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: only a CSV file may have categorical columns, and this one is read as "
                       "%s",
                       path, name);
    return BP_OK;
}

static bp_status read_table(struct bp_table **out, struct bp_source *source,
                            const bp_read_options *options, bp_error *error)
{
    const char *path = bp_source_path(source);
    size_t size;
    bp_source_head(source, &size);
    if (size == 0)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file is empty", path);
    bp_format format = options->format == BP_FORMAT_AUTO ? recognize(source) : options->format;
    bp_status status = check_options(options, format, path, error);
    if (status != BP_OK)
        return status;
    switch (format) {
    case BP_FORMAT_IDX:
        return bp_idx_read(out, source, options, error);
    case BP_FORMAT_FANN:
        return bp_fann_read(out, source, error);
    case BP_FORMAT_CSV:
    case BP_FORMAT_AUTO:
        break;
    }
    return bp_csv_read(out, source, options, error);
}

bp_status bp_dataset_read(bp_dataset **out, const char *path, const bp_read_options *options,
                          bp_error *error)
{
    *out = NULL;
    const bp_read_options defaults = bp_read_options_default();
    struct bp_source *source = NULL;
    struct bp_table *table = NULL;
    if (!path)
        return bp_fail(error, BP_ERROR_ARGUMENT, "no file is named");
    if (!options)
        options = &defaults;
    bp_status status = check_choices(options, error);
    if (status == BP_OK)
        status = bp_source_open(&source, path, error);
    if (status == BP_OK)
        status = read_table(&table, source, options, error);
    bp_source_close(source);
    return status == BP_OK ? bp_dataset_wrap(out, table, error) : status;
}
