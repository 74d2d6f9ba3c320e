/* The names of choices, as the command, the model file and messages write them. */
#include <stdio.h>
#include <string.h>

#include "base/choice.h"
#include "base/status.h"
#include "base/suggestion.h"

/* Entry `value` of a list is its name: the values of every enumeration count from 0. */
static const char *const activation_names[] = {[BP_ACTIVATION_LOGISTIC] = "logistic",
                                               [BP_ACTIVATION_IDENTITY] = "identity",
                                               [BP_ACTIVATION_TANH] = "tanh",
                                               [BP_ACTIVATION_RELU] = "relu",
                                               [BP_ACTIVATION_LEAKY_RELU] = "leaky-relu",
                                               [BP_ACTIVATION_GELU] = "gelu",
                                               [BP_ACTIVATION_SILU] = "silu",
                                               [BP_ACTIVATION_SOFTMAX] = "softmax",
                                               [BP_ACTIVATION_AUTO] = "auto",
                                               [BP_ACTIVATION_ELU] = "elu",
                                               [BP_ACTIVATION_SOFTPLUS] = "softplus"};
static const char *const loss_names[] = {[BP_LOSS_MSE] = "mse",
                                         [BP_LOSS_MAE] = "mae",
                                         [BP_LOSS_HUBER] = "huber",
                                         [BP_LOSS_BINARY_CROSS_ENTROPY] = "binary-cross-entropy",
                                         [BP_LOSS_CROSS_ENTROPY] = "cross-entropy",
                                         [BP_LOSS_POISSON] = "poisson",
                                         [BP_LOSS_AUTO] = "auto",
                                         [BP_LOSS_QUANTILE] = "quantile"};
static const char *const optimizer_names[] = {
    [BP_OPTIMIZER_SGD] = "sgd",           [BP_OPTIMIZER_MOMENTUM] = "momentum",
    [BP_OPTIMIZER_NESTEROV] = "nesterov", [BP_OPTIMIZER_RMSPROP] = "rmsprop",
    [BP_OPTIMIZER_ADAM] = "adam",         [BP_OPTIMIZER_ADAMW] = "adamw",
    [BP_OPTIMIZER_IRPROP] = "irprop",     [BP_OPTIMIZER_ADAGRAD] = "adagrad"};
static const char *const schedule_names[] = {[BP_SCHEDULE_CONSTANT] = "constant",
                                             [BP_SCHEDULE_STEP] = "step",
                                             [BP_SCHEDULE_EXPONENTIAL] = "exponential",
                                             [BP_SCHEDULE_COSINE] = "cosine",
                                             [BP_SCHEDULE_PLATEAU] = "plateau"};
static const char *const init_names[] = {[BP_INIT_AUTO] = "auto",
                                         [BP_INIT_GLOROT] = "glorot",
                                         [BP_INIT_HE] = "he",
                                         [BP_INIT_LECUN] = "lecun",
                                         [BP_INIT_UNIFORM] = "uniform"};
static const char *const metric_names[] = {[BP_METRIC_LOSS] = "loss",
                                           [BP_METRIC_ACCURACY] = "accuracy",
                                           [BP_METRIC_BALANCED_ACCURACY] = "balanced-accuracy",
                                           [BP_METRIC_PRECISION] = "precision",
                                           [BP_METRIC_RECALL] = "recall",
                                           [BP_METRIC_F1] = "f1",
                                           [BP_METRIC_LOG_LOSS] = "log-loss",
                                           [BP_METRIC_RMSE] = "rmse",
                                           [BP_METRIC_MAE] = "mae",
                                           [BP_METRIC_R2] = "r2",
                                           [BP_METRIC_AUTO] = "auto"};
static const char *const preset_names[] = {[BP_PRESET_CLASSIC] = "classic",
                                           [BP_PRESET_MODERN] = "modern",
                                           [BP_PRESET_ENSEMBLE] = "ensemble",
                                           [BP_PRESET_QUICK] = "quick"};
static const char *const missing_names[] = {[BP_MISSING_ERROR] = "error",
                                            [BP_MISSING_MEAN] = "mean",
                                            [BP_MISSING_MEDIAN] = "median",
                                            [BP_MISSING_INDICATOR] = "indicator"};
static const char *const unknown_names[] = {[BP_UNKNOWN_AUTO] = "auto",
                                            [BP_UNKNOWN_ERROR] = "error",
                                            [BP_UNKNOWN_IGNORE] = "ignore",
                                            [BP_UNKNOWN_MOST_FREQUENT] = "most-frequent"};
static const char *const hidden_delta_names[] = {
    [BP_HIDDEN_DELTA_CHAIN_RULE] = "chain-rule", [BP_HIDDEN_DELTA_AS_PRINTED] = "as-printed"};
static const char *const backend_names[] = {[BP_BACKEND_AUTO] = "auto",
                                            [BP_BACKEND_SERIAL] = "serial",
                                            [BP_BACKEND_OPENMP] = "openmp",
                                            [BP_BACKEND_PTHREADS] = "pthreads"};
static const char *const plan_names[] = {
    [BP_PLAN_AUTO] = "auto", [BP_PLAN_SAMPLES] = "samples", [BP_PLAN_PARAMETERS] = "parameters"};
static const char *const launch_names[] = {
    [BP_LAUNCH_AUTO] = "auto", [BP_LAUNCH_NONE] = "none", [BP_LAUNCH_MPI] = "mpi"};
static const char *const isa_names[] = {[BP_ISA_AUTO] = "auto",
                                        [BP_ISA_PORTABLE] = "portable",
                                        [BP_ISA_AVX2] = "avx2",
                                        [BP_ISA_AVX512] = "avx512",
                                        [BP_ISA_NEON] = "neon"};
static const char *const scale_names[] = {
    [BP_SCALE_STANDARD] = "standard", [BP_SCALE_MINMAX] = "minmax", [BP_SCALE_NONE] = "none"};
static const char *const target_scale_names[] = {
    [BP_TARGET_SCALE_AUTO] = "auto", [BP_TARGET_SCALE_NONE] = "none"};
static const char *const import_format_names[] = {
    [BP_IMPORT_AUTO] = "auto", [BP_IMPORT_SAFETENSORS] = "safetensors", [BP_IMPORT_FANN] = "fann"};
static const char *const task_names[] = {
    [BP_TASK_AUTO] = "auto", [BP_TASK_CLASSIFY] = "classify", [BP_TASK_REGRESS] = "regress"};
static const char *const format_names[] = {[BP_FORMAT_AUTO] = "auto",
                                           [BP_FORMAT_CSV] = "csv",
                                           [BP_FORMAT_IDX] = "idx",
                                           [BP_FORMAT_FANN] = "fann",
                                           [BP_FORMAT_NPY] = "npy"};
static const char *const header_names[] = {
    [BP_HEADER_AUTO] = "auto", [BP_HEADER_YES] = "yes", [BP_HEADER_NO] = "no"};

static const char *const member_rows_names[] = {[BP_MEMBER_ROWS_ALL] = "all",
                                                [BP_MEMBER_ROWS_FOLDS] = "folds",
                                                [BP_MEMBER_ROWS_BOOTSTRAP] = "bootstrap"};
static const char *const member_weights_names[] = {[BP_MEMBER_WEIGHTS_EQUAL] = "equal",
                                                   [BP_MEMBER_WEIGHTS_OUT_OF_FOLD] = "out-of-fold",
                                                   [BP_MEMBER_WEIGHTS_KEPT] = "kept"};
static const char *const decision_names[] = {[BP_DECISION_GREATEST] = "greatest",
                                             [BP_DECISION_F1] = "f1",
                                             [BP_DECISION_BALANCED] = "balanced"};

static const char *const export_format_names[] = {
    [BP_EXPORT_AUTO] = "auto", [BP_EXPORT_ONNX] = "onnx",
    [BP_EXPORT_C] = "c",       [BP_EXPORT_PYTHON] = "python",
    [BP_EXPORT_SQL] = "sql",   [BP_EXPORT_JAVASCRIPT] = "javascript"};

struct choice_list {
    const char *noun; /* what a message calls the choice */
    const char *const *names;
    size_t count;
};

#define LIST(noun, names)                                                                          \
    {                                                                                              \
        noun, names, sizeof(names) / sizeof((names)[0])                                            \
    }

static const struct choice_list lists[] = {
    [BP_CHOICE_ACTIVATION] = LIST("activation", activation_names),
    [BP_CHOICE_LOSS] = LIST("loss", loss_names),
    [BP_CHOICE_OPTIMIZER] = LIST("optimizer", optimizer_names),
    [BP_CHOICE_HIDDEN_DELTA] = LIST("hidden-delta rule", hidden_delta_names),
    [BP_CHOICE_BACKEND] = LIST("backend", backend_names),
    [BP_CHOICE_ISA] = LIST("instruction set", isa_names),
    [BP_CHOICE_SCALE] = LIST("scaling", scale_names),
    [BP_CHOICE_TASK] = LIST("task", task_names),
    [BP_CHOICE_FORMAT] = LIST("format", format_names),
    [BP_CHOICE_HEADER] = LIST("header choice", header_names),
    [BP_CHOICE_SCHEDULE] = LIST("schedule", schedule_names),
    [BP_CHOICE_INIT] = LIST("initialization", init_names),
    [BP_CHOICE_METRIC] = LIST("metric", metric_names),
    [BP_CHOICE_PRESET] = LIST("preset", preset_names),
    [BP_CHOICE_MISSING] = LIST("treatment of missing cells", missing_names),
    [BP_CHOICE_UNKNOWN] = LIST("treatment of unknown categories", unknown_names),
    [BP_CHOICE_MEMBER_ROWS] = LIST("choice of rows for members", member_rows_names),
    [BP_CHOICE_MEMBER_WEIGHTS] = LIST("choice of weights for members", member_weights_names),
    [BP_CHOICE_DECISION] = LIST("decision rule", decision_names),
    [BP_CHOICE_PLAN] = LIST("plan of a step", plan_names),
    [BP_CHOICE_LAUNCH] = LIST("launch", launch_names),
    [BP_CHOICE_TARGET_SCALE] = LIST("scaling of targets", target_scale_names),
    [BP_CHOICE_EXPORT_FORMAT] = LIST("format", export_format_names),
    [BP_CHOICE_IMPORT_FORMAT] = LIST("format of a network", import_format_names),
};

static const struct choice_list *find_list(bp_choice choice)
{
    size_t index = (size_t)choice;
    return index < sizeof lists / sizeof lists[0] ? &lists[index] : NULL;
}

const char *bp_choice_name(bp_choice choice, int value)
{
    const struct choice_list *list = find_list(choice);
    if (!list || value < 0 || (size_t)value >= list->count)
        return NULL;
    return list->names[value];
}

const char *bp_choice_noun(bp_choice choice)
{
    const struct choice_list *list = find_list(choice);
    return list ? list->noun : "choice";
}

void bp_choice_join(bp_choice choice, uint64_t values, char *text, size_t size)
{
    const struct choice_list *list = find_list(choice);
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; list && i < list->count && length < size; i++) {
        if (!(values >> i & 1))
            continue;
        const int added =
            snprintf(text + length, size - length, "%s%s", length ? ", " : "", list->names[i]);
        length += added > 0 ? (size_t)added : 0;
    }
}

bp_status bp_choice_value(bp_choice choice, const char *name, int *value, bp_error *error)
{
    const struct choice_list *list = find_list(choice);
    BP_REQUIRE(name, error);
    BP_REQUIRE(value, error);
    if (!list)
        return bp_fail(error, BP_ERROR_ARGUMENT, "there is no list %d of choices", (int)choice);
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(name, list->names[i]) == 0) {
            *value = (int)i;
            return BP_OK;
        }
    }
    char allowed[256];
    bp_choice_join(choice, BP_CHOICE_ALL, allowed, sizeof allowed);
    const char *nearest = bp_nearest_name(name, list->names, list->count);
    char suggestion[BP_SUGGESTION_SIZE];
    if (nearest)
        return bp_fail(error, BP_ERROR_ARGUMENT, "unknown %s \"%s\"%s (%s)", list->noun, name,
                       bp_suggestion_write("", nearest, suggestion), allowed);
    if (strchr(name, ','))
        return bp_fail(error, BP_ERROR_ARGUMENT, "\"%s\" is a list: give one %s of %s", name,
                       list->noun, allowed);
    return bp_fail(error, BP_ERROR_ARGUMENT, "unknown %s \"%s\": use one of %s", list->noun, name,
                   allowed);
}
