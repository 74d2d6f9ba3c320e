/* Hints at columns of text files, and the option that follows from each. */
#include "cli/fields/hint_fields.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/shell_word.h"

/* Hints that people see. */
#define HINTS_SHOWN 5

#define NAME_LIMIT 60
#define WORDS_SIZE 160 /* of a list of words */

/* ---- classes that are perhaps missing targets ---- */

/* The words among the classes, and those that count as missing already, as a list. The first class
 * is *first; returns how many, of which as many as fit are in the list. */
static size_t list_words(const bp_model_column *target, const char *known, const char **first,
                         char list[WORDS_SIZE])
{
    size_t count = 0;
    int length = snprintf(list, WORDS_SIZE, "%s", known ? known : "");
    for (size_t k = 0; target->categories && k < target->neurons; k++) {
        const char *class = target->categories[k];
        if (!bp_text_means_missing(class))
            continue;
        if (count++ == 0)
            *first = class;
        if (length >= 0 && length < WORDS_SIZE)
            length += snprintf(list + length, WORDS_SIZE - (size_t)length, "%s%s",
                               length > 0 ? "," : "", class);
    }
    return count;
}

/* Texts: labels of other formats are numbers. */
static void put_missing_class(struct fields *out, const bp_model *model)
{
    char list[WORDS_SIZE], word[WORDS_SIZE], option[WORDS_SIZE + 32];
    const bp_model_info info = bp_model_get_info(model);
    bp_model_column target = {.name = ""};
    const char *first;
    bp_model_get_column(model, info.input_columns, &target, NULL);
    const size_t count =
        list_words(&target, bp_model_read_options(model).missing_values, &first, list);
    if (count == 0)
        return;
    bp_shell_word(word, sizeof word, list);
    snprintf(option, sizeof option, "--missing-values %s", word);
    fields_object(out, "");
    fields_text(out, "column", NULL, target.name);
    fields_text(out, "looks_like", NULL, "missing");
    fields_text(out, "option", NULL, option);
    fields_close(out);
    fields_line(out, "hint", "class \"%s\"%s of \"%.*s\" looks like a missing target: %s", first,
                count > 1 ? " and others" : "", NAME_LIMIT, target.name, option);
}

/* ---- columns ---- */

struct hint {
    const char *name;
    size_t column; /* from 0 */
    bp_column_hint kind;
    bool is_target;
};

/* Whether a column is an input of the model or a target; the only input is left alone. */
static bool is_used(const bp_model *model, struct hint *hint)
{
    const bp_model_info info = bp_model_get_info(model);
    bp_model_column column;
    for (size_t k = 0; bp_model_get_column(model, k, &column, NULL) == BP_OK; k++) {
        if (strcmp(column.name, hint->name) != 0)
            continue;
        hint->is_target = column.role == BP_ROLE_TARGET;
        return hint->is_target || info.input_columns > 1;
    }
    return false;
}

static const char *get_word(bp_column_hint kind)
{
    static const char *const words[] = {[BP_HINT_NONE] = NULL,
                                        [BP_HINT_ROW_NUMBERS] = "row-numbers",
                                        [BP_HINT_DATES] = "dates",
                                        [BP_HINT_DISTINCT] = "distinct",
                                        [BP_HINT_SIGNS] = "numbers-with-signs",
                                        [BP_HINT_SPELLINGS] = "spellings"};
    return (size_t)kind < sizeof words / sizeof words[0] ? words[kind] : NULL;
}

static const char *get_phrase(bp_column_hint kind)
{
    static const char *const phrases[] = {
        [BP_HINT_NONE] = "",
        [BP_HINT_ROW_NUMBERS] = "looks like the numbers of the rows",
        [BP_HINT_DATES] = "looks like dates, of which each is a number or text without order",
        [BP_HINT_DISTINCT] = "is different in nearly each row, so that nothing is learned from it",
        [BP_HINT_SIGNS] =
            ("has numbers with other signs (such as % or $), each a text without order: "
             "write plain numbers"),
        [BP_HINT_SPELLINGS] =
            "has texts that differ in capitals or blanks alone: each is a category of its own",
    };
    return phrases[kind];
}

/* The name of a column as an item of a list, where neither the list nor a shell would change it;
 * else its number. */
static void put_item(const struct hint *hint, char *text, size_t size)
{
    bool plain =
        hint->name[0] != '\0' && !isdigit((unsigned char)hint->name[0]) && hint->name[0] != '-';
    for (const char *c = hint->name; *c && plain; c++)
        plain = isalnum((unsigned char)*c) || strchr("_.-", *c);
    if (plain)
        snprintf(text, size, "%s", hint->name);
    else
        snprintf(text, size, "%zu", hint->column + 1);
}

static void put_hint(struct fields *out, const struct hint *hint, bool shown)
{
    char item[BP_ERROR_MESSAGE_SIZE], text[BP_ERROR_MESSAGE_SIZE + 16];
    const char *option = text;
    put_item(hint, item, sizeof item);
    snprintf(text, sizeof text, "--ignore %s", item);
    if (hint->is_target)
        snprintf(text, sizeof text, "--target COLUMN");
    if (hint->kind == BP_HINT_SIGNS || hint->kind == BP_HINT_SPELLINGS)
        option = NULL; /* what is to be changed is the file */
    fields_object(out, "");
    fields_text(out, "column", NULL, hint->name);
    fields_text(out, "looks_like", NULL, get_word(hint->kind));
    fields_text(out, "option", NULL, option);
    fields_close(out);
    if (!shown)
        return;
    fields_line(out, "hint", "column \"%.*s\" %s", NAME_LIMIT, hint->name, get_phrase(hint->kind));
    if (option)
        fields_more(out, ": %s%s", hint->is_target ? "is it the target? " : "", option);
}

/* Options for columns are for text files with names of columns. */
static size_t put_columns(struct fields *out, const bp_model *model, const bp_dataset *data)
{
    struct hint hint = {.name = ""};
    size_t count = 0;
    const bool may = bp_dataset_get_info(data).may_have_header;
    const size_t columns = may ? bp_dataset_get_info(data).columns : 0;
    for (size_t c = 0; c < columns; c++) {
        if (bp_dataset_get_hint(data, c, &hint.kind, &hint.name, NULL) != BP_OK) {
            out->output.failed = true; /* no memory */
            break;
        }
        hint.column = c;
        if (hint.kind == BP_HINT_NONE || !is_used(model, &hint))
            continue;
        put_hint(out, &hint, ++count <= HINTS_SHOWN);
    }
    return count;
}

void hint_fields_put(struct fields *out, const bp_model *model, const bp_dataset *data)
{
    size_t count = 0;
    fields_array(out, "hints");
    if (model) {
        count = put_columns(out, model, data);
        put_missing_class(out, model);
    }
    fields_close(out);
    if (count > HINTS_SHOWN)
        fields_line(out, "", "and %zu more, which --json lists", count - HINTS_SHOWN);
}
