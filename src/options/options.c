/* Options by number and by name. */
#include <stdio.h>
#include <string.h>

#include "base/sized.h"
#include "base/suggestion.h"
#include "options/value.h"

#define NAMES_MAX 128

/* In the order of bp_option_owner. */
static const struct {
    const char *what;
    const char *type;
    size_t size;
    const bp_option_info *rows;
    const size_t *count;
} owners[] = {
    {"a model", "bp_model_options", sizeof(bp_model_options), bp_model_rows, &bp_model_rows_count},
    {"training", "bp_train_options", sizeof(bp_train_options), bp_train_rows, &bp_train_rows_count},
    {"reading data", "bp_read_options", sizeof(bp_read_options), bp_read_rows, &bp_read_rows_count},
    {"using a model", "bp_run_options", sizeof(bp_run_options), bp_run_rows, &bp_run_rows_count},
    {"an ensemble", "bp_ensemble_options", sizeof(bp_ensemble_options), bp_ensemble_rows,
     &bp_ensemble_rows_count},
};

#define OWNERS (sizeof owners / sizeof owners[0])

const bp_option_info *bp_option_rows(bp_option_owner owner, size_t *count)
{
    const bool exists = (size_t)owner < OWNERS;
    *count = exists ? *owners[owner].count : 0;
    return exists ? owners[owner].rows : NULL;
}

const bp_option_info *bp_option_find(bp_option_owner owner, const char *name)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(owner, &count);
    for (size_t k = 0; k < count; k++) {
        if (strcmp(rows[k].name, name) == 0)
            return &rows[k];
    }
    return NULL;
}

const bp_option_info *bp_option_reader(const bp_option_info *row)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(row->owner, &count);
    for (size_t k = 0; k < count && row->readers; k++) {
        if (rows[k].kind == BP_OPTION_CHOICE && rows[k].choice == row->reader)
            return &rows[k];
    }
    return NULL;
}

size_t bp_option_count(void)
{
    size_t count = 0;
    for (size_t k = 0; k < OWNERS; k++)
        count += *owners[k].count;
    return count;
}

bp_status bp_option_get(size_t index, bp_option_info *info, bp_error *error)
{
    size_t left = index;
    BP_REQUIRE(info, error);
    for (size_t k = 0; k < OWNERS; k++) {
        if (left < *owners[k].count) {
            *info = owners[k].rows[left];
            return BP_OK;
        }
        left -= *owners[k].count;
    }
    return bp_fail(error, BP_ERROR_ARGUMENT, "there is no option %zu of %zu", index,
                   bp_option_count());
}

static bp_status report_unknown(bp_option_owner owner, const char *name, bp_error *error)
{
    const char *names[NAMES_MAX];
    size_t count;
    const bp_option_info *rows = bp_option_rows(owner, &count);
    for (size_t k = 0; k < count && k < NAMES_MAX; k++)
        names[k] = rows[k].name;
    char suggestion[BP_SUGGESTION_SIZE];
    bp_suggestion_write("", bp_nearest_name(name, names, count), suggestion);
    return bp_fail(error, BP_ERROR_ARGUMENT, "\"%s\" is not an option of %s%s", name,
                   owners[owner].what, suggestion);
}

/* The row of a name, and a full copy of the caller's struct. */
static bp_status begin(bp_option_owner owner, const void *options, const char *name,
                       const bp_option_info **row, union bp_any_options *full, bp_error *error)
{
    BP_REQUIRE(options, error);
    BP_REQUIRE(name, error);
    *row = bp_option_find(owner, name);
    if (!*row)
        return report_unknown(owner, name, error);
    memset(full, 0, sizeof *full);
    bp_options_fill(owner, full);
    return bp_sized_copy(full, owners[owner].size, options, owners[owner].type, error);
}

static bp_status set(bp_option_owner owner, void *options, const char *name, const char *text,
                     bp_error *error)
{
    const bp_option_info *row = NULL;
    union bp_any_options full;
    bp_error reason;
    bp_status status = begin(owner, options, name, &row, &full, error);
    if (status)
        return status;
    if (!bp_sized_has(options, row->offset, row->size))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: %s has no such member in the header that this program was built with",
                       name, owners[owner].type);
    status = bp_option_store(row, &full, text, &reason);
    if (status)
        return bp_fail(error, status, "%s: %s", name, reason.message);
    bp_sized_store(options, &full, owners[owner].size);
    return BP_OK;
}

static bp_status get(bp_option_owner owner, const void *options, const char *name, char *text,
                     size_t size, bp_error *error)
{
    const bp_option_info *row = NULL;
    union bp_any_options full;
    BP_REQUIRE(text, error);
    const bp_status status = begin(owner, options, name, &row, &full, error);
    if (status)
        return status;
    const size_t length = bp_option_write(row, &full, text, size);
    if (length < size)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT, "%s: the text takes %zu bytes, and there are %zu",
                   name, length + 1, size);
}

bp_status bp_model_options_set(bp_model_options *options, const char *name, const char *text,
                               bp_error *error)
{
    return set(BP_OPTION_OF_MODEL, options, name, text, error);
}

bp_status bp_train_options_set(bp_train_options *options, const char *name, const char *text,
                               bp_error *error)
{
    return set(BP_OPTION_OF_TRAINING, options, name, text, error);
}

bp_status bp_read_options_set(bp_read_options *options, const char *name, const char *text,
                              bp_error *error)
{
    return set(BP_OPTION_OF_READING, options, name, text, error);
}

bp_status bp_run_options_set(bp_run_options *options, const char *name, const char *text,
                             bp_error *error)
{
    return set(BP_OPTION_OF_RUNNING, options, name, text, error);
}

bp_status bp_ensemble_options_set(bp_ensemble_options *options, const char *name, const char *text,
                                  bp_error *error)
{
    return set(BP_OPTION_OF_ENSEMBLE, options, name, text, error);
}

bp_status bp_model_options_get(const bp_model_options *options, const char *name, char *text,
                               size_t size, bp_error *error)
{
    return get(BP_OPTION_OF_MODEL, options, name, text, size, error);
}

bp_status bp_train_options_get(const bp_train_options *options, const char *name, char *text,
                               size_t size, bp_error *error)
{
    return get(BP_OPTION_OF_TRAINING, options, name, text, size, error);
}

bp_status bp_read_options_get(const bp_read_options *options, const char *name, char *text,
                              size_t size, bp_error *error)
{
    return get(BP_OPTION_OF_READING, options, name, text, size, error);
}

bp_status bp_run_options_get(const bp_run_options *options, const char *name, char *text,
                             size_t size, bp_error *error)
{
    return get(BP_OPTION_OF_RUNNING, options, name, text, size, error);
}

bp_status bp_ensemble_options_get(const bp_ensemble_options *options, const char *name, char *text,
                                  size_t size, bp_error *error)
{
    return get(BP_OPTION_OF_ENSEMBLE, options, name, text, size, error);
}
