/* The table of options against the structs of the public header. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "cli/options/option_library.h"
#include "support/folder.h"

#define HEADER DATASETS "/../include/batchprop/batchprop.h"

static const char *const structs[] = {"bp_model_options", "bp_train_options", "bp_read_options",
                                      "bp_run_options"};

/* What is not asked for by name, and why. */
static const char *const exceptions[][2] = {
    {"bp_model_options", "size"},         /* the struct's own */
    {"bp_train_options", "size"},         /* likewise */
    {"bp_read_options", "size"},          /* likewise */
    {"bp_run_options", "size"},           /* likewise */
    {"bp_model_options", "hidden_count"}, /* comes with hidden */
    {"bp_train_options", "time_phases"},  /* what a program wants to be told */
    {"bp_train_options", "ranks"},        /* what a launcher says */
    {"bp_train_options", "stop"},         /* an object of the program */
    {"bp_ensemble_options", "stop"},      /* likewise */
    {"bp_read_options", "ranks"},         /* the same */
    {"bp_read_options", "of_model"},      /* what a model says */
    {"bp_read_options", "origins"},       /* likewise */
    {"bp_read_options", "origin_count"},  /* likewise */
};

static bool is_exception(const char *type, const char *field)
{
    for (size_t k = 0; k < sizeof exceptions / sizeof exceptions[0]; k++) {
        if (strcmp(exceptions[k][0], type) == 0 && strcmp(exceptions[k][1], field) == 0)
            return true;
    }
    return false;
}

static bool has_row(bp_option_owner owner, const char *field)
{
    bp_option_info info;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (info.owner == owner && strcmp(info.field, field) == 0)
            return true;
    }
    return false;
}

/* Replaces comments and brackets with what is in them by blanks. */
static void blank_comments(char *text)
{
    const char *end = NULL;
    for (; *text; text++) {
        if (!end && strncmp(text, "/*", 2) == 0)
            end = "*/";
        else if (!end && *text == '[')
            end = "]";
        const bool last = end && strncmp(text, end, strlen(end)) == 0;
        const size_t length = last ? strlen(end) : 1;
        if (end)
            memset(text, ' ', length);
        text += length - 1;
        end = last ? NULL : end;
    }
}

/* The declarations of a struct, between its braces; freed with free(). */
static char *find_members(char *header, const char *type)
{
    char begin[64], end[64];
    snprintf(begin, sizeof begin, "typedef struct %s {", type);
    snprintf(end, sizeof end, "} %s;", type);
    const char *from = strstr(header, begin), *to = from ? strstr(from, end) : NULL;
    cr_assert(to != NULL, "%s is not in the header", type);
    from += strlen(begin);
    char *members = strndup(from, (size_t)(to - from));
    blank_comments(members);
    return members;
}

/* The last word of `text`, which is cut after it. */
static const char *last_word(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && strchr(" \n\t", text[length - 1]))
        text[--length] = '\0';
    while (length > 0 && !strchr(" \n\t*", text[length - 1]))
        length--;
    return text + length;
}

Test(options_table, every_field_is_an_option_or_an_exception)
{
    size_t size, checked = 0;
    char *content = file_get(HEADER, &size);
    char *header = strndup(content, size);
    for (size_t s = 0; s < 4; s++) {
        char *members = find_members(header, structs[s]), *rest = members;
        for (char *one = strtok_r(members, ";,", &rest); one; one = strtok_r(NULL, ";,", &rest)) {
            const char *field = last_word(one);
            if (field[0] == '\0')
                continue;
            cr_expect(has_row((bp_option_owner)s, field) || is_exception(structs[s], field),
                      "%s.%s has no row in src/options/", structs[s], field);
            checked++;
        }
        free(members);
    }
    cr_assert_gt(checked, 50, "the header is read wrongly: %zu fields", checked);
    free(header);
    free(content);
}

Test(options_table, every_row_says_what_a_user_has_to_know)
{
    bp_option_info info;
    size_t count = 0;
    for (; bp_option_get(count, &info, NULL) == BP_OK; count++) {
        cr_expect(info.name && info.field && info.group && info.help, "option %zu", count);
        cr_expect_eq(info.argument == NULL, info.kind == BP_OPTION_FLAG, "%s", info.name);
        cr_expect(info.classic || info.kind == BP_OPTION_TEXT, "%s has no default", info.name);
        cr_expect(!info.readers || bp_choice_name(info.reader, 0), "%s", info.name);
    }
    cr_assert_eq(count, bp_option_count());
}

Test(options_table, names_are_unique_for_an_owner)
{
    bp_option_info one, other;
    for (size_t k = 0; bp_option_get(k, &one, NULL) == BP_OK; k++) {
        for (size_t i = 0; i < k; i++) {
            cr_assert_eq(bp_option_get(i, &other, NULL), BP_OK);
            cr_expect(one.owner != other.owner || strcmp(one.name, other.name) != 0, "%s",
                      one.name);
        }
    }
}

Test(options_table, an_option_that_does_not_exist_is_an_error)
{
    bp_option_info info;
    bp_error error;
    cr_assert_eq(bp_option_get(bp_option_count(), &info, &error), BP_ERROR_ARGUMENT);
    cr_assert_not_null(strstr(error.message, "there is no option "), "%s", error.message);
    cr_assert_eq(bp_option_get(0, NULL, &error), BP_ERROR_ARGUMENT);
}

/* ---- what the help says of other tables ---------------------------------------------------- */

static bp_option_info find(bp_option_owner owner, const char *name)
{
    bp_option_info info;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (info.owner == owner && strcmp(info.name, name) == 0)
            return info;
    }
    cr_assert_fail("there is no option %s", name);
    return info;
}

/* Whether `name` is a word of the first `length` bytes of a text: adam is none of "adamw". */
static bool has_word(const char *text, size_t length, const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";
    for (size_t k = 0; k < length;) {
        const size_t word = strspn(text + k, letters);
        if (word == strlen(name) && strncmp(text + k, name, word) == 0 && k + word <= length)
            return true;
        k += word + (word == 0);
    }
    return false;
}

/* The number that "1e-8; 1e-10 for adagrad" says of a name, or of all that it does not name. */
static double said_of(const char *text, const char *name)
{
    double of_others = 0;
    for (const char *part = text;; part++) {
        const size_t length = strcspn(part, ";");
        if (has_word(part, length, name))
            return strtod(part, NULL);
        if (!has_word(part, length, "for"))
            of_others = strtod(part, NULL);
        part += length;
        if (!*part)
            return of_others;
    }
}

Test(options_table, the_help_tells_the_numbers_of_every_optimizer_and_schedule)
{
    const char *name;
    for (int value = 0; (name = bp_choice_name(BP_CHOICE_OPTIMIZER, value)); value++) {
        const bp_option_info rate = find(BP_OPTION_OF_TRAINING, "learning-rate");
        const bp_option_info epsilon = find(BP_OPTION_OF_TRAINING, "epsilon");
        cr_expect_eq((float)said_of(rate.instead, name),
                     bp_optimizer_learning_rate((bp_optimizer)value), "%s", name);
        cr_expect(has_word(rate.instead, strlen(rate.instead), name), "%s", name);
        cr_expect_eq((float)said_of(epsilon.instead, name),
                     bp_optimizer_epsilon((bp_optimizer)value), "%s", name);
    }
    for (int value = 0; (name = bp_choice_name(BP_CHOICE_SCHEDULE, value)); value++) {
        const bp_option_info factor = find(BP_OPTION_OF_TRAINING, "schedule-factor");
        cr_expect_eq((float)said_of(factor.instead, name), bp_schedule_factor((bp_schedule)value),
                     "%s", name);
    }
}

/* "of momentum and nesterov: ...", "of step: ...; of plateau: ..." */
Test(options_table, the_help_names_what_reads_an_option)
{
    bp_option_info info;
    size_t count = 0;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        const char *name, *last = strrchr(info.help, ':');
        if (!info.readers || strncmp(info.help, "of ", 3) != 0 || !last)
            continue;
        for (int value = 0; (name = bp_choice_name(info.reader, value)); value++)
            cr_expect_eq(has_word(info.help, (size_t)(last - info.help), name),
                         (info.readers >> value & 1) != 0, "--%s and %s", info.name, name);
        count++;
    }
    cr_assert_geq(count, 6);
}

/* Each table of the command takes a group, a few rows of its own, and the last one. */
Test(options_table, the_command_has_room_for_every_group)
{
    bp_option_info info, other;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        size_t count = 0;
        for (size_t i = 0; bp_option_get(i, &other, NULL) == BP_OK; i++)
            count += other.owner == info.owner && strcmp(other.group, info.group) == 0;
        cr_assert_leq(count + OPTION_ROWS_OWN + 1, OPTION_ROWS, "raise OPTION_ROWS for \"%s\"",
                      info.group);
    }
}
