/* Keys are those of the log of a single network where they mean the same. */
#include "cli/ensemble/ensemble_log.h"

#include "cli/fields/json_output.h"
#include "cli/options/option_json.h"

/* Members are counted from 1, as in messages and names of folders. Takes `line`. */
static bool put_with_member(struct run_log *log, json_t *line, size_t member)
{
    if (line && json_object_set_new(line, "member", json_output_whole(member + 1)) == 0)
        return run_log_put(log, line);
    json_decref(line);
    return run_log_put(log, NULL);
}

/* What is not the same for all networks is not in the first line. */
static void leave_out(json_t *line)
{
    static const char *const keys[] = {"layers", "activations", "parameters", "epochs",
                                       "epochs_done"};
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
        json_object_del(line, keys[k]);
}

static json_t *make_head(const struct run_log *log, const struct ensemble_job *job, json_t *options)
{
    const struct run_log_head head = {
        .data = bp_dataset_get_info(job->target->train).path,
        .model = job->target->model,
        .samples = bp_dataset_get_info(job->target->train).rows,
        .valid_samples = job->valid ? bp_dataset_get_info(job->valid).rows : 0,
        .train = &job->options->train,
        .chosen = &job->options->train,
        .options = options,
        .target = job->target,
    };
    json_t *line = run_log_line_head(&head, log->continued ? "resume" : "start");
    struct fields kinds = fields_begin(true, 0);
    kinds_fields_put(&kinds, job->options, NULL);
    json_t *more = json_output_take(&kinds.output);
    if (line)
        leave_out(line);
    if (!line || !more || json_object_update(line, more) != 0 ||
        json_object_set_new(line, "networks", json_output_whole(job->members)) != 0 ||
        json_object_set_new(line, "effective", json_object()) != 0) {
        json_decref(line);
        line = NULL;
    }
    json_decref(more);
    return line;
}

bool ensemble_log_begin(struct run_log *log, const struct ensemble_job *job)
{
    if (!log->file)
        return true;
    json_t *options = options_to_json(job->options->groups);
    json_t *line = options ? make_head(log, job, options) : NULL;
    json_decref(options);
    return run_log_put(log, line);
}

bool ensemble_log_epoch(struct run_log *log, const bp_member_progress *progress)
{
    return !log->file || put_with_member(log, run_log_line_epoch(progress->run), progress->member);
}

bool ensemble_log_member(struct run_log *log, const bp_member_progress *progress)
{
    const bp_train_result *result = progress->result;
    const bool failed = result->weights_digest[0] == '\0';
    if (!log->file)
        return true;
    struct json_output line = json_output_begin();
    json_output_add(&line, "event", json_string("member"));
    json_output_add(&line, "kind", json_output_whole(progress->kind + 1));
    json_output_add(&line, "failed", json_boolean(failed));
    json_output_add(&line, "samples", json_output_whole(result->samples));
    json_output_add(&line, "epochs", json_output_whole(result->epochs));
    json_output_add(&line, "best_epoch", json_output_whole(result->best_epoch));
    json_output_add(&line, "train_loss", json_output_real(result->train_loss));
    json_output_add(&line, "valid_loss", json_output_real(result->valid_loss));
    json_output_add(&line, "seconds", json_output_real(result->seconds));
    json_output_add(&line, "done", json_output_whole(progress->done));
    json_output_add(&line, "weights_digest",
                    json_output_string(failed ? NULL : result->weights_digest));
    return put_with_member(log, json_output_take(&line), progress->member);
}

bool ensemble_log_end(struct run_log *log, const struct ensemble_facts *facts, const char *reason)
{
    if (!log->file)
        return true;
    struct fields line = fields_begin(true, 0);
    fields_text(&line, "event", NULL, "end");
    fields_text(&line, "reason", NULL, reason);
    if (facts)
        ensemble_fields_put(&line, facts);
    return run_log_put(log, json_output_take(&line.output));
}
