/*
 * Texts of options: what is taken is written as a text that is taken for the same. Numbers in text
 * are those that strtof() and strtod() read.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/samples/weights.h"
#include "data/schema/given_scaling.h"
#include "data/text/integer.h"
#include "data/text/list.h"
#include "data/text/number.h"
#include "fuzz/fuzz.h"
#include "options/rows.h"
#include "options/value.h"

#define ROOM 65536

static void fill(bp_option_owner owner, union bp_any_options *options)
{
    memset(options, 0, sizeof *options);
    bp_options_fill(owner, options);
    if (owner == BP_OPTION_OF_MODEL)
        options->model.hidden_count = 2;
}

/* The row that `number` chooses of all rows. */
static const bp_option_info *choose_row(unsigned number)
{
    size_t count, at = number;
    for (int owner = 0; owner < 8; owner++) {
        const bp_option_info *rows = bp_option_rows((bp_option_owner)owner, &count);
        if (rows && at < count)
            return &rows[at];
        at -= rows ? count : 0;
    }
    return NULL;
}

static void store_option(const bp_option_info *row, const char *text)
{
    static char first[ROOM], second[ROOM];
    union bp_any_options options, again;
    bp_error error = {BP_OK, ""};
    fill(row->owner, &options);
    fill(row->owner, &again);
    if (bp_option_store(row, &options, text, &error) != BP_OK) {
        FUZZ_REQUIRE(error.message[0] != '\0');
        return;
    }
    FUZZ_REQUIRE(bp_option_write(row, &options, first, ROOM) < ROOM);
    if (row->kind == BP_OPTION_TEXT && first[0] == '\0')
        return;
    FUZZ_REQUIRE(bp_option_store(row, &again, first, NULL) == BP_OK);
    bp_option_write(row, &again, second, ROOM);
    FUZZ_REQUIRE(strcmp(first, second) == 0);
}

static void parse_list(const char *text)
{
    struct bp_list list, again;
    bp_error error;
    if (bp_list_parse(&list, text, "list", &error) != BP_OK)
        return;
    char *joined = bp_list_join((const char *const *)list.item, list.count);
    FUZZ_REQUIRE(joined && bp_list_parse(&again, joined, "list", &error) == BP_OK);
    FUZZ_REQUIRE(again.count == list.count);
    for (size_t k = 0; k < list.count; k++)
        FUZZ_REQUIRE(strcmp(list.item[k], again.item[k]) == 0);
    free(joined);
    bp_list_release(&list);
    bp_list_release(&again);
}

/* As far as `end` the C library reads the same, where it knows no other form. */
static void read_number(const char *text)
{
    const size_t length = strlen(text);
    float value, rest;
    double wide;
    char *after;
    const char *end = bp_number_read(text, text + length, &value);
    int64_t integer;
    bp_number_parse_with(text, length, ',', &rest);
    if (!end)
        return;
    char *exact = malloc(length + 1);
    FUZZ_REQUIRE(exact != NULL);
    snprintf(exact, length + 1, "%.*s", (int)(end - text), text);
    const float expected = strtof(exact, &after);
    FUZZ_REQUIRE(*after == '\0' && memcmp(&expected, &value, sizeof value) == 0);
    FUZZ_REQUIRE(bp_number_read_double(text, text + length, '.', &wide) == end);
    const double expected_wide = strtod(exact, NULL);
    FUZZ_REQUIRE(memcmp(&expected_wide, &wide, sizeof wide) == 0);
    if (isfinite(value)) {
        rest = bp_number_rest(text, end, '.', value);
        FUZZ_REQUIRE(!isnan(rest));
        bp_integer_read(exact, strlen(exact), '.', &integer);
    }
    free(exact);
}

static bp_dataset *dataset; /* iris.csv */

/* Weights of its classes, and the scaling of its columns. */
static void read_assignments(const char *text)
{
    static struct bp_schema *schema;
    static struct bp_given_scaling given[8];
    const struct bp_schema_options fit = {.bounded = true, .high = 1.0f};
    const bp_column_role role[8] = {BP_ROLE_INPUT, BP_ROLE_INPUT, BP_ROLE_INPUT, BP_ROLE_TARGET,
                                    BP_ROLE_TARGET};
    const struct bp_samples none = {0};
    struct bp_class_weights weights;
    if (!dataset) {
        FUZZ_REQUIRE(bp_dataset_read(&dataset, DATASETS "/iris.csv", NULL, NULL) == BP_OK);
        FUZZ_REQUIRE(bp_schema_fit(&schema, dataset, &fit, NULL) == BP_OK);
    }
    memset(given, 0, sizeof given);
    bp_given_scaling_read(given, dataset->table, role, text, NULL);
    if (bp_class_weights_fit(&weights, schema, &none, text, NULL) == BP_OK) {
        for (size_t k = 0; k < weights.count; k++)
            FUZZ_REQUIRE(weights.weight[k] >= 0.0f);
    }
    bp_class_weights_release(&weights);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const unsigned number = fuzz_byte(&input);
    char *text = fuzz_text(&input);
    const bp_option_info *row = choose_row(number);
    if (row)
        store_option(row, text);
    else if (number % 3 == 0)
        parse_list(text);
    else if (number % 3 == 1)
        read_number(text);
    else
        read_assignments(text);
    free(text);
    return 0;
}
