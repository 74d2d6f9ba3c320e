/* A line is written at once, and is on the disk before the next one begins. */
#include "trials/journal.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/files/file.h"
#include "base/files/open_input.h"
#include "base/json/json_read.h"
#include "base/json/json_write.h"
#include "data/table/table_digest.h"
#include "model/model.h"
#include "trials/trial_description.h"
#include "trials/trial_record.h"

#define KIND "batchprop trials"

struct bp_journal {
    const bp_trials *trials;
    struct bp_file *file;
    pthread_mutex_t mutex; /* of the file and the error */
    bp_error error;        /* the first one; status BP_OK: none */
};

/* ---- writing ---- */

#define TAIL_SIZE (sizeof ",\"digest\":\"\"}\n" + BP_DIGEST_SIZE)

/* What the first `length` bytes of a line are followed by. */
static void write_tail(const char *text, size_t length, char tail[TAIL_SIZE])
{
    char hash[BP_DIGEST_SIZE];
    struct bp_digest digest;
    bp_digest_begin(&digest);
    bp_digest_update(&digest, text, length);
    bp_digest_finish(&digest, hash);
    snprintf(tail, TAIL_SIZE, ",\"digest\":\"%s\"}\n", hash);
}

/* With the lock. `text` is an object. */
static void write_line(struct bp_journal *journal, const char *text)
{
    bp_error *error = &journal->error;
    const size_t length = strlen(text) - 1;
    char tail[TAIL_SIZE];
    if (error->status != BP_OK)
        return;
    write_tail(text, length, tail);
    if (bp_file_write(journal->file, text, length, error) == BP_OK &&
        bp_file_write(journal->file, tail, strlen(tail), error) == BP_OK)
        bp_file_synchronize(journal->file, error);
}

bp_status bp_journal_check(const struct bp_journal *journal, bp_error *error)
{
    if (journal->error.status == BP_OK)
        return BP_OK;
    return bp_fail(error, journal->error.status, "%s", journal->error.message);
}

static bp_status put_line(struct bp_journal *journal, json_t *line, bp_error *error)
{
    char *text = bp_json_write(line, JSON_COMPACT, NULL);
    json_decref(line);
    pthread_mutex_lock(&journal->mutex);
    if (text)
        write_line(journal, text);
    else
        bp_fail_memory(&journal->error, "a line of the journal");
    const bp_status status = bp_journal_check(journal, error);
    pthread_mutex_unlock(&journal->mutex);
    free(text);
    return status;
}

static json_t *describe(const bp_trials *trials, size_t number)
{
    struct bp_trial_settings settings;
    if (bp_trial_settings_read(&settings, trials, number, NULL) != BP_OK)
        return json_object(); /* which is why the trial fails */
    return bp_trial_describe(&settings);
}

/* The same trial may come to something else at another time. */
static bool is_final(bp_status status)
{
    return status == BP_OK || status == BP_ERROR_ARGUMENT || status == BP_ERROR_INPUT ||
           status == BP_ERROR_NOT_FINITE;
}

bp_status bp_journal_add(struct bp_journal *journal, size_t number, const bp_trial_result *result,
                         bp_error *error)
{
    if (!is_final(result->error.status))
        return BP_OK;
    json_t *line = json_pack("{s:I, s:o, s:o}", "trial", (json_int_t)number, "made_with",
                             describe(journal->trials, number), "result", bp_trial_to_json(result));
    return put_line(journal, line, error);
}

/* ---- reading ---- */

struct reading {
    const bp_trials *trials;
    bp_trial_result *results;
    bool *done;
    char rows[BP_DIGEST_SIZE];
    size_t line; /* from 1 */
};

#define INSTEAD "name another file to begin again"

static bp_status fail_line(const struct reading *reading, const char *what, bp_error *error)
{
    return bp_fail(error, BP_ERROR_INPUT, "%s:%zu: %s; " INSTEAD, reading->trials->journal,
                   reading->line, what);
}

static bp_status check_head(const struct reading *reading, const json_t *head, bp_error *error)
{
    const char *path = reading->trials->journal;
    const char *kind = json_string_value(json_object_get(head, "journal"));
    const char *version = json_string_value(json_object_get(head, "version"));
    const char *rows = json_string_value(json_object_get(head, "rows"));
    const json_int_t numerics = json_integer_value(json_object_get(head, "numerics"));
    if (!kind || strcmp(kind, KIND) != 0 || !version || !rows)
        return fail_line(reading, "this is not a journal of trials", error);
    if (strcmp(version, bp_version()) != 0 || numerics != BP_NUMERICS_VERSION)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: was written by version %.40s with numerics %lld, and this is %s with "
                       "%d; " INSTEAD,
                       path, version, (long long)numerics, bp_version(), BP_NUMERICS_VERSION);
    if (strcmp(rows, reading->rows) != 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: was written with other rows or columns of data; " INSTEAD, path);
    return BP_OK;
}

static bp_status compare(const struct reading *reading, const json_t *then, size_t number,
                         bp_error *error)
{
    const char *path = reading->trials->journal;
    json_t *now = describe(reading->trials, number);
    const size_t size = strlen(path) + 32;
    char *what = malloc(size);
    bp_status status = now && what ? BP_OK : bp_fail_memory(error, "what a journal is compared to");
    if (!status) {
        snprintf(what, size, "%s:%zu:", path, reading->line);
        status = bp_trial_compare(then, now, what, error);
    }
    free(what);
    json_decref(now);
    return status;
}

static bp_status take_trial(struct reading *reading, const json_t *line, bp_error *error)
{
    const json_t *trial = json_object_get(line, "trial");
    const json_int_t number = json_integer_value(trial);
    bp_trial_result result;
    if (!json_is_integer(trial) || number < 0 ||
        !bp_trial_from_json(&result, json_object_get(line, "result")) ||
        !is_final(result.error.status))
        return fail_line(reading, "this is not the line of a trial", error);
    if ((uint64_t)number >= reading->trials->count)
        return bp_fail(
            error, BP_ERROR_INPUT, "%s:%zu: is of trial %zu, and there are %zu, from 0; " INSTEAD,
            reading->trials->journal, reading->line, (size_t)number, reading->trials->count);
    const bp_status status =
        compare(reading, json_object_get(line, "made_with"), (size_t)number, error);
    if (status)
        return status;
    reading->results[number] = result;
    reading->done[number] = true;
    return BP_OK;
}

/* Whether a line, with its newline, is as it was written. */
static bp_status check_digest(const struct reading *reading, const char *text, size_t length,
                              bp_error *error)
{
    const size_t tail_length = TAIL_SIZE - 2; /* without the NUL of either part */
    char tail[TAIL_SIZE];
    if (length < tail_length)
        return fail_line(reading, "this line is damaged", error);
    write_tail(text, length - tail_length, tail);
    return strcmp(text + length - tail_length, tail) == 0
               ? BP_OK
               : fail_line(reading, "this line is damaged", error);
}

/* A line with its newline. */
static bp_status take_line(struct reading *reading, const char *text, size_t length,
                           bp_error *error)
{
    static const struct bp_json_limits limits = {.what = "a line of the journal"};
    json_t *line;
    bp_status status = bp_json_read(&line, text, length, &limits, error);
    reading->line++;
    if (status == BP_ERROR_INPUT || (!status && !json_is_object(line)))
        status = fail_line(reading, "this is not an object of JSON", error);
    if (!status && reading->line == 1)
        status = check_head(reading, line, error);
    if (!status)
        status = check_digest(reading, text, length, error);
    if (!status && reading->line > 1)
        status = take_trial(reading, line, error);
    json_decref(line);
    return status;
}

/* By errno. */
static bp_status fail_read(const struct reading *reading, bp_error *error)
{
    return bp_fail_system(error, errno, "%s: cannot be read", reading->trials->journal);
}

static bp_status read_lines(struct reading *reading, FILE *file, bp_error *error)
{
    char *text = NULL;
    size_t size = 0;
    ssize_t length;
    bp_status status = BP_OK;
    while (!status && (length = getline(&text, &size, file)) > 0 && text[length - 1] == '\n')
        status = take_line(reading, text, (size_t)length, error);
    /* A line that cannot be held is no end, and no error of the stream either. */
    if (!status && !feof(file))
        status = fail_read(reading, error);
    free(text);
    return status;
}

/* An ordinary file that is there. */
static bp_status read_journal(struct reading *reading, bp_error *error)
{
    struct stat info;
    const char *path = reading->trials->journal;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return BP_OK;
    FILE *file = bp_open_stream(path);
    if (!file)
        return fail_read(reading, error);
    const bp_status status = read_lines(reading, file, error);
    fclose(file);
    return status;
}

/* ---- opening ---- */

static bp_status open_file(struct bp_journal *journal, const struct reading *reading,
                           bp_error *error)
{
    bool continued;
    const bp_status status =
        bp_file_open(&journal->file, journal->trials->journal, &continued, error);
    if (status || continued)
        return status;
    return put_line(journal,
                    json_pack("{s:s, s:s, s:i, s:s}", "journal", KIND, "version", bp_version(),
                              "numerics", BP_NUMERICS_VERSION, "rows", reading->rows),
                    error);
}

bp_status bp_journal_open(struct bp_journal **out, const bp_trials *trials,
                          bp_trial_result *results, bool *done, bp_error *error)
{
    struct reading reading = {.trials = trials, .results = results, .done = done};
    *out = NULL;
    bp_dataset_digest(trials->dataset, reading.rows);
    bp_status status = read_journal(&reading, error);
    if (status)
        return status;
    struct bp_journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        return bp_fail_memory(error, "a journal");
    journal->trials = trials;
    pthread_mutex_init(&journal->mutex, NULL);
    status = open_file(journal, &reading, error);
    if (status)
        bp_journal_close(journal);
    else
        *out = journal;
    return status;
}

void bp_journal_close(struct bp_journal *journal)
{
    if (!journal)
        return;
    bp_file_abandon(journal->file); /* all of it is on the disk */
    pthread_mutex_destroy(&journal->mutex);
    free(journal);
}
