/*
 * A separator is known by its regularity: it cuts the first rows into equally many fields. Where
 * two do, the file could be read in two ways, and the user has to say which.
 */
#include "data/csv/csv_dialect.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "data/table/reading.h"
#include "data/text/list.h"
#include "data/text/number.h"
#include "data/text/text.h"

/* In the order of preference where rows do not tell. */
static const char candidates[] = ",;\t|";
#define CANDIDATES (sizeof candidates - 1)

/* Rows that are looked at, in the first bytes of the file. */
#define ROWS_MAX 32

/* How the first rows are cut by one separator. */
struct cut {
    size_t fields;   /* of the first row */
    bool even;       /* every other row has as many */
    bool short_head; /* every other row has one more: the first may have none for names of rows */
};

/* Counts the fields of the row at `text`, and returns where it ends: NULL if that is not in
 * view. Blank lines are rows of no fields. */
static const unsigned char *count_fields(const unsigned char *text, const unsigned char *end,
                                         char separator, size_t *fields)
{
    bool quoted = false;
    *fields = text < end && *text != '\n' && *text != '\r';
    for (; text < end; text++) {
        if (*text == '"')
            quoted = !quoted;
        else if (!quoted && *text == (unsigned char)separator)
            ++*fields;
        else if (!quoted && (*text == '\n' || *text == '\r'))
            return text + (*text == '\r' && text + 1 < end && text[1] == '\n') + 1;
    }
    return NULL;
}

/* Returns how many whole rows were seen; a first row that is not whole counts as far as it goes. */
static size_t count_rows(const unsigned char *text, const unsigned char *end, char separator,
                         struct cut *cut)
{
    *cut = (struct cut){.even = true, .short_head = true};
    size_t rows = 0;
    while (rows < ROWS_MAX && text < end) {
        size_t fields;
        const unsigned char *next = count_fields(text, end, separator, &fields);
        if (rows == 0)
            cut->fields = fields;
        if (!next)
            break;
        if (fields > 0 && rows > 0) {
            cut->even &= fields == cut->fields;
            cut->short_head &= fields == cut->fields + 1;
        }
        text = next;
        rows++;
    }
    return rows;
}

/* How the first rows are cut by runs of blanks. */
struct blank_cut {
    size_t rows;
    size_t fields;   /* of the first row */
    bool even;       /* every other row has as many, one of them a number */
    bool short_head; /* every other row has one more, and the first row no number */
    bool counts; /* the first row could be that of a FANN file whose samples are lines of as many
                      fields */
};

/* Looks at the fields of a line outside of quotes. */
struct blank_row {
    size_t fields;
    size_t numbers;
    bool counts; /* a 3 after the first field */
};

static const unsigned char *skip_blanks(const unsigned char *text, const unsigned char *end)
{
    while (text < end && (*text == ' ' || *text == '\t'))
        text++;
    return text;
}

static bool is_line_end(const unsigned char *text)
{
    return *text == '\n' || *text == '\r';
}

/* The same as count_fields(). */
static const unsigned char *count_blank_fields(const unsigned char *text, const unsigned char *end,
                                               char point, struct blank_row *row)
{
    *row = (struct blank_row){.counts = true};
    for (text = skip_blanks(text, end); text < end && !is_line_end(text);
         text = skip_blanks(text, end)) {
        const unsigned char *field = text;
        bool quoted = false;
        for (; text < end && (quoted || !(is_line_end(text) || *text == ' ' || *text == '\t'));
             text++)
            quoted ^= *text == '"';
        float number;
        const size_t length = (size_t)(text - field);
        row->numbers +=
            bp_number_parse_with((const char *)field, length, point, &number) == BP_NUMBER_OK;
        row->counts &= row->fields == 0 || (length == 1 && *field == '3');
        row->fields++;
    }
    row->counts &= row->fields == 3;
    if (text == end)
        return NULL;
    return text + (*text == '\r' && text + 1 < end && text[1] == '\n') + 1;
}

/* Whether a row, of which a part may be out of view, may have so many fields, one of them a number.
 */
static bool are_fields(const struct blank_row *row, size_t fields, bool part)
{
    return row->numbers > 0 && (part ? row->fields <= fields : row->fields == fields);
}

static struct blank_cut cut_at_blanks(const unsigned char *text, const unsigned char *end,
                                      char point)
{
    struct blank_cut cut = {.even = true, .short_head = true};
    while (cut.rows < ROWS_MAX && text < end) {
        struct blank_row row;
        text = count_blank_fields(text, end, point, &row);
        if (!text && (cut.rows == 0 || row.fields == 0))
            break;
        if (cut.rows == 0) {
            cut.fields = row.fields;
            cut.counts = row.counts && row.numbers == 3;
            cut.short_head = row.numbers == 0;
        } else if (row.fields > 0) {
            cut.even &= are_fields(&row, cut.fields, text == NULL);
            cut.short_head &= are_fields(&row, cut.fields + 1, text == NULL);
        }
        cut.rows += row.fields > 0;
        if (!text)
            break;
    }
    return cut;
}

static bp_status fail_two(const char *path, char one, char other, bp_error *error)
{
    char first[4], second[4];
    return bp_fail(
        error, BP_ERROR_INPUT,
        "%s: the first rows may be cut at every %s as well as at every %s; say which with "
        "--separator",
        path, bp_csv_separator_name(one, first), bp_csv_separator_name(other, second));
}

/* Sets dialect->separator. */
static bp_status choose_by_rows(struct bp_csv_dialect *dialect, const struct bp_source *source,
                                bp_error *error)
{
    size_t size;
    const unsigned char *head = bp_source_head(source, &size), *end = head + size;
    if (size >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0)
        head += 3;
    char even = '\0', named = '\0', likely = '\0';
    size_t most = 1;
    for (size_t k = 0; k < CANDIDATES; k++) {
        const char separator = candidates[k];
        struct cut cut;
        if (separator == dialect->point)
            continue;
        const size_t rows = count_rows(head, end, separator, &cut);
        if (rows > 1 && cut.even && cut.fields > 1) {
            if (even)
                return fail_two(bp_source_path(source), even, separator, error);
            even = separator;
        }
        if (rows > 1 && cut.short_head && cut.fields > 1 && !named)
            named = separator;
        if (cut.fields > most && (rows < 2 || !likely)) {
            most = cut.fields;
            likely = separator;
        }
    }
    const char otherwise = dialect->point == ',' ? ';' : ',';
    dialect->separator = even ? even : named ? named : likely ? likely : otherwise;
    /* Blanks, of which a tab is one, separate where no other sign does, two rows or more have as
     * many fields, and there are numbers in them: texts of a single column may hold blanks. */
    if (!even && !named && (!likely || likely == '\t')) {
        const struct blank_cut cut = cut_at_blanks(head, end, dialect->point);
        if (cut.rows > 1 && (cut.even || cut.short_head) && cut.fields > 1 && !cut.counts)
            dialect->separator = ' ';
    }
    return BP_OK;
}

static bp_status check_signs(const struct bp_csv_dialect *dialect, const char *path,
                             bp_error *error)
{
    const char separator = dialect->separator;
    char name[4];
    if (dialect->point != '.' && dialect->point != ',')
        return bp_fail(error, BP_ERROR_ARGUMENT, "the decimal sign must be a point or a comma");
    if (separator == '\0')
        return BP_OK;
    if (!strchr(BP_SEPARATORS, separator))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s cannot separate fields: give a tab, a blank or a sign such as , ; or |",
                       bp_csv_separator_name(separator, name));
    if (separator == dialect->point)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: the comma cannot be both the separator and the decimal sign", path);
    return BP_OK;
}

static bp_status list_missing(struct bp_csv_dialect *dialect, const char *text, bp_error *error)
{
    struct bp_list list;
    bp_status status = bp_list_parse(&list, text, "missing values", error);
    if (status != BP_OK)
        return status;
    dialect->missing_number = bp_array_alloc(list.count, sizeof *dialect->missing_number);
    if (!dialect->missing_number)
        status = bp_fail_memory(error, "the missing values");
    for (size_t k = 0; k < list.count && status == BP_OK; k++) {
        const size_t length = strlen(list.item[k]);
        uint32_t number;
        if (!bp_utf8_check(list.item[k], length))
            status = bp_fail(error, BP_ERROR_ARGUMENT, "a missing value is not UTF-8 text");
        else if (!bp_dictionary_add(&dialect->missing, list.item[k], length, &number))
            status = bp_fail_memory(error, "the missing values");
        else if (bp_number_parse_with(list.item[k], length, dialect->point,
                                      &dialect->missing_number[dialect->missing_numbers]) ==
                 BP_NUMBER_OK)
            dialect->missing_numbers++;
    }
    bp_list_release(&list);
    return status;
}

bp_status bp_csv_dialect_choose(struct bp_csv_dialect *dialect, const struct bp_source *source,
                                const bp_read_options *options, bp_error *error)
{
    const bp_read_options none = {0}, *of_model = options->of_model ? options->of_model : &none;
    *dialect = (struct bp_csv_dialect){
        .separator = options->separator ? options->separator : of_model->separator,
        .point = options->decimal ? options->decimal : of_model->decimal};
    const char *missing =
        options->missing_values ? options->missing_values : of_model->missing_values;
    if (!dialect->point)
        dialect->point = '.';
    /* What was said for this file is right; what the model says may not suit it. */
    if (!options->separator && dialect->separator == dialect->point)
        dialect->separator = '\0';
    bp_status status = check_signs(dialect, bp_source_path(source), error);
    if (status == BP_OK && missing)
        status = list_missing(dialect, missing, error);
    if (status == BP_OK && !dialect->separator)
        status = choose_by_rows(dialect, source, error);
    dialect->blanks = dialect->separator == ' ';
    if (dialect->blanks)
        dialect->separator = '\t';
    return status;
}

void bp_csv_dialect_release(struct bp_csv_dialect *dialect)
{
    bp_dictionary_release(&dialect->missing);
    free(dialect->missing_number);
    *dialect = (struct bp_csv_dialect){0};
}

const char *bp_csv_separator_name(char separator, char text[static 4])
{
    switch (separator) {
    case ',':
        return "comma";
    case ';':
        return "semicolon";
    case '\t':
        return "tab";
    case ' ':
        return "blank";
    default:
        break;
    }
    text[0] = text[2] = '"';
    text[1] = separator >= ' ' && separator <= '~' ? separator : '?';
    text[3] = '\0';
    return text;
}
