/* Differences in the words of the options: their names, and values as they take them. */
#include "train/checkpoint_difference.h"

#include <stdio.h>
#include <string.h>

#include "base/json/json_value.h"
#include "base/number_text.h"
#include "base/status.h"
#include "options/rows.h"

#define VALUE_SIZE 200 /* of a value in a message */

/* The row of a key of the objects; NULL: it is no option. */
static const bp_option_info *find_row(bp_option_owner owner, const char *field)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(owner, &count);
    for (size_t k = 0; k < count; k++) {
        if (strcmp(rows[k].field, field) == 0)
            return &rows[k];
    }
    return NULL;
}

/* A text, or a number in the fewest digits that are read as the same. */
static void show_plain(const bp_option_info *row, const json_t *value, char text[VALUE_SIZE])
{
    char number[BP_REAL_TEXT_SIZE];
    if (json_is_real(value) && row && row->size == sizeof(float))
        snprintf(text, VALUE_SIZE, "%s", bp_real_write(json_real_value(value), true, number));
    else
        bp_json_show(value, text, VALUE_SIZE);
}

/* A value as the option takes it. `row` is NULL where it is none. */
static void show_value(const bp_option_info *row, const json_t *value, char text[VALUE_SIZE])
{
    const bool is_true = json_is_true(value);
    size_t k, length = 0;
    json_t *item;
    show_plain(row, value, text);
    if (row && row->word && row->word_value == 0 && strcmp(text, "0") == 0)
        snprintf(text, VALUE_SIZE, "%s", row->word);
    else if (row && json_is_boolean(value) && row->kind == BP_OPTION_SWITCH)
        snprintf(text, VALUE_SIZE, "%s", is_true ? "on" : "off");
    else if (row && json_is_boolean(value))
        snprintf(text, VALUE_SIZE, "%s", is_true != row->negated ? "true" : "false");
    else if (json_is_array(value))
        snprintf(text, VALUE_SIZE, "none");
    json_array_foreach(value, k, item)
    {
        char shown[VALUE_SIZE];
        show_plain(row, item, shown);
        if (length < VALUE_SIZE)
            length +=
                (size_t)snprintf(text + length, VALUE_SIZE - length, "%s%s", k ? "," : "", shown);
    }
}

/* What differs between two values of a key. */
static bp_status report(const char *path, bp_option_owner owner, const char *key,
                        const json_t *then, const json_t *now, bp_error *error)
{
    char old[VALUE_SIZE], new[VALUE_SIZE], words[VALUE_SIZE];
    const bp_option_info *row = find_row(owner, key);
    show_value(row, then, old);
    show_value(row, now, new);
    if (row)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: was written with %s %s, not %s: give the same to go on from it", path,
                       row->name, old, new);
    const size_t length = strcspn(key, "_");
    snprintf(words, sizeof words, "%.*s", (int)length, key);
    if (strcmp(key + length, "_digest") == 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: was written with other %s rows, or other weights of them", path, words);
    return bp_fail(error, BP_ERROR_INPUT, "%s: was written with %s %s rows, not %s", path, old,
                   words, new);
}

bp_status bp_difference_check(const json_t *then, json_t *now, bp_option_owner owner,
                              const char *path, bp_error *error)
{
    const char *name;
    json_t *value;
    json_object_foreach(now, name, value)
    {
        const json_t *stored = json_object_get(then, name);
        if (!json_equal(stored, value))
            return report(path, owner, name, stored, value, error);
    }
    return BP_OK;
}
