/*
 * What an ensemble of 20 networks costs beside its members alone, with the modern recipe: training
 * on one thread and on two, and prediction of many rows together and row by row.
 *
 *   ensemble_speed [--turns N] [--rows N] [--json]       defaults 9 and 2000 (rows to train on)
 *
 * In each turn everything that is compared runs once, and ratios are formed within the turn, of
 * processor time where both sides have one thread; figures are medians over the turns. Where
 * another program works on the machine two threads are not twice as fast as one, whatever they do:
 * two halves of the ensemble at once show how fast they can be. Rows are synthetic.
 */
#include <batchprop/batchprop.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "speed.h"

#define MEMBERS   20
#define ALONE     4 /* members that are trained alone, for a steadier mean */
#define TURNS_MAX 100

/* Rows that are predicted: so many that a turn takes some milliseconds. */
#define MANY_ROWS   8192
#define SINGLE_ROWS 64

struct settings {
    size_t turns;
    size_t rows; /* to train on */
    bool json;
};

struct shape {
    const char *name;
    size_t inputs;
    size_t hidden[2]; /* 0: no such layer */
    size_t classes;   /* 1: a number */
};

static const struct shape shapes[] = {
    {"30-100-1", 30, {100}, 1},
    {"784-128-10", 784, {128}, 10},
    {"30-96-96-3", 30, {96, 96}, 3},
};

const char *const program = "ensemble_speed";

static double processor_seconds(void)
{
    return get_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

/* ---- samples ---- */

/* A linear congruential generator: in [-1, 1). */
static float draw(void)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return (float)(state >> 8) / 8388608.0f - 1.0f;
}

struct rows {
    bp_dataset *dataset;
    float *input; /* count x inputs */
    size_t count;
};

/* Targets follow from a few of the inputs, with noise. */
static struct rows make_rows(const struct shape *shape, size_t count)
{
    struct rows rows = {.count = count};
    const bool classes = shape->classes > 1;
    rows.input = allocate(count * shape->inputs, sizeof *rows.input);
    float *targets = allocate(count, sizeof *targets);
    uint32_t *labels = allocate(count, sizeof *labels);
    for (size_t r = 0; r < count; r++) {
        float *x = rows.input + r * shape->inputs;
        for (size_t i = 0; i < shape->inputs; i++)
            x[i] = draw();
        targets[r] = x[0] * x[1] + x[2] + 0.1f * draw();
        labels[r] = (uint32_t)((targets[r] + 2.1f) / 4.2f * (float)shape->classes);
    }
    bp_arrays arrays = bp_arrays_default();
    arrays.count = count;
    arrays.inputs = shape->inputs;
    arrays.input = rows.input;
    arrays.outputs = classes ? 0 : 1;
    arrays.targets = classes ? NULL : targets;
    arrays.labels = classes ? labels : NULL;
    arrays.classes = classes ? shape->classes : 0;
    bp_error error;
    check(bp_dataset_from_arrays(&rows.dataset, &arrays, &error), &error);
    free(targets);
    free(labels);
    return rows;
}

static void free_rows(struct rows *rows)
{
    bp_dataset_free(rows->dataset);
    free(rows->input);
}

static void take_recipe(const struct shape *shape, bp_model_options *model, bp_train_options *train)
{
    bp_error error;
    *model = bp_model_options_default();
    *train = bp_train_options_default();
    check(bp_preset_apply(BP_PRESET_MODERN, model, train, &error), &error);
    model->hidden_count = shape->hidden[1] ? 2 : 1;
    memcpy(model->hidden, shape->hidden, model->hidden_count * sizeof *model->hidden);
    train->threads = 1;
}

/* ---- figures ---- */

/* What is compared, of each turn. */
struct ratio {
    const char *goal;
    const char *shape;
    const char *unit; /* of the two sides */
    double asked;     /* the ratio is at most this */
    double over[TURNS_MAX], under[TURNS_MAX], value[TURNS_MAX];
};

static void set_turn(struct ratio *ratio, size_t turn, double over, double under)
{
    ratio->over[turn] = over;
    ratio->under[turn] = under;
    ratio->value[turn] = over / under;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value at `share` of the sorted ones: 0 the smallest, 0.5 the median, 1 the largest. */
static double find_quantile(const double *values, size_t count, double share)
{
    double sorted[TURNS_MAX];
    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, compare);
    return sorted[(size_t)(share * (double)(count - 1) + 0.5)];
}

static void print_array(const char *key, const double *values, size_t count, const char *end)
{
    printf("\"%s\": [", key);
    for (size_t k = 0; k < count; k++)
        printf("%s%.6g", k > 0 ? ", " : "", values[k]);
    printf("]%s", end);
}

static void report(const struct settings *settings, const struct ratio *ratio)
{
    static bool first = true;
    const size_t turns = settings->turns;
    if (settings->json) {
        printf("%s\n  {\"shape\": \"%s\", \"goal\": \"%s\", \"asked\": %g, \"unit\": \"%s\", ",
               first ? "" : ",", ratio->shape, ratio->goal, ratio->asked, ratio->unit);
        print_array("over", ratio->over, turns, ", ");
        print_array("under", ratio->under, turns, ", ");
        print_array("ratio", ratio->value, turns, "}");
        first = false;
    } else {
        printf("%-10s  %-42s %9.4g %9.4g %-6s %6.3f %6.3f %6.3f  <= %g\n", ratio->shape,
               ratio->goal, find_quantile(ratio->over, turns, 0.5),
               find_quantile(ratio->under, turns, 0.5), ratio->unit,
               find_quantile(ratio->value, turns, 0.5), find_quantile(ratio->value, turns, 0.0),
               find_quantile(ratio->value, turns, 1.0), ratio->asked);
    }
    fflush(stdout);
}

/* ---- training ---- */

struct cost {
    double wall, processor; /* seconds */
};

static struct cost train_ensemble(const struct shape *shape, const struct rows *rows,
                                  size_t members, size_t threads)
{
    bp_model_options model;
    bp_train_options train;
    take_recipe(shape, &model, &train);
    bp_member_kind kind = bp_member_kind_default();
    kind.model = &model;
    kind.train = &train;
    bp_ensemble_options options = bp_ensemble_options_default();
    options.members = members;
    options.threads = threads;
    bp_ensemble *ensemble;
    bp_error error;
    const double wall = get_seconds(CLOCK_MONOTONIC), processor = processor_seconds();
    check(bp_ensemble_train(&ensemble, rows->dataset, NULL, &kind, 1, &options, &error), &error);
    const struct cost cost = {get_seconds(CLOCK_MONOTONIC) - wall, processor_seconds() - processor};
    bp_ensemble_free(ensemble);
    return cost;
}

struct half {
    const struct shape *shape;
    const struct rows *rows;
};

static void *train_half(void *arg)
{
    const struct half *half = arg;
    train_ensemble(half->shape, half->rows, MEMBERS / 2, 1);
    return NULL;
}

/* Elapsed seconds of two ensembles of half the members, which know nothing of each other: the best
 * that two threads can do on this machine at this moment. */
static double train_halves(const struct shape *shape, const struct rows *rows)
{
    struct half half = {shape, rows};
    pthread_t other;
    const double start = get_seconds(CLOCK_MONOTONIC);
    if (pthread_create(&other, NULL, train_half, &half) != 0)
        stop("no thread can be started");
    train_half(&half);
    pthread_join(other, NULL);
    return get_seconds(CLOCK_MONOTONIC) - start;
}

/* The mean over a few networks of their own. */
static struct cost train_alone(const struct shape *shape, const struct rows *rows)
{
    bp_model_options options;
    bp_train_options train;
    bp_error error;
    take_recipe(shape, &options, &train);
    const double wall = get_seconds(CLOCK_MONOTONIC), processor = processor_seconds();
    for (size_t m = 0; m < ALONE; m++) {
        bp_model *model;
        bp_trainer *trainer;
        bp_train_result result;
        options.seed = train.seed = m + 1;
        check(bp_model_create(&model, rows->dataset, &options, &error), &error);
        check(bp_trainer_create(&trainer, model, rows->dataset, NULL, &train, &error), &error);
        check(bp_trainer_run(trainer, NULL, NULL, &result, &error), &error);
        bp_trainer_free(trainer);
        bp_model_free(model);
    }
    return (struct cost){(get_seconds(CLOCK_MONOTONIC) - wall) / ALONE,
                         (processor_seconds() - processor) / ALONE};
}

static void measure_training(const struct settings *settings)
{
    const struct shape *shape = &shapes[0];
    struct ratio cores = {.goal = "training, two threads / one, elapsed",
                          .shape = shape->name,
                          .unit = "s",
                          .asked = 0.53};
    struct ratio halves = {.goal = "training, two threads / two halves at once",
                           .shape = shape->name,
                           .unit = "s",
                           .asked = 1.06};
    struct ratio many = {.goal = "training, 20 members / one network alone",
                         .shape = shape->name,
                         .unit = "s",
                         .asked = 20.5};
    struct rows rows = make_rows(shape, settings->rows);
    for (size_t turn = 0; turn < settings->turns; turn++) {
        const struct cost alone = train_alone(shape, &rows);
        const struct cost one = train_ensemble(shape, &rows, MEMBERS, 1);
        const struct cost two = train_ensemble(shape, &rows, MEMBERS, 2);
        set_turn(&cores, turn, two.wall, one.wall);
        set_turn(&halves, turn, two.wall, train_halves(shape, &rows));
        set_turn(&many, turn, one.processor, alone.processor);
    }
    free_rows(&rows);
    report(settings, &cores);
    report(settings, &halves);
    report(settings, &many);
}

/* ---- prediction ---- */

struct predictor {
    const bp_model *model;
    bp_workspace *workspace;
};

static struct predictor make_predictor(const bp_model *model)
{
    struct predictor predictor = {.model = model};
    bp_error error;
    check(bp_workspace_create(&predictor.workspace, model, &error), &error);
    return predictor;
}

/* Microseconds a row. */
static double predict_together(const struct predictor *predictor, const struct rows *rows,
                               float *outputs)
{
    bp_run_options options = bp_run_options_default();
    bp_error error;
    options.threads = 1;
    const double start = processor_seconds();
    check(bp_predict(predictor->model, rows->dataset, &options, outputs, &error), &error);
    return 1e6 * (processor_seconds() - start) / (double)rows->count;
}

/* Row by row, each row by all of them in turn: as a caller without an ensemble would. */
static double predict_singly(const struct predictor *predictor, size_t count,
                             const struct rows *rows, const struct shape *shape, float *outputs)
{
    bp_error error;
    const double start = processor_seconds();
    for (size_t r = 0; r < SINGLE_ROWS; r++)
        for (size_t m = 0; m < count; m++)
            check(bp_predict_rows(predictor[m].model, predictor[m].workspace,
                                  rows->input + r * shape->inputs, 1, outputs, &error),
                  &error);
    return 1e6 * (processor_seconds() - start) / SINGLE_ROWS;
}

/* Of networks with their first weights: what they predict takes no other time. */
static bp_model *make_ensemble(const struct shape *shape, const struct rows *rows)
{
    bp_model *member[MEMBERS], *ensemble;
    bp_model_options options;
    bp_train_options train;
    bp_error error;
    take_recipe(shape, &options, &train);
    for (size_t m = 0; m < MEMBERS; m++) {
        options.seed = m + 1;
        check(bp_model_create(&member[m], rows->dataset, &options, &error), &error);
    }
    check(bp_model_combine(&ensemble, member, NULL, MEMBERS, &error), &error);
    return ensemble;
}

static void measure_prediction(const struct settings *settings, const struct shape *shape)
{
    struct ratio together = {.goal = "prediction, rows together / sum of members",
                             .shape = shape->name,
                             .unit = "us/row",
                             .asked = 1.1};
    struct ratio singly = {.goal = "prediction, row by row / sum of members",
                           .shape = shape->name,
                           .unit = "us/row",
                           .asked = 1.1};
    struct rows rows = make_rows(shape, MANY_ROWS);
    float *outputs = allocate(rows.count * shape->classes, sizeof *outputs);
    bp_model *ensemble = make_ensemble(shape, &rows);
    const struct predictor all = make_predictor(ensemble);
    struct predictor alone[MEMBERS];
    for (size_t m = 0; m < MEMBERS; m++)
        alone[m] = make_predictor(bp_model_get_member(ensemble, m));
    predict_together(&all, &rows, outputs);
    for (size_t turn = 0; turn < settings->turns; turn++) {
        double sum = 0.0;
        for (size_t m = 0; m < MEMBERS; m++)
            sum += predict_together(&alone[m], &rows, outputs);
        set_turn(&together, turn, predict_together(&all, &rows, outputs), sum);
        const double in_turn = predict_singly(alone, MEMBERS, &rows, shape, outputs);
        set_turn(&singly, turn, predict_singly(&all, 1, &rows, shape, outputs), in_turn);
    }
    report(settings, &together);
    report(settings, &singly);
    for (size_t m = 0; m < MEMBERS; m++)
        bp_workspace_free(alone[m].workspace);
    bp_workspace_free(all.workspace);
    bp_model_free(ensemble);
    free_rows(&rows);
    free(outputs);
}

static size_t parse_count(const char *option, const char *text, size_t least, size_t most)
{
    char *end;
    const unsigned long value = text ? strtoul(text, &end, 10) : 0;
    if (!text || *end || value < least || value > most) {
        fprintf(stderr, "ensemble_speed: %s needs a number from %zu to %zu\n", option, least, most);
        exit(2);
    }
    return value;
}

static struct settings parse_arguments(int argc, char **argv)
{
    struct settings settings = {.turns = 9, .rows = 2000};
    for (int k = 1; k < argc; k++) {
        if (strcmp(argv[k], "--json") == 0) {
            settings.json = true;
        } else if (strcmp(argv[k], "--turns") == 0) {
            settings.turns = parse_count("--turns", argv[k + 1], 1, TURNS_MAX);
            k++;
        } else if (strcmp(argv[k], "--rows") == 0) {
            settings.rows = parse_count("--rows", argv[k + 1], 10, 1000000);
            k++;
        } else {
            fprintf(stderr, "usage: ensemble_speed [--turns N] [--rows N] [--json]\n");
            exit(strcmp(argv[k], "--help") == 0 ? 0 : 2);
        }
    }
    return settings;
}

int main(int argc, char **argv)
{
    const struct settings settings = parse_arguments(argc, argv);
    if (settings.json)
        printf("{\"schema_version\": 1, \"processors\": %zu, \"ratios\": [",
               bp_usable_processors());
    else
        printf("%-10s  %-42s %9s %9s %-6s %6s %6s %6s  %s\n", "network", "ratio", "over", "under",
               "", "median", "min", "max", "asked");
    measure_training(&settings);
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++)
        measure_prediction(&settings, &shapes[k]);
    if (settings.json)
        printf("\n]}\n");
    return 0;
}
