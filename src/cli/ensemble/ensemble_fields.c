/* Lines first: the table of kinds is below them. */
#include "cli/ensemble/ensemble_fields.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/fields/alternatives.h"
#include "cli/fields/rank_fields.h"
#include "cli/inspect/factor_fields.h"
#include "cli/run/quality_fields.h"
#include "cli/terminal/numbers.h"

/* ---- kinds ---- */

/* The text of an option of a kind. */
static bool get_text(const struct train_options *options, size_t kind, const bp_option_info *row,
                     char text[ALTERNATIVE_SIZE])
{
    const struct train_kind *own = &options->kind[kind];
    if (row->owner == BP_OPTION_OF_MODEL)
        return bp_model_options_get(&own->model, row->name, text, ALTERNATIVE_SIZE, NULL) == BP_OK;
    return row->owner == BP_OPTION_OF_TRAINING &&
           bp_train_options_get(&own->train, row->name, text, ALTERNATIVE_SIZE, NULL) == BP_OK;
}

/* Of kinds that a model has: the options that are not the same for all. */
static void put_different_options(struct fields *out, const struct train_options *options,
                                  size_t kind)
{
    bp_option_info row;
    for (size_t r = 0; bp_option_get(r, &row, NULL) == BP_OK; r++) {
        char own[ALTERNATIVE_SIZE], other[ALTERNATIVE_SIZE];
        bool differs = false;
        if (!get_text(options, kind, &row, own))
            continue;
        for (size_t k = 0; k < options->kinds; k++)
            differs = differs || (options->kind[k].used && get_text(options, k, &row, other) &&
                                  strcmp(own, other) != 0);
        if (differs)
            fields_text(out, row.name, row.name, own);
    }
}

/* The options that have alternatives, each as a column. */
static void put_options(struct fields *out, const struct train_options *options, size_t kind)
{
    fields_object(out, "options");
    if (options->continues)
        put_different_options(out, options, kind);
    for (const struct option_group *group = options->groups; group->title; group++) {
        for (const struct option *option = group->options; option->kind != OPTION_END; option++) {
            char part[ALTERNATIVE_SIZE];
            if (option->alternatives && alternatives_take(option->alternatives, kind, part))
                fields_text(out, option->name, option->name, part);
        }
    }
    fields_close(out);
}

static void put_kind_figures(struct fields *out, const bp_ensemble_kind *kind, bool classes)
{
    const bool known = kind->metrics.samples > 0;
    const double none = (double)NAN;
    fields_decimals(out, NULL, "loss", 4, known ? kind->metrics.loss : none);
    if (classes)
        fields_decimals(out, NULL, "accuracy", 4, known ? kind->metrics.accuracy : none);
    else
        fields_digits(out, NULL, "rmse", 6, known ? kind->metrics.rmse : none);
    if (known)
        metrics_fields_put(out, "out_of_fold", &kind->metrics);
    else
        fields_null(out, "out_of_fold");
}

/* What came of a kind. */
static void put_result(struct fields *out, const struct ensemble_facts *facts, size_t k)
{
    bp_ensemble_kind kind;
    if (bp_ensemble_get_kind(facts->ensemble, k, &kind, NULL) != BP_OK)
        return;
    const bp_ensemble_info info = bp_ensemble_get_info(facts->ensemble);
    fields_whole(out, "members", NULL, kind.members);
    fields_whole(out, "finished", "networks", kind.finished);
    if (facts->left)
        put_kind_figures(out, &kind, info.task == BP_TASK_CLASSIFY);
    fields_decimals(out, NULL, "weight", 2, kind.weight);
    fields_real(out, "weight", kind.weight);
}

void kinds_fields_put(struct fields *out, const struct train_options *options,
                      const struct ensemble_facts *facts)
{
    const char *none = out->none;
    out->none = "-";
    fields_table(out, "kinds", "\n");
    for (size_t k = 0; k < options->kinds && (out->json || options->kinds > 1); k++) {
        if (!options->kind[k].used)
            continue;
        fields_row(out);
        fields_whole(out, "kind", "kind", k + 1);
        put_options(out, options, k);
        if (facts)
            put_result(out, facts, k);
    }
    fields_close(out);
    out->none = none;
}

/* ---- members ---- */

/* For programs alone. */
static void put_members(struct fields *out, const struct ensemble_facts *facts)
{
    bp_ensemble_member member;
    if (!out->json)
        return;
    fields_table(out, "members", "");
    for (size_t m = 0; bp_ensemble_get_member(facts->ensemble, m, &member, NULL) == BP_OK; m++) {
        const bool ended = member.error.status == BP_OK;
        const double none = (double)NAN;
        fields_row(out);
        fields_whole(out, "member", NULL, m + 1);
        fields_whole(out, "kind", NULL, member.kind + 1);
        fields_whole(out, "round", NULL, member.round + 1);
        fields_whole(out, "seed", NULL, member.seed);
        fields_real(out, "weight", member.weight);
        fields_text(out, "error", NULL, ended ? NULL : member.error.message);
        fields_whole(out, "samples", NULL, member.samples);
        fields_whole(out, "epochs", NULL, member.train.epochs);
        fields_whole(out, "best_epoch", NULL, member.train.best_epoch);
        fields_real(out, "train_loss", ended ? member.train.train_loss : none);
        fields_real(out, "valid_loss", ended ? member.train.valid_loss : none);
        fields_real(out, "seconds", member.train.seconds);
        fields_text(out, "weights_digest", NULL, ended ? member.train.weights_digest : NULL);
    }
    fields_close(out);
}

/* "20 of 25 (5 kinds, 5 folds), 123,456 parameters; those of weight 0 are not saved". */
static void put_count(struct fields *out, const struct ensemble_facts *facts)
{
    const bp_ensemble_info info = bp_ensemble_get_info(facts->ensemble);
    const size_t saved = facts->model ? bp_model_members(facts->model) : 0;
    size_t kinds = 0;
    for (size_t k = 0; k < info.kinds; k++)
        kinds += facts->options->kind[k].used;
    char parameters[NUMBER_TEXT_SIZE];
    fields_line(out, "networks", "%zu", saved);
    if (saved < info.members)
        fields_more(out, " of %zu", info.members);
    if (info.kinds > 1 || info.folds > 0)
        fields_more(out, " (%zu kind%s", kinds, kinds == 1 ? "" : "s");
    if (info.folds > 0)
        fields_more(out, ", %zu folds", info.folds);
    if (info.kinds > 1 || info.folds > 0)
        fields_more(out, ")");
    if (facts->model)
        fields_more(out, ", %s parameters",
                    number_group((double)bp_model_get_info(facts->model).parameters, parameters));
    if (saved < info.finished)
        fields_more(out, "; those of weight 0 are not saved");
    fields_whole(out, "finished", NULL, info.finished);
    fields_whole(out, "failed", NULL, info.failed);
    fields_whole(out, "saved", NULL, saved);
    fields_whole(out, "folds", NULL, info.folds);
    fields_choice(out, "weights", NULL, BP_CHOICE_MEMBER_WEIGHTS, (int)info.weights);
}

/* "f1: factor x probability, no 0.9, yes 1.3" where it is not the class of the greatest one. */
static void put_decision(struct fields *out, const struct ensemble_facts *facts)
{
    const bp_decision decision = bp_ensemble_get_info(facts->ensemble).decision;
    const bool plain = decision == BP_DECISION_GREATEST || !facts->model;
    fields_choice(out, "decide", plain ? NULL : "class decided", BP_CHOICE_DECISION, (int)decision);
    if (plain)
        return;
    fields_more(out, ", by factor x probability");
    factor_fields_more(out, facts->model);
    if (out->json)
        factor_fields_put(out, facts->model);
}

/* ---- how good it is ---- */

static void put_figures(struct fields *out, const struct ensemble_facts *facts, const char *title,
                        const bp_metrics *metrics)
{
    const bp_task task = bp_ensemble_get_info(facts->ensemble).task;
    fields_line(out, title, "loss %.6g", metrics->loss);
    if (task == BP_TASK_CLASSIFY)
        fields_more(out, ", accuracy %.2f %%, %s %.4f", 100.0 * metrics->accuracy,
                    facts->left && facts->left->classes == 2 ? "f1" : "macro f1", metrics->f1);
    else
        fields_more(out, ", rmse %.6g, mae %.6g", metrics->rmse, metrics->mae);
    if (task != BP_TASK_CLASSIFY && !isnan(metrics->r2))
        fields_more(out, ", r2 %.4f", metrics->r2);
}

static void put_quality(struct fields *out, const struct ensemble_facts *facts)
{
    const bp_ensemble_info info = bp_ensemble_get_info(facts->ensemble);
    if (facts->left)
        quality_fields_put_set(out, "out_of_fold", "out of fold", "", facts->left);
    else
        fields_null(out, "out_of_fold");
    const bool weighted = info.weights == BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    const bool decided = info.decision == BP_DECISION_F1;
    if (facts->fitted && (weighted || decided)) {
        put_figures(out, facts, "cross-fitted", facts->fitted);
        fields_line(out, "",
                    "%s chosen without the row they are used on: nearer to what new rows get",
                    !decided   ? "weights of kinds"
                    : weighted ? "weights of kinds and factors of classes"
                               : "factors of classes");
    }
    if (facts->fitted)
        metrics_fields_put(out, "cross_fitted", facts->fitted);
    else
        fields_null(out, "cross_fitted");
    if (facts->train) {
        put_figures(out, facts, "training", facts->train);
        metrics_fields_put(out, "train", facts->train);
    } else {
        fields_null(out, "train");
    }
    if (facts->valid) {
        put_figures(out, facts, "validation", facts->valid);
        metrics_fields_put(out, "valid", facts->valid);
    } else {
        fields_null(out, "valid");
    }
}

/* For programs, and the page. */
static void put_calibration(struct fields *out, const struct ensemble_facts *facts)
{
    const bool classes = bp_ensemble_get_info(facts->ensemble).task == BP_TASK_CLASSIFY;
    bp_calibration_bin bins[BP_CALIBRATION_BINS];
    if (!out->json)
        return;
    fields_table(out, "calibration", "");
    for (size_t t = 0; bp_ensemble_get_calibration(facts->ensemble, t, bins, NULL) == BP_OK; t++) {
        bp_model_column target = {.name = NULL};
        if (facts->model)
            bp_model_get_column(facts->model, bp_model_get_info(facts->model).input_columns + t,
                                &target, NULL);
        fields_row(out);
        fields_text(out, "target", NULL, target.name);
        fields_flag(out, "classes", classes);
        fields_table(out, "bins", "");
        for (size_t k = 0; k < BP_CALIBRATION_BINS; k++) {
            fields_row(out);
            fields_whole(out, "count", NULL, bins[k].count);
            fields_real(out, "predicted", bins[k].predicted);
            fields_real(out, "actual", bins[k].actual);
            fields_real(out, "within", bins[k].within);
        }
        fields_close(out);
    }
    fields_close(out);
}

void ensemble_fields_put(struct fields *out, const struct ensemble_facts *facts)
{
    const struct train_options *options = facts->options;
    const bp_ensemble_info info = bp_ensemble_get_info(facts->ensemble);
    char rows[NUMBER_TEXT_SIZE];
    const bp_model_info model =
        facts->model ? bp_model_get_info(facts->model) : (bp_model_info){.weights_digest = ""};
    fields_count(out, "samples", "samples", info.rows);
    if (facts->valid)
        fields_more(out, ", and %s for validation",
                    number_group((double)facts->valid->samples, rows));
    put_count(out, facts);
    put_decision(out, facts);
    fields_whole(out, "parameters", NULL, model.parameters);
    put_quality(out, facts);
    fields_duration(out, "seconds", "time", info.seconds);
    rank_fields_put(out, 0, info.threads);
    fields_whole(out, "threads", "threads", info.threads);
    fields_more(out, ", one network each");
    fields_whole(out, "seed", "seed", options->train.seed);
    fields_text(out, "weights_digest", "weights digest",
                model.weights_digest[0] ? model.weights_digest : NULL);
    fields_text(out, NULL, "model", options->out);
    put_members(out, facts);
    put_calibration(out, facts);
    kinds_fields_put(out, options, facts);
}
