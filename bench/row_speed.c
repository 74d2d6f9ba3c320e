/*
 * What it costs to predict few rows: making a workspace, one row through it, and rows of blocks in
 * several layouts.
 *
 *   row_speed [--turns N]       default 9
 *
 * In each turn everything runs once; figures are medians over the turns. Rows are synthetic.
 */
#include <batchprop/batchprop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "speed.h"

#define TURNS_MAX 100
#define MANY_ROWS 8192

struct shape {
    const char *name;
    size_t inputs, hidden, classes;
};

static const struct shape shapes[] = {
    {"4-8-3", 4, 8, 3}, {"30-100-2", 30, 100, 2}, {"784-128-10", 784, 128, 10}};

const char *const program = "row_speed";

/* A model, and rows of it in three forms. */
struct work {
    const struct shape *shape;
    bp_model *model;
    bp_workspace *workspace;
    float *rows;     /* MANY_ROWS x inputs */
    double *columns; /* inputs x MANY_ROWS */
    double *doubles; /* MANY_ROWS x inputs */
    float *outputs;
};

static void make_work(struct work *work, const struct shape *shape)
{
    const size_t inputs = shape->inputs;
    uint32_t *labels = allocate(MANY_ROWS, sizeof *labels);
    bp_arrays arrays = bp_arrays_default();
    bp_model_options options = bp_model_options_default();
    bp_dataset *dataset;
    bp_error error;
    *work = (struct work){.shape = shape};
    work->rows = allocate(MANY_ROWS * inputs, sizeof *work->rows);
    work->columns = allocate(MANY_ROWS * inputs, sizeof *work->columns);
    work->doubles = allocate(MANY_ROWS * inputs, sizeof *work->doubles);
    work->outputs = allocate(MANY_ROWS * shape->classes, sizeof *work->outputs);
    for (size_t k = 0; k < MANY_ROWS * inputs; k++) {
        work->rows[k] = (float)(k * 2654435761u % 1024) / 64;
        work->doubles[k] = work->columns[k % inputs * MANY_ROWS + k / inputs] =
            (double)work->rows[k];
    }
    for (size_t x = 0; x < MANY_ROWS; x++)
        labels[x] = (uint32_t)(x % shape->classes);
    arrays.count = MANY_ROWS;
    arrays.inputs = inputs;
    arrays.input = work->rows;
    arrays.labels = labels;
    arrays.classes = shape->classes;
    options.hidden[0] = shape->hidden;
    options.activations[0] = BP_ACTIVATION_RELU;
    options.output_activation = BP_ACTIVATION_AUTO;
    options.loss = BP_LOSS_AUTO;
    check(bp_dataset_from_arrays(&dataset, &arrays, &error), &error);
    check(bp_model_create(&work->model, dataset, &options, &error), &error);
    check(bp_workspace_create(&work->workspace, work->model, &error), &error);
    bp_dataset_free(dataset);
    free(labels);
}

static void free_work(struct work *work)
{
    bp_workspace_free(work->workspace);
    bp_model_free(work->model);
    free(work->rows);
    free(work->columns);
    free(work->doubles);
    free(work->outputs);
}

/* ---- what is measured: each does something once ---- */

static void create_workspace(struct work *work)
{
    bp_workspace *workspace;
    bp_error error;
    check(bp_workspace_create(&workspace, work->model, &error), &error);
    bp_workspace_free(workspace);
}

static void create_and_predict(struct work *work)
{
    bp_workspace *workspace;
    bp_error error;
    check(bp_workspace_create(&workspace, work->model, &error), &error);
    check(bp_predict_rows(work->model, workspace, work->rows, 1, work->outputs, &error), &error);
    bp_workspace_free(workspace);
}

static void predict_row(struct work *work)
{
    bp_error error;
    check(bp_predict_rows(work->model, work->workspace, work->rows, 1, work->outputs, &error),
          &error);
}

static void predict_rows(struct work *work)
{
    bp_error error;
    check(
        bp_predict_rows(work->model, work->workspace, work->rows, MANY_ROWS, work->outputs, &error),
        &error);
}

static void predict_block(struct work *work, const bp_column_block *block, size_t rows)
{
    bp_blocks blocks = bp_blocks_default();
    bp_predictions predictions = bp_predictions_default();
    bp_run_options options = bp_run_options_default();
    bp_error error;
    blocks.rows = rows;
    blocks.block = block;
    blocks.count = 1;
    predictions.outputs = work->outputs;
    options.threads = rows > 1;
    check(bp_predict_blocks(work->model, &blocks, &options, &predictions, &error), &error);
}

static bp_column_block make_block(const struct work *work, bp_cell_type type, const void *data)
{
    bp_column_block block = bp_column_block_default();
    block.type = type;
    block.data = data;
    block.columns = work->shape->inputs;
    return block;
}

static void predict_one_block(struct work *work)
{
    const bp_column_block block = make_block(work, BP_CELL_DOUBLE, work->doubles);
    predict_block(work, &block, 1);
}

static void predict_floats(struct work *work)
{
    const bp_column_block block = make_block(work, BP_CELL_FLOAT, work->rows);
    predict_block(work, &block, MANY_ROWS);
}

static void predict_doubles(struct work *work)
{
    const bp_column_block block = make_block(work, BP_CELL_DOUBLE, work->doubles);
    predict_block(work, &block, MANY_ROWS);
}

static void predict_columns(struct work *work)
{
    bp_column_block block = make_block(work, BP_CELL_DOUBLE, work->columns);
    block.row_stride = sizeof(double);
    block.column_stride = MANY_ROWS * sizeof(double);
    predict_block(work, &block, MANY_ROWS);
}

static void predict_dataset(struct work *work)
{
    bp_arrays arrays = bp_arrays_default();
    bp_run_options options = bp_run_options_default();
    bp_dataset *dataset;
    bp_error error;
    arrays.count = MANY_ROWS;
    arrays.inputs = work->shape->inputs;
    arrays.input = work->rows;
    options.threads = 1;
    check(bp_dataset_from_arrays(&dataset, &arrays, &error), &error);
    check(bp_predict(work->model, dataset, &options, work->outputs, &error), &error);
    bp_dataset_free(dataset);
}

struct task {
    const char *name;
    void (*run)(struct work *work);
    size_t times; /* within a turn */
    size_t rows;  /* what the time is divided by */
};

static const struct task tasks[] = {
    {"a workspace", create_workspace, 200, 1},
    {"a workspace for one row", create_and_predict, 200, 1},
    {"one row", predict_row, 2000, 1},
    {"one row, blocks", predict_one_block, 1000, 1},
    {"a row of many", predict_rows, 1, MANY_ROWS},
    {"a row of many, blocks of floats", predict_floats, 1, MANY_ROWS},
    {"a row of many, blocks of doubles", predict_doubles, 1, MANY_ROWS},
    {"a row of many, Fortran order", predict_columns, 1, MANY_ROWS},
    {"a row of many, a dataset of them", predict_dataset, 1, MANY_ROWS},
};

#define TASKS (sizeof tasks / sizeof tasks[0])

static double measure(const struct task *task, struct work *work)
{
    const double begin = get_seconds(CLOCK_MONOTONIC);
    for (size_t k = 0; k < task->times; k++)
        task->run(work);
    return (get_seconds(CLOCK_MONOTONIC) - begin) / (double)(task->times * task->rows);
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(const struct shape *shape, size_t turns)
{
    static double seconds[TASKS][TURNS_MAX];
    struct work work;
    make_work(&work, shape);
    for (size_t turn = 0; turn < turns; turn++)
        for (size_t k = 0; k < TASKS; k++)
            seconds[k][turn] = measure(&tasks[k], &work);
    for (size_t k = 0; k < TASKS; k++) {
        qsort(seconds[k], turns, sizeof seconds[k][0], compare_doubles);
        printf("%-12s %-34s %10.3f us\n", shape->name, tasks[k].name, seconds[k][turns / 2] * 1e6);
    }
    free_work(&work);
}

int main(int argc, char **argv)
{
    size_t turns = 9;
    if (argc == 3 && strcmp(argv[1], "--turns") == 0)
        turns = strtoul(argv[2], NULL, 10);
    else if (argc != 1)
        stop("usage: row_speed [--turns N]");
    if (turns < 1 || turns > TURNS_MAX)
        stop("--turns is 1 to 100");
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++)
        report(&shapes[k], turns);
    return 0;
}
