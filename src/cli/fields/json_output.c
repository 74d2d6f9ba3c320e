/* JSON, through jansson. */
#include "cli/fields/json_output.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json/json_write.h"
#include "base/utf8.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/results.h"

struct json_output json_output_begin(void)
{
    struct json_output output = {.open = {json_object()}, .depth = 1};
    json_output_add(&output, "schema_version", json_integer(JSON_SCHEMA_VERSION));
    return output;
}

void json_output_add(struct json_output *output, const char *key, json_t *value)
{
    json_t *innermost = output->open[output->depth - 1];
    const int result = json_is_array(innermost) ? json_array_append_new(innermost, value)
                                                : json_object_set_new(innermost, key, value);
    output->failed |= result != 0;
}

/* The reference is that of the value around it, which drops it if it cannot be added. */
static void open_value(struct json_output *output, const char *key, json_t *value)
{
    assert(output->depth < JSON_DEPTH);
    json_output_add(output, key, value);
    output->open[output->depth++] = output->failed ? NULL : value;
}

void json_output_object(struct json_output *output, const char *key)
{
    open_value(output, key, json_object());
}

void json_output_array(struct json_output *output, const char *key)
{
    open_value(output, key, json_array());
}

void json_output_close(struct json_output *output)
{
    assert(output->depth > 1);
    output->depth--;
}

void json_output_choice(struct json_output *output, const char *key, bp_choice choice, int value)
{
    json_output_add(output, key, json_string(bp_choice_name(choice, value)));
}

/* NULL if there is no memory. */
static json_t *make_ascii(const char *text)
{
    char *copy = strdup(text);
    for (char *byte = copy; byte && *byte; byte++) {
        if ((unsigned char)*byte >= 0x80)
            *byte = '?';
    }
    json_t *string = json_string(copy);
    free(copy);
    return string;
}

json_t *json_output_string(const char *text)
{
    if (!text)
        return json_null();
    return bp_utf8_check(text, strlen(text)) ? json_string(text) : make_ascii(text);
}

json_t *json_output_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_output_whole(uint64_t value)
{
    if (value <= INT64_MAX)
        return json_integer((json_int_t)value);
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, value);
    return json_string(text);
}

char *json_output_text(const json_t *root, size_t flags)
{
    return bp_json_write(root, flags | JSON_REAL_PRECISION(bp_json_digits(root)), NULL);
}

json_t *json_output_take(struct json_output *output)
{
    json_t *object = output->open[0];
    *output = (struct json_output){.failed = output->failed, .digits = output->digits};
    if (!output->failed)
        return object;
    json_decref(object);
    return NULL;
}

int json_output_print(struct json_output *output)
{
    json_t *object = json_output_take(output);
    char *text = bp_json_write(object, JSON_INDENT(2) | JSON_REAL_PRECISION(output->digits), NULL);
    json_decref(object);
    if (!text)
        return message_no_memory();
    fputs(text, results()); /* which takes any length */
    fputc('\n', results());
    free(text);
    return EXIT_DONE;
}
