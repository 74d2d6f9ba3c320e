/* One list of fields, printed as lines and tables for people and as JSON for programs. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/fields/fields.h"
#include "cli/terminal/messages.h"

/* What `put` prints; freed with free(). */
static char *print(void (*put)(struct fields *), bool json)
{
    FILE *file = tmpfile();
    const int before = dup(STDOUT_FILENO);
    cr_assert(file && before >= 0);
    fflush(stdout);
    cr_assert_geq(dup2(fileno(file), STDOUT_FILENO), 0);
    struct fields fields = fields_begin(json, 10);
    put(&fields);
    const int code = fields_end(&fields);
    fflush(stdout);
    cr_assert_geq(dup2(before, STDOUT_FILENO), 0);
    close(before);
    cr_assert_eq(code, EXIT_DONE);
    char *text = calloc(1, 4096);
    rewind(file);
    cr_assert_not_null(text);
    cr_assert_lt(fread(text, 1, 4095, file), 4095);
    fclose(file);
    return text;
}

static void expect_text(void (*put)(struct fields *), const char *expected)
{
    char *text = print(put, false);
    cr_assert_str_eq(text, expected, "%s", text);
    free(text);
}

/* `expected` lacks the schema version. */
static void expect_json(void (*put)(struct fields *), const char *expected)
{
    char *text = print(put, true);
    json_t *json = json_loads(text, 0, NULL), *other = json_loads(expected, 0, NULL);
    cr_assert(json && other, "%s", text);
    cr_assert_eq(json_object_del(json, "schema_version"), 0);
    cr_assert(json_equal(json, other), "%s", text);
    json_decref(json);
    json_decref(other);
    free(text);
}

static void put_values(struct fields *out)
{
    fields_whole(out, "seed", "seed", UINT64_MAX);
    fields_count(out, "rows", "rows", 1234567);
    fields_digits(out, "loss", "loss", 3, 0.125);
    fields_more(out, ", of %d", 2);
    fields_decimals(out, "f1", "f1", 2, 0.5);
    fields_percent(out, "accuracy", "accuracy", 1, 0.25);
    fields_rate(out, "rate", "rate", 12345.5);
    fields_duration(out, "seconds", "time", 0.25);
    fields_text(out, "name", "name", "a \"b\"");
    fields_text(out, "weight", "weight", NULL);
    fields_choice(out, "task", "task", BP_CHOICE_TASK, BP_TASK_CLASSIFY);
    fields_line(out, "note", "%s", "for people");
    fields_flag(out, "passed", true);
    fields_real(out, "ratio", 1.5);
    fields_whole(out, NULL, NULL, 7);
    fields_null(out, "best");
}

Test(cli_fields, people_see_a_line_for_each_field_with_a_title)
{
    expect_text(put_values, "seed      18446744073709551615\n"
                            "rows      1,234,567\n"
                            "loss      0.125, of 2\n"
                            "f1        0.50\n"
                            "accuracy  25.0 %\n"
                            "rate      12,346\n"
                            "time      0.250 s\n"
                            "name      a \"b\"\n"
                            "task      classify\n"
                            "note      for people\n");
}

Test(cli_fields, programs_get_a_value_for_each_field_with_a_key)
{
    expect_json(put_values,
                "{\"seed\": \"18446744073709551615\", \"rows\": 1234567, \"loss\": 0.125,"
                " \"f1\": 0.5, \"accuracy\": 0.25, \"rate\": 12345.5, \"seconds\": 0.25,"
                " \"name\": \"a \\\"b\\\"\", \"weight\": null, \"task\": \"classify\","
                " \"passed\": true, \"ratio\": 1.5, \"best\": null}");
}

static void put_infinite(struct fields *out)
{
    fields_digits(out, "a", "a", 3, (double)INFINITY);
    out->none = "not defined";
    fields_digits(out, "b", "b", 3, (double)NAN);
}

Test(cli_fields, a_number_that_is_not_finite_is_null_for_programs)
{
    expect_text(put_infinite, "a         inf\nb         not defined\n");
    expect_json(put_infinite, "{\"a\": null, \"b\": null}");
}

static void put_table(struct fields *out)
{
    static const char *const names[] = {"x", "\xc3\xa4\xc3\xb6\xc3\xbc"};
    fields_text(out, NULL, "file", "f.csv");
    fields_table(out, "columns", "\nColumns\n");
    for (size_t k = 0; k < 2; k++) {
        fields_row(out);
        fields_text(out, "name", "column", names[k]);
        fields_whole(out, "count", "count", 99 * k + 1);
        fields_object(out, "more");
        fields_flag(out, "last", k == 1);
        fields_close(out);
        fields_array(out, "twice");
        fields_whole(out, "", NULL, k);
        fields_whole(out, "", "again", k);
        fields_close(out);
        fields_text(out, NULL, "note", k ? "last" : "");
    }
    fields_close(out);
    fields_whole(out, "end", "end", 1);
}

Test(cli_fields, rows_are_aligned_under_the_titles_of_the_first)
{
    expect_text(put_table, "file      f.csv\n"
                           "\n"
                           "Columns\n"
                           "column  count  again  note\n"
                           "x           1      0\n"
                           "\xc3\xa4\xc3\xb6\xc3\xbc       100      1  last\n"
                           "end       1\n");
}

Test(cli_fields, rows_are_objects_for_programs)
{
    expect_json(put_table, "{\"columns\": ["
                           "{\"name\": \"x\", \"count\": 1, \"more\": {\"last\": false},"
                           " \"twice\": [0, 0]},"
                           "{\"name\": \"\xc3\xa4\xc3\xb6\xc3\xbc\", \"count\": 100,"
                           " \"more\": {\"last\": true}, \"twice\": [1, 1]}],"
                           " \"end\": 1}");
}

static void put_matrix(struct fields *out)
{
    fields_table(out, "empty", "\nNothing\n");
    fields_close(out);
    fields_table(out, "matrix", "");
    for (size_t k = 0; k < 2; k++) {
        fields_array_row(out);
        fields_line(out, "of", "%zu", k);
        fields_whole(out, "", "a", 2 * k);
        fields_whole(out, "", "b", 2 * k + 1);
    }
    fields_close(out);
}

Test(cli_fields, a_table_without_rows_is_not_shown)
{
    expect_text(put_matrix, "of  a  b\n 0  0  1\n 1  2  3\n");
    expect_json(put_matrix, "{\"empty\": [], \"matrix\": [[0, 1], [2, 3]]}");
}
