/* JSON, through jansson. */
#include "cli/fields/json_output.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

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

json_t *json_output_string(const char *text)
{
    return text ? json_string(text) : json_null();
}

json_t *json_output_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_output_whole(uint64_t value)
{
    if (value <= INT64_MAX)
        return json_integer((json_int_t)value);
    return json_sprintf("%" PRIu64, value);
}

char *json_output_text(const json_t *root, size_t flags)
{
    char *text = NULL;
    bool same = false;
    for (size_t digits = 15; digits <= 17 && !same; digits++) {
        free(text);
        text = json_dumps(root, flags | JSON_REAL_PRECISION(digits));
        json_t *read = text ? json_loads(text, 0, NULL) : NULL;
        same = !read || json_equal(root, read);
        json_decref(read);
    }
    return text;
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
    char *text =
        object ? json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(output->digits)) : NULL;
    json_decref(object);
    if (!text)
        return message_no_memory();
    fprintf(results(), "%s\n", text);
    free(text);
    return EXIT_DONE;
}
