/*
 * CSV files in every dialect. However a file is cut into parts, plain rows of which are read
 * without libcsv, the table or the message is that of libcsv reading it as a whole.
 */
#include <stdlib.h>
#include <string.h>

#include "data/csv/csv.h"
#include "data/csv/csv_blanks.h"
#include "data/csv/csv_reader.h"
#include "fuzz/fuzz.h"
#include "fuzz/table.h"

#define PATH  "d.csv"
#define COUNT 8 /* of every list below */

static const char separators[COUNT] = {0, 0, ',', ';', '\t', ' ', '|', '.'};
static const char decimals[COUNT] = {0, 0, 0, '.', '.', ',', ',', ','};
static const char *const missing[COUNT] = {
    NULL, NULL, NULL, "NA", "-99", "?,0", "NA,1e3,\"a,b\"", "\"open"};
static const char *const columns[COUNT] = {NULL, NULL, NULL, NULL, "a", "2", "a,b", "column 1,3"};

/* What reading came to. */
struct outcome {
    bp_status status;
    struct bp_table *table;
    bp_error error;
};

static bp_read_options choose_options(struct fuzz_input *input)
{
    const unsigned form = fuzz_byte(input), signs = fuzz_byte(input), lists = fuzz_byte(input);
    bp_read_options options = bp_read_options_default();
    options.header = (bp_header)(form % 3);
    options.separator = separators[signs % COUNT];
    options.decimal = decimals[signs / COUNT % COUNT];
    options.missing_values = missing[lists % COUNT];
    options.categorical = columns[lists / COUNT % COUNT];
    options.ignore = form & 64 ? "b" : NULL;
    options.id = form & 128 ? columns[signs / 64 + 2] : NULL;
    return options;
}

static bp_status feed_whole(struct bp_csv_reader *reader, const struct bp_csv_dialect *dialect,
                            const struct fuzz_input *file)
{
    struct bp_csv_blanks blanks = {0};
    char *room = malloc(file->size + 2), *text = room + dialect->blanks;
    size_t size = file->size;
    FUZZ_REQUIRE(room != NULL);
    if (size > 0)
        memcpy(text, file->data, size);
    if (dialect->blanks) {
        size = bp_csv_blanks_replace(&blanks, room, text, size);
        text = room;
    }
    FUZZ_REQUIRE(bp_csv_narrow_find(&reader->rows.narrow, dialect, text, text + size));
    bp_status status = bp_csv_reader_feed(reader, text, text + size);
    if (status == BP_OK)
        status = bp_csv_reader_finish(reader);
    free(room);
    return status;
}

/* The definition: libcsv, and all at once. */
static struct outcome read_whole(const struct fuzz_input *file, const bp_read_options *options)
{
    struct outcome outcome = {.table = bp_table_create(PATH, &bp_csv_format, 0)};
    struct bp_source *source;
    struct bp_csv_dialect dialect;
    struct bp_csv_reader reader;
    bp_error *error = &outcome.error;
    FUZZ_REQUIRE(bp_source_open_bytes(&source, PATH, file->data, file->size, error) == BP_OK);
    outcome.status = bp_csv_dialect_choose(&dialect, source, options, error);
    bp_source_close(source);
    if (outcome.status == BP_OK) {
        outcome.status = bp_csv_reader_begin(&reader, outcome.table, options, &dialect, error);
        if (outcome.status == BP_OK)
            outcome.status = feed_whole(&reader, &dialect, file);
        bp_csv_reader_release(&reader);
    }
    bp_csv_dialect_release(&dialect);
    return outcome;
}

static struct outcome read_parts(const struct fuzz_input *file, const bp_read_options *options,
                                 const struct bp_csv_plan *plan)
{
    struct outcome outcome = {.table = bp_table_create(PATH, &bp_csv_format, 0)};
    struct bp_source *source;
    bp_error *error = &outcome.error;
    FUZZ_REQUIRE(bp_source_open_bytes(&source, PATH, file->data, file->size, error) == BP_OK);
    outcome.status = bp_csv_read_by(outcome.table, source, options, plan, error);
    bp_source_close(source);
    return outcome;
}

/* Packed files and marks of Unicode are for the whole reader alone. */
static bool is_text(const struct fuzz_input *file)
{
    static const char *const marks[] = {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF", "\x1F\x8B",
                                        "\x28\xB5\x2F\xFD"};
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++) {
        const size_t length = strlen(marks[k]);
        if (file->size >= length && memcmp(file->data, marks[k], length) == 0)
            return false;
    }
    return file->size < 4 || (memchr(file->data, '\0', 4) == NULL);
}

static void expect_same(const struct outcome *actual, const struct outcome *expected)
{
    FUZZ_REQUIRE(actual->status == expected->status);
    if (expected->status == BP_OK)
        fuzz_expect_same_table(actual->table, expected->table);
    else
        FUZZ_REQUIRE(strcmp(actual->error.message, expected->error.message) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const bp_read_options options = choose_options(&input);
    const unsigned cut = fuzz_byte(&input);
    const struct bp_csv_plan plan = {
        .threads = 1, .parts = 1 + cut % 4, .part_size = cut < 128 ? 1 + cut / 4 : 4096};
    struct outcome parts = {.status = BP_ERROR_INPUT};
    if (is_text(&input)) {
        struct outcome whole = read_whole(&input, &options);
        parts = read_parts(&input, &options, &plan);
        expect_same(&parts, &whole);
        bp_table_free(whole.table);
    } else {
        struct bp_source *source;
        if (bp_source_open_bytes(&source, PATH, input.data, input.size, NULL) != BP_OK)
            return 0;
        bp_source_close(source);
        parts = read_parts(&input, &options, &plan);
    }
    fuzz_look_at_table(parts.status, parts.table);
    return 0;
}
