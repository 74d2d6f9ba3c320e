/* Reads the log of a run line by line. A log comes from anywhere: every key is checked for its kind
 * before it is used. */
#include "cli/run/run_record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fields/json_lines.h"
#include "cli/fields/json_output.h"
#include "cli/fields/metric_key.h"
#include "cli/terminal/messages.h"

/* The largest whole number that every reader of JSON has exactly. */
#define EPOCH_MAX ((json_int_t)1 << 53)

/* Of a phase; far beyond any run, and sums of it stay finite. */
#define SECONDS_MAX 1e100

const char *run_record_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

double run_record_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static int report_line(const struct json_lines *lines, const char *key, const char *what)
{
    return message_failure(EXIT_INPUT, "%s:%zu: \"%s\" is %s", lines->path, lines->number, key,
                           what);
}

/* A number; NaN where the key is not there or null. */
static int take_number(const struct json_lines *lines, const json_t *object, const char *key,
                       double *number)
{
    const json_t *value = json_object_get(object, key);
    *number = NAN;
    if (!value || json_is_null(value))
        return EXIT_DONE;
    if (!json_is_number(value))
        return report_line(lines, key, "not a number");
    *number = json_number_value(value);
    return EXIT_DONE;
}

/* A whole number from `low`; `low` where the key is not there or null, if that is 0. */
static int take_whole(const struct json_lines *lines, const json_t *object, const char *key,
                      json_int_t low, size_t *whole)
{
    const json_t *value = json_object_get(object, key);
    const json_int_t number = json_integer_value(value);
    *whole = 0;
    if (low == 0 && (!value || json_is_null(value)))
        return EXIT_DONE;
    if (!json_is_integer(value) || number < low || number > EPOCH_MAX)
        return report_line(lines, key, low == 0 ? "not a whole number" : "not a number from 1");
    *whole = (size_t)number;
    return EXIT_DONE;
}

static int take_metrics(const struct json_lines *lines, const json_t *line, double *figures)
{
    const json_t *metrics = json_object_get(line, "metrics");
    char key[METRIC_KEY_SIZE];
    for (size_t m = 0; FIGURE_METRICS + m < RUN_FIGURES; m++)
        figures[FIGURE_METRICS + m] = NAN;
    if (!metrics || json_is_null(metrics))
        return EXIT_DONE;
    if (!json_is_object(metrics))
        return report_line(lines, "metrics", "not an object");
    int code = EXIT_DONE;
    for (size_t m = 0; FIGURE_METRICS + m < RUN_FIGURES && code == EXIT_DONE; m++) {
        if (metric_key((bp_metric)m, key))
            code = take_number(lines, metrics, key, &figures[FIGURE_METRICS + m]);
    }
    return code;
}

static int take_phases(const struct json_lines *lines, const json_t *line, double *seconds)
{
    const json_t *phases = json_object_get(line, "phases");
    for (size_t i = 0; i < PHASES; i++)
        seconds[i] = 0;
    if (!phases || json_is_null(phases))
        return EXIT_DONE;
    if (!json_is_object(phases))
        return report_line(lines, "phases", "not an object");
    for (size_t i = 0; i < PHASES; i++) {
        const int code = take_number(lines, phases, phase_names[i], &seconds[i]);
        if (code != EXIT_DONE)
            return code;
        if (isnan(seconds[i]))
            seconds[i] = 0;
        if (!(seconds[i] >= 0 && seconds[i] < SECONDS_MAX))
            return report_line(lines, phase_names[i], "not a time");
    }
    return EXIT_DONE;
}

static int read_epoch(const struct json_lines *lines, const json_t *line, struct run_epoch *epoch)
{
    static const char *const keys[] = {"train_loss",    "valid_loss",         "metric",
                                       "learning_rate", "samples_per_second", "seconds"};
    int code = take_whole(lines, line, "epoch", 1, &epoch->epoch);
    if (code == EXIT_DONE)
        code = take_whole(lines, line, "member", 0, &epoch->member);
    epoch->line = lines->number;
    if (code == EXIT_DONE)
        code = take_whole(lines, line, "best_epoch", 0, &epoch->best);
    for (size_t f = 0; f < sizeof keys / sizeof keys[0] && code == EXIT_DONE; f++)
        code = take_number(lines, line, keys[f], &epoch->figures[f]);
    if (code == EXIT_DONE)
        code = take_metrics(lines, line, epoch->figures);
    return code == EXIT_DONE ? take_phases(lines, line, epoch->phases) : code;
}

static int add_epoch(struct run_record *record, const struct run_epoch *epoch)
{
    if (record->count == record->capacity) {
        const size_t capacity = record->capacity ? record->capacity * 2 : 64;
        struct run_epoch *epochs = capacity > SIZE_MAX / sizeof *epochs
                                       ? NULL
                                       : realloc(record->epochs, capacity * sizeof *epochs);
        if (!epochs)
            return message_no_memory();
        record->epochs = epochs;
        record->capacity = capacity;
    }
    record->epochs[record->count++] = *epoch;
    return EXIT_DONE;
}

static int compare_epochs(const void *left, const void *right)
{
    const struct run_epoch *a = left, *b = right;
    if (a->member != b->member)
        return a->member < b->member ? -1 : 1;
    if (a->epoch != b->epoch)
        return a->epoch < b->epoch ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

/* A run that is resumed may train epochs again: the later line counts. */
static void sort_epochs(struct run_record *record)
{
    struct run_epoch *epochs = record->epochs;
    size_t kept = 0;
    if (record->count > 0)
        qsort(epochs, record->count, sizeof *epochs, compare_epochs);
    for (size_t k = 0; k < record->count; k++) {
        const bool again = kept > 0 && epochs[kept - 1].epoch == epochs[k].epoch &&
                           epochs[kept - 1].member == epochs[k].member;
        epochs[again ? kept - 1 : kept++] = epochs[k];
    }
    record->count = kept;
}

static int check_start(const struct json_lines *lines, const json_t *line)
{
    const char *event = run_record_text(line, "event");
    if (!event || strcmp(event, "start") != 0)
        return message_failure(EXIT_INPUT,
                               "%s:%zu: no log of a run: the first line of what train --log writes "
                               "has \"event\": \"start\"",
                               lines->path, lines->number);
    const json_t *version = json_object_get(line, "schema_version");
    if (!json_is_integer(version) || json_integer_value(version) < 1)
        return report_line(lines, "schema_version", "not a version");
    if (json_integer_value(version) > JSON_SCHEMA_VERSION)
        return message_failure(EXIT_INPUT,
                               "%s:%zu: schema_version %" JSON_INTEGER_FORMAT
                               " is newer than %d, which this batchprop knows: install a newer one",
                               lines->path, lines->number, json_integer_value(version),
                               JSON_SCHEMA_VERSION);
    return EXIT_DONE;
}

/* Takes a line into the record, which keeps it if it needs it. Kinds of lines that are not known
 * are left out: later versions may add some. */
static int take_line(struct run_record *record, const struct json_lines *lines, json_t *line)
{
    const char *event = run_record_text(line, "event");
    struct run_epoch epoch;
    if (!record->start) {
        const int code = check_start(lines, line);
        if (code == EXIT_DONE)
            record->start = json_incref(line);
        return code;
    }
    if (!event)
        return report_line(lines, "event", "not a text");
    if (strcmp(event, "start") == 0)
        return message_failure(EXIT_INPUT,
                               "%s:%zu: a second run begins: give each run a file of its own",
                               lines->path, lines->number);
    if (strcmp(event, "epoch") == 0) {
        const int code = read_epoch(lines, line, &epoch);
        return code == EXIT_DONE ? add_epoch(record, &epoch) : code;
    }
    if (strcmp(event, "resume") == 0) {
        record->resumes++;
        json_decref(record->end);
        record->end = NULL;
    } else if (strcmp(event, "end") == 0) {
        json_decref(record->end);
        record->end = json_incref(line);
    }
    return EXIT_DONE;
}

int run_record_read(struct run_record *record, const char *path)
{
    struct json_lines lines;
    json_t *line = NULL;
    *record = (struct run_record){.path = path};
    int code = json_lines_open(&lines, path);
    if (code == EXIT_DONE)
        code = json_lines_next(&lines, &line);
    while (code == EXIT_DONE && line) {
        code = take_line(record, &lines, line);
        json_decref(line);
        line = NULL;
        if (code == EXIT_DONE)
            code = json_lines_next(&lines, &line);
    }
    if (code == EXIT_DONE && !record->start)
        code = message_failure(EXIT_INPUT, "%s: the log of a run is empty", path);
    sort_epochs(record);
    record->torn = lines.torn;
    json_lines_close(&lines);
    return code;
}

void run_record_free(struct run_record *record)
{
    json_decref(record->start);
    json_decref(record->end);
    free(record->epochs);
    *record = (struct run_record){0};
}

size_t run_record_networks(const struct run_record *record)
{
    const double networks = run_record_number(record->start, "networks");
    return networks >= 1 && networks <= BP_MEMBERS_MAX ? (size_t)networks : 0;
}

struct run_record run_record_member(const struct run_record *record, size_t member)
{
    struct run_record part = *record;
    size_t begin = 0, end;
    while (begin < record->count && record->epochs[begin].member < member)
        begin++;
    for (end = begin; end < record->count && record->epochs[end].member == member; end++)
        continue;
    part.epochs = begin < end ? record->epochs + begin : NULL;
    part.count = part.capacity = end - begin;
    return part;
}

const struct run_epoch *run_record_last(const struct run_record *record)
{
    return record->count > 0 ? &record->epochs[record->count - 1] : NULL;
}

static int compare_number(const void *number, const void *epoch)
{
    const size_t a = *(const size_t *)number, b = ((const struct run_epoch *)epoch)->epoch;
    return a < b ? -1 : a > b;
}

const struct run_epoch *run_record_best(const struct run_record *record)
{
    const struct run_epoch *last = run_record_last(record);
    if (!last || last->best == 0)
        return last;
    const struct run_epoch *best =
        bsearch(&last->best, record->epochs, record->count, sizeof *record->epochs, compare_number);
    return best ? best : last;
}

bp_metric run_record_metric(const struct run_record *record)
{
    const char *name = run_record_text(record->start, "metric");
    int metric = BP_METRIC_LOSS;
    if (!name || bp_choice_value(BP_CHOICE_METRIC, name, &metric, NULL) != BP_OK ||
        FIGURE_METRICS + metric >= RUN_FIGURES) /* BP_METRIC_AUTO */
        return BP_METRIC_LOSS;
    return (bp_metric)metric;
}
