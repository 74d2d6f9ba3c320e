/* Options are what the log says they are: names and values that are not known are shown too. */
#include "cli/html/options_diff.h"

#include <string.h>

#include "base/json/json_value.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"

/* Characters of a value that are shown. */
#define VALUE_MAX 200

/* Where the log has the options that were given, and the values that "auto" stood for, which count
 * more. */
static const char *const sources[] = {"effective", "options"};

static const json_t *get_from(const char *source, const struct html_report *report, size_t run,
                              const char *name)
{
    return json_object_get(json_object_get(report->runs[run].start, source), name);
}

/* NULL if the log has none. */
static const json_t *get_value(const struct html_report *report, size_t run, const char *name)
{
    const json_t *value = get_from("effective", report, run, name);
    return value ? value : get_from("options", report, run, name);
}

static bool add_names(json_t *names, json_t *options)
{
    const char *name;
    json_t *value;
    json_object_foreach(options, name, value)
    {
        if (json_object_set_new(names, name, json_true()) != 0)
            return false;
    }
    return true;
}

json_t *options_diff_names(const struct html_report *report)
{
    json_t *names = json_object();
    for (size_t k = 0; names && k < report->count * 2; k++) {
        if (!add_names(names, json_object_get(report->runs[k / 2].start, sources[k % 2]))) {
            json_decref(names);
            return NULL;
        }
    }
    return names;
}

bool options_diff_differs(const struct html_report *report, const char *name)
{
    const json_t *first = get_value(report, 0, name);
    for (size_t run = 1; run < report->count; run++) {
        const json_t *value = get_value(report, run, name);
        if (value != first && !json_equal(value, first))
            return true;
    }
    return false;
}

bool options_diff_is_display(const char *name)
{
    static const char *const display[] = {
        "out", "log", "json", "tensorboard", "config", "checkpoint", "checkpoint-every", "resume"};
    for (size_t k = 0; k < sizeof display / sizeof display[0]; k++) {
        if (strcmp(name, display[k]) == 0)
            return true;
    }
    return false;
}

static void put_scalar(FILE *out, const json_t *value)
{
    if (json_is_string(value)) {
        html_put_short(out, json_string_value(value), VALUE_MAX);
        return;
    }
    if (json_is_real(value)) {
        fprintf(out, "%.9g", json_real_value(value));
        return;
    }
    char text[VALUE_MAX];
    html_put_short(out, bp_json_show(value, text, sizeof text), VALUE_MAX);
}

static void put_value(FILE *out, const json_t *value)
{
    if (!value || json_is_null(value)) {
        fputs(HTML_DASH, out);
        return;
    }
    if (json_is_boolean(value)) {
        fputs(json_is_true(value) ? "yes" : "no", out);
        return;
    }
    if (!json_is_array(value)) {
        put_scalar(out, value);
        return;
    }
    for (size_t k = 0; k < json_array_size(value) && k < VALUE_MAX; k++) {
        fputs(k ? ", " : "", out);
        put_scalar(out, json_array_get(value, k));
    }
}

void options_diff_put(FILE *out, const struct html_report *report, size_t run, const char *name)
{
    put_value(out, get_value(report, run, name));
    if (get_from("effective", report, run, name))
        fputs(" (auto)", out);
}
