/* A row for each member of the structs; what writes them and what reads them go through the same
 * rows. */
#include "trials/trial_record.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/status.h"
#include "base/utf8.h"

enum kind {
    WHOLE, /* size_t */
    REAL,  /* double */
    FLAG,  /* bool */
    NAME,  /* an enumeration, all of which are as wide as an int */
    DIGEST /* a text of BP_DIGEST_SIZE */
};

struct row {
    const char *name;
    size_t offset;
    enum kind kind;
    bp_choice choice; /* NAME */
};

#define METRIC(member, kind)                                                                       \
    {                                                                                              \
#member, offsetof(bp_metrics, member), kind, BP_CHOICE_TASK                                \
    }
#define TRAIN(member, kind)                                                                        \
    {                                                                                              \
#member, offsetof(bp_train_result, member), kind, BP_CHOICE_TASK                           \
    }
#define TRAIN_NAME(member, choice)                                                                 \
    {                                                                                              \
#member, offsetof(bp_train_result, member), NAME, choice                                   \
    }

static const struct row metrics_rows[] = {
    METRIC(samples, WHOLE), METRIC(weight, REAL),    METRIC(loss, REAL),
    METRIC(accuracy, REAL), METRIC(precision, REAL), METRIC(balanced_accuracy, REAL),
    METRIC(recall, REAL),   METRIC(f1, REAL),        METRIC(log_loss, REAL),
    METRIC(rmse, REAL),     METRIC(mae, REAL),       METRIC(r2, REAL),
    METRIC(unknown, WHOLE),
};

static const struct row train_rows[] = {
    TRAIN(epochs, WHOLE),
    TRAIN(samples, WHOLE),
    TRAIN(train_loss, REAL),
    TRAIN(valid_loss, REAL),
    TRAIN(best_epoch, WHOLE),
    TRAIN(ended_early, FLAG),
    TRAIN(seconds, REAL),
    TRAIN(samples_per_second, REAL),
    TRAIN(threads, WHOLE),
    TRAIN_NAME(backend, BP_CHOICE_BACKEND),
    TRAIN_NAME(isa, BP_CHOICE_ISA),
    TRAIN(weights_digest, DIGEST),
    TRAIN_NAME(metric, BP_CHOICE_METRIC),
    TRAIN(best_metric, REAL),
    TRAIN(refit_epochs, WHOLE),
    TRAIN(refit_samples, WHOLE),
    TRAIN(batch_size, WHOLE),
    TRAIN(updates, WHOLE),
    TRAIN_NAME(plan, BP_CHOICE_PLAN),
    TRAIN(ranks, WHOLE),
    TRAIN(all_threads, WHOLE),
};

#define ROWS(rows) rows, sizeof(rows) / sizeof(rows)[0]

/* ---- to JSON ---- */

static json_t *real_to_json(double value)
{
    if (isnan(value))
        return json_null();
    if (isinf(value))
        return json_string(value > 0 ? "infinity" : "-infinity");
    return json_real(value);
}

static json_t *to_json(const struct row *row, const char *value)
{
    size_t whole;
    double real;
    int choice;
    const char *name;
    switch (row->kind) {
    case WHOLE:
        memcpy(&whole, value, sizeof whole);
        return json_integer((json_int_t)whole);
    case REAL:
        memcpy(&real, value, sizeof real);
        return real_to_json(real);
    case FLAG:
        return json_boolean(*value != 0);
    case NAME:
        memcpy(&choice, value, sizeof choice);
        name = bp_choice_name(row->choice, choice);
        return json_string(name ? name : "");
    case DIGEST:
        break;
    }
    return json_string(value);
}

static json_t *rows_to_json(const struct row *rows, size_t count, const void *values)
{
    json_t *object = json_object();
    for (size_t k = 0; k < count; k++) {
        json_t *value = to_json(&rows[k], (const char *)values + rows[k].offset);
        if (json_object_set_new(object, rows[k].name, value) == 0)
            continue;
        json_decref(object);
        return NULL;
    }
    return object;
}

json_t *bp_trial_to_json(const bp_trial_result *result)
{
    json_t *train = rows_to_json(ROWS(train_rows), &result->train);
    json_t *valid = rows_to_json(ROWS(metrics_rows), &result->train.valid);
    json_t *metrics = rows_to_json(ROWS(metrics_rows), &result->metrics);
    const char *task = bp_choice_name(BP_CHOICE_TASK, (int)result->task);
    const bool complete = json_object_set_new(train, "valid", valid) == 0 && train && metrics;
    const char *words = result->error.message;
    if (!bp_utf8_check(words, strlen(words))) /* a cell is quoted in it */
        words = bp_status_text(result->error.status);
    json_t *json = complete ? json_pack("{s:i, s:s, s:s, s:O, s:O}", "status",
                                        (int)result->error.status, "message", words, "task",
                                        task ? task : "", "metrics", metrics, "train", train)
                            : NULL;
    json_decref(metrics);
    json_decref(train);
    return json;
}

/* ---- from JSON ---- */

static bool real_from_json(double *value, const json_t *json)
{
    const char *text = json_string_value(json);
    if (json_is_null(json))
        *value = (double)NAN;
    else if (text && strcmp(text, "infinity") == 0)
        *value = (double)INFINITY;
    else if (text && strcmp(text, "-infinity") == 0)
        *value = -(double)INFINITY;
    else if (json_is_real(json))
        *value = json_real_value(json);
    else
        return false;
    return true;
}

static bool text_from_json(char *text, size_t size, const json_t *json)
{
    const char *value = json_string_value(json);
    if (!value || strlen(value) >= size)
        return false;
    memcpy(text, value, strlen(value) + 1);
    return true;
}

static bool name_from_json(int *value, bp_choice choice, const json_t *json)
{
    const char *name = json_string_value(json);
    return name && bp_choice_value(choice, name, value, NULL) == BP_OK;
}

static bool from_json(const struct row *row, char *value, const json_t *json)
{
    size_t whole;
    double real;
    int choice;
    switch (row->kind) {
    case WHOLE:
        whole = (size_t)json_integer_value(json);
        memcpy(value, &whole, sizeof whole);
        return json_is_integer(json) && json_integer_value(json) >= 0 &&
               (json_int_t)whole == json_integer_value(json);
    case REAL:
        if (!real_from_json(&real, json))
            return false;
        memcpy(value, &real, sizeof real);
        return true;
    case FLAG:
        *value = json_is_true(json);
        return json_is_boolean(json);
    case NAME:
        if (!name_from_json(&choice, row->choice, json))
            return false;
        memcpy(value, &choice, sizeof choice);
        return true;
    case DIGEST:
        break;
    }
    return text_from_json(value, BP_DIGEST_SIZE, json);
}

static bool rows_from_json(const struct row *rows, size_t count, void *values, const json_t *json)
{
    for (size_t k = 0; k < count; k++) {
        const json_t *value = json_object_get(json, rows[k].name);
        if (!from_json(&rows[k], (char *)values + rows[k].offset, value))
            return false;
    }
    return true;
}

/* False: there is no such status. */
static bool error_from_json(bp_error *error, const json_t *json)
{
    const json_t *status = json_object_get(json, "status");
    const json_int_t number = json_integer_value(status);
    if (!json_is_integer(status) || number < BP_OK || number > BP_ERROR_INTERNAL ||
        !text_from_json(error->message, sizeof error->message, json_object_get(json, "message")))
        return false;
    /* What is no character to be shown is blanked. */
    bp_fail(error, (bp_status)number, "%s", error->message);
    return strcmp(bp_status_text((bp_status)number), "unknown status") != 0;
}

bool bp_trial_from_json(bp_trial_result *result, const json_t *json)
{
    const json_t *train = json_object_get(json, "train");
    int task;
    *result = (bp_trial_result){0};
    if (!error_from_json(&result->error, json) ||
        !name_from_json(&task, BP_CHOICE_TASK, json_object_get(json, "task")))
        return false;
    result->task = (bp_task)task;
    return rows_from_json(ROWS(metrics_rows), &result->metrics, json_object_get(json, "metrics")) &&
           rows_from_json(ROWS(metrics_rows), &result->train.valid,
                          json_object_get(train, "valid")) &&
           rows_from_json(ROWS(train_rows), &result->train, train);
}
