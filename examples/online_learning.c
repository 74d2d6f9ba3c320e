/*
 * Learns from a stream, batch by batch: points whose class depends on a line that turns while they
 * come. Each batch is predicted first and learned afterwards, so that the accuracy printed is that
 * of points not seen before. Ctrl-C ends it after a batch. In the end some epochs on the last
 * points make the most of these.
 */
#include <batchprop/batchprop.h>

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { INPUTS = 2, ROWS = 16, BATCHES = 4000, PARTS = 4, LAST = 512, EPOCHS = 5 };

/* What a signal handler may use. */
static bp_stop *stop;

static void request_stop(int signal)
{
    (void)signal;
    bp_stop_request(stop);
}

/* The next number of a linear congruential generator (Knuth's MMIX), between -1 and 1. */
static float draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (float)(*state >> 40) / (float)(1 << 23) - 1.0f;
}

/* One batch of the stream, or several. */
struct rows {
    size_t count;
    float point[LAST][INPUTS];
    int32_t class[LAST];
};

/* The line goes from the second axis to the first one while `share` goes from 0 to 1. */
static void draw_rows(struct rows *rows, uint64_t *state, float share)
{
    for (size_t x = 0; x < rows->count; x++) {
        rows->point[x][0] = draw(state);
        rows->point[x][1] = draw(state);
        rows->class[x] = (1.0f - share) * rows->point[x][0] + share * rows->point[x][1] > 0.0f;
    }
}

/* A dataset that keeps the points where they are. */
static bp_status create_dataset(bp_dataset **dataset, const struct rows *rows, bp_error *error)
{
    bp_column_block block[2] = {bp_column_block_default(), bp_column_block_default()};
    bp_blocks blocks = bp_blocks_default();

    block[0].data = rows->point;
    block[0].columns = INPUTS;
    block[1].role = BP_ROLE_TARGET;
    block[1].type = BP_CELL_CODE;
    block[1].data = rows->class;
    block[1].category_count = 2;
    block[1].all_categories = true; /* also where the first rows are all of one class */
    blocks.rows = rows->count;
    blocks.block = block;
    blocks.count = 2;
    blocks.keep = true;
    return bp_dataset_from_blocks(dataset, &blocks, error);
}

/* How many points get their class. */
static bp_status test(const bp_model *model, bp_workspace *workspace, const struct rows *rows,
                      size_t *right, bp_error *error)
{
    float outputs[ROWS][2];
    bp_status status = bp_predict_rows(model, workspace, rows->point[0], ROWS, outputs[0], error);

    for (size_t x = 0; x < ROWS && status == BP_OK; x++) {
        *right += bp_model_decide(model, outputs[x]) == (size_t)rows->class[x];
    }
    return status;
}

static bp_status learn(bp_trainer *trainer, const struct rows *rows, bp_error *error)
{
    bp_dataset *batch;
    bp_status status = create_dataset(&batch, rows, error);

    if (status == BP_OK) {
        status = bp_trainer_update(trainer, batch, 0.0f, NULL, error);
        bp_dataset_free(batch);
    }
    return status;
}

/* Fails also if the last part is not learned: this program is one of the project's tests. */
static bp_status follow(bp_trainer *trainer, const bp_model *model, bp_workspace *workspace,
                        uint64_t *state, bp_error *error)
{
    bp_status status = BP_OK;
    size_t right = 0;

    for (size_t k = 1; k <= BATCHES && status == BP_OK && !bp_stop_requested(stop); k++) {
        struct rows rows = {.count = ROWS};

        draw_rows(&rows, state, (float)k / BATCHES);
        status = test(model, workspace, &rows, &right, error);
        if (status == BP_OK) {
            status = learn(trainer, &rows, error);
        }
        if (k % (BATCHES / PARTS) == 0) {
            const double accuracy = (double)right / (ROWS * BATCHES / PARTS);

            printf("batch %4zu  accuracy %.3f\n", k, accuracy);
            if (accuracy < 0.9) {
                *error = (bp_error){BP_ERROR_INTERNAL, "the network does not follow the stream"};
                status = error->status;
            }
            right = 0;
        }
    }
    return status;
}

/* Epochs on other rows, from the state that the updates left. */
static bp_status refine(bp_trainer *trainer, const bp_dataset *last, bp_error *error)
{
    bp_train_result result;
    bp_status status = bp_trainer_set_data(trainer, last, error);

    if (status == BP_OK) {
        status = bp_trainer_set_epochs(trainer, EPOCHS, error);
    }
    if (status == BP_OK) {
        status = bp_trainer_run(trainer, NULL, NULL, &result, error);
    }
    if (status == BP_OK) {
        printf("%zu epochs on the last %zu points: loss %.4f\n", result.epochs, result.samples,
               result.train_loss);
    }
    return status;
}

static bp_status run(bp_error *error)
{
    struct rows first = {.count = ROWS}, last = {.count = LAST};
    uint64_t state = 1;
    bp_dataset *dataset = NULL, *recent = NULL;
    bp_model *model = NULL;
    bp_trainer *trainer = NULL;
    bp_workspace *workspace = NULL;
    bp_model_options shape = bp_model_options_default();
    bp_train_options options = bp_train_options_default();
    bp_status status;

    /* The scale of inputs is known here; it would be that of the first few rows. */
    shape.scale = BP_SCALE_NONE;
    shape.hidden[0] = 8;
    options.optimizer = BP_OPTIMIZER_ADAM;
    options.threads = 1;
    options.stop = stop;
    draw_rows(&first, &state, 0.0f);
    draw_rows(&last, &state, 1.0f);
    status = create_dataset(&dataset, &first, error);
    if (status == BP_OK) {
        status = bp_model_create(&model, dataset, &shape, error);
    }
    if (status == BP_OK) {
        status = bp_trainer_create(&trainer, model, dataset, NULL, &options, error);
    }
    if (status == BP_OK) {
        status = bp_workspace_create(&workspace, model, error);
    }
    if (status == BP_OK) {
        status = follow(trainer, model, workspace, &state, error);
    }
    if (status == BP_OK) {
        status = create_dataset(&recent, &last, error);
    }
    if (status == BP_OK) {
        status = refine(trainer, recent, error);
    }
    bp_workspace_free(workspace);
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(recent);
    bp_dataset_free(dataset);
    return status == BP_STOPPED ? BP_OK : status;
}

int main(void)
{
    bp_error error;
    bp_status status = bp_stop_create(&stop, &error);

    if (status == BP_OK) {
        signal(SIGINT, request_stop);
        status = run(&error);
        signal(SIGINT, SIG_DFL);
    }
    if (status != BP_OK) {
        fprintf(stderr, "online_learning: %s\n", error.message);
    }
    bp_stop_free(stop);
    return status == BP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
