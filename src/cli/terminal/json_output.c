/* JSON on stdout, through jansson. */
#include "cli/terminal/json_output.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/terminal/messages.h"

struct json_output json_output_begin(void)
{
    struct json_output output = {.object = json_object()};
    json_output_add(&output, "schema_version", json_integer(JSON_SCHEMA_VERSION));
    return output;
}

void json_output_add(struct json_output *output, const char *key, json_t *value)
{
    if (json_object_set_new(output->object, key, value) != 0)
        output->failed = true;
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
    json_t *object = output->object;
    output->object = NULL;
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
    puts(text);
    free(text);
    return EXIT_DONE;
}
