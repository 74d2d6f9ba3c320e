/* Each field goes to one of the two printers at once; a failure to get memory is kept until the
 * end. */
#include "cli/fields/fields.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/terminal/escape.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/results.h"

#define LINE_SIZE  65536 /* a command line with all options is one */
#define PIECE_SIZE 256

struct fields fields_begin(bool json, int width)
{
    struct fields fields = {.json = json, .width = width};
    if (json)
        fields.output = json_output_begin();
    return fields;
}

static void end_line(struct fields *fields)
{
    if (fields->in_line)
        fputc('\n', results());
    fields->in_line = false;
}

int fields_end(struct fields *fields)
{
    assert(fields->depth == 0);
    if (fields->json)
        return json_output_print(&fields->output);
    end_line(fields);
    return fields->output.failed ? message_no_memory() : EXIT_DONE;
}

/* ---- the printer for people ---- */

/* The titles stand above the cells of the first row, which wait for the last title. */
static void add_cell(struct fields *fields, const char *title, char align, const char *text)
{
    if (fields->rows == 1) {
        assert(fields->column < FIELDS_COLUMNS_MAX);
        fields->alignment[fields->column] = align;
        text_table_add(fields->table, "%s", title);
        if (!text_list_take(&fields->first_row, strdup(text)))
            fields->output.failed = true;
    } else {
        text_table_add(fields->table, "%s", text);
    }
    fields->column++;
}

static void end_row(struct fields *fields)
{
    assert(fields->output.failed || fields->rows == 0 ||
           fields->column == strlen(fields->alignment));
    for (size_t k = 0; k < fields->first_row.count; k++)
        text_table_add(fields->table, "%s", fields->first_row.item[k]);
    text_list_free(&fields->first_row);
    fields->column = 0;
}

static void end_table(struct fields *fields)
{
    end_row(fields);
    if (fields->rows > 0 && !fields->output.failed) {
        fputs(fields->heading, results());
        fields->output.failed = !text_table_print(fields->table);
    }
    text_table_free(fields->table);
    fields->table = NULL;
}

/* Prints a text in which names may stand that hold anything, in pieces that end with a character.
 */
static void print_text(const char *text, bool lines)
{
    char piece[PIECE_SIZE + 1], shown[ESCAPE_FACTOR * PIECE_SIZE + 1];
    while (*text) {
        size_t length = strnlen(text, PIECE_SIZE);
        for (int k = 0; k < 3 && ((unsigned char)text[length] & 0xC0) == 0x80; k++)
            length--;
        memcpy(piece, text, length);
        piece[length] = '\0';
        fputs(escape_write(shown, piece, lines), results());
        text += length;
    }
}

static void print_format(bool lines, const char *format, va_list values)
{
    char text[LINE_SIZE];
    vsnprintf(text, sizeof text, format, values);
    print_text(text, lines);
}

/* A line or a cell. */
static void show(struct fields *fields, const char *title, char align, const char *text)
{
    if (!title || fields->output.failed)
        return;
    if (fields->table) {
        add_cell(fields, title, align, text ? text : "");
    } else if (text) {
        end_line(fields);
        fprintf(results(), "%-*s", fields->width, title);
        print_text(text, false);
        fields->in_line = true;
    }
}

void fields_line(struct fields *fields, const char *title, const char *format, ...)
{
    char text[LINE_SIZE];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (!fields->json)
        show(fields, title, 'r', text);
}

void fields_more(struct fields *fields, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    if (!fields->json && !fields->output.failed)
        print_format(false, format, values);
    va_end(values);
}

void fields_say(struct fields *fields, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    if (!fields->json && !fields->output.failed) {
        end_line(fields);
        print_format(true, format, values);
    }
    va_end(values);
}

/* ---- values ---- */

/* Takes the reference to `value`. */
static void add(struct fields *fields, const char *key, json_t *value)
{
    if (key)
        json_output_add(&fields->output, key, value);
    else
        json_decref(value);
}

void fields_whole(struct fields *fields, const char *key, const char *title, uint64_t value)
{
    char text[NUMBER_TEXT_SIZE];
    snprintf(text, sizeof text, "%" PRIu64, value);
    if (fields->json)
        add(fields, key, json_output_whole(value));
    else
        show(fields, title, 'r', text);
}

void fields_count(struct fields *fields, const char *key, const char *title, uint64_t value)
{
    char text[NUMBER_TEXT_SIZE];
    if (fields->json)
        add(fields, key, json_output_whole(value));
    else
        show(fields, title, 'r', number_group((double)value, text));
}

static void put_real(struct fields *fields, const char *key, const char *title, double value,
                     const char *text)
{
    if (fields->json)
        add(fields, key, json_output_real(value));
    else
        show(fields, title, 'r', isfinite(value) || !fields->none ? text : fields->none);
}

void fields_digits(struct fields *fields, const char *key, const char *title, int digits,
                   double value)
{
    char text[NUMBER_TEXT_SIZE];
    snprintf(text, sizeof text, "%.*g", digits, value);
    put_real(fields, key, title, value, text);
}

void fields_decimals(struct fields *fields, const char *key, const char *title, int decimals,
                     double value)
{
    char text[NUMBER_TEXT_SIZE];
    snprintf(text, sizeof text, "%.*f", decimals, value);
    put_real(fields, key, title, value, text);
}

void fields_percent(struct fields *fields, const char *key, const char *title, int decimals,
                    double value)
{
    char text[NUMBER_TEXT_SIZE];
    snprintf(text, sizeof text, "%.*f %%", decimals, 100 * value);
    put_real(fields, key, title, value, text);
}

void fields_rate(struct fields *fields, const char *key, const char *title, double value)
{
    char text[NUMBER_TEXT_SIZE];
    put_real(fields, key, title, value, number_group(value, text));
}

void fields_duration(struct fields *fields, const char *key, const char *title, double seconds)
{
    char text[NUMBER_TEXT_SIZE];
    put_real(fields, key, title, seconds, number_duration(seconds, text));
}

void fields_real(struct fields *fields, const char *key, double value)
{
    put_real(fields, key, NULL, value, NULL);
}

void fields_flag(struct fields *fields, const char *key, bool value)
{
    if (fields->json)
        add(fields, key, json_boolean(value));
}

void fields_text(struct fields *fields, const char *key, const char *title, const char *text)
{
    if (fields->json)
        add(fields, key, json_output_string(text));
    else
        show(fields, title, 'l', text);
}

void fields_choice(struct fields *fields, const char *key, const char *title, bp_choice choice,
                   int value)
{
    fields_text(fields, key, title, bp_choice_name(choice, value));
}

void fields_null(struct fields *fields, const char *key)
{
    fields_text(fields, key, NULL, NULL);
}

/* ---- fields in fields ---- */

static void open_kind(struct fields *fields, char kind, const char *key)
{
    assert(fields->depth < JSON_DEPTH);
    fields->kind[fields->depth++] = kind;
    if (fields->json && kind == 'o')
        json_output_object(&fields->output, key);
    else if (fields->json)
        json_output_array(&fields->output, key);
}

void fields_object(struct fields *fields, const char *key)
{
    open_kind(fields, 'o', key);
}

void fields_array(struct fields *fields, const char *key)
{
    open_kind(fields, 'a', key);
}

void fields_table(struct fields *fields, const char *key, const char *heading)
{
    open_kind(fields, 't', key);
    if (fields->json)
        return;
    assert(!fields->table);
    end_line(fields);
    memset(fields->alignment, 0, sizeof fields->alignment);
    fields->heading = heading;
    fields->rows = 0;
    fields->table = text_table_create(fields->alignment);
    fields->output.failed |= !fields->table;
}

static void close_one(struct fields *fields)
{
    const char kind = fields->kind[--fields->depth];
    if (fields->json)
        json_output_close(&fields->output);
    else if (kind == 't')
        end_table(fields);
}

static void begin_row(struct fields *fields, char kind)
{
    if (fields->kind[fields->depth - 1] != 't')
        close_one(fields);
    if (!fields->json)
        end_row(fields);
    fields->rows++;
    open_kind(fields, kind, "");
}

void fields_row(struct fields *fields)
{
    begin_row(fields, 'o');
}

void fields_array_row(struct fields *fields)
{
    begin_row(fields, 'a');
}

void fields_close(struct fields *fields)
{
    const bool in_row = fields->depth > 1 && fields->kind[fields->depth - 2] == 't';
    close_one(fields);
    if (in_row)
        close_one(fields);
}
