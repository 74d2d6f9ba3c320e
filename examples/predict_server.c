/*
 * A prediction server: threads that share one model, each with a workspace of its own, answer
 * requests from a queue. The requests are rows of the iris table, whose path is the argument, asked
 * one by one; the answers are compared with those for the whole table.
 */
#include <batchprop/batchprop.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERVERS = 3, INPUTS = 4, CLASSES = 3, ROWS = 150, QUEUE = 16 };

/* A row that somebody wants to be predicted. */
struct request {
    float input[INPUTS];
    float output[CLASSES]; /* filled by a server */
};

/* Requests wait in a ring; `mutex` guards all members. */
struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct request *waiting[QUEUE];
    size_t begin, count; /* of those that wait */
    size_t answered;
    bool closed;
    bool failed;
};

struct server {
    const bp_model *model; /* shared: nobody changes it */
    struct queue *queue;
};

/* The next request; NULL: the queue is closed and empty. */
static struct request *take_request(struct queue *queue)
{
    struct request *request = NULL;

    pthread_mutex_lock(&queue->mutex);
    while (queue->count == 0 && !queue->closed) {
        pthread_cond_wait(&queue->changed, &queue->mutex);
    }
    if (queue->count > 0) {
        request = queue->waiting[queue->begin];
        queue->begin = (queue->begin + 1) % QUEUE;
        queue->count--;
        pthread_cond_broadcast(&queue->changed);
    }
    pthread_mutex_unlock(&queue->mutex);
    return request;
}

static void put_request(struct queue *queue, struct request *request)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->count == QUEUE) {
        pthread_cond_wait(&queue->changed, &queue->mutex);
    }
    queue->waiting[(queue->begin + queue->count) % QUEUE] = request;
    queue->count++;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->mutex);
}

static void note_answer(struct queue *queue, bp_status status)
{
    pthread_mutex_lock(&queue->mutex);
    queue->answered++;
    queue->failed |= status != BP_OK;
    pthread_mutex_unlock(&queue->mutex);
}

static void close_queue(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->closed = true;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->mutex);
}

/* A workspace is for one thread at a time; one that is kept makes a row cost no allocation. */
static void *serve(void *arg)
{
    const struct server *server = arg;
    bp_workspace *workspace;
    bp_error error;
    bp_status status = bp_workspace_create(&workspace, server->model, &error);

    for (struct request *request; (request = take_request(server->queue));) {
        if (status == BP_OK) {
            status = bp_predict_rows(server->model, workspace, request->input, 1, request->output,
                                     &error);
        }
        note_answer(server->queue, status);
    }
    if (status != BP_OK) {
        fprintf(stderr, "predict_server: %s\n", error.message);
    }
    bp_workspace_free(workspace);
    return NULL;
}

static void run_servers(const bp_model *model, struct request *request, struct queue *queue)
{
    pthread_t thread[SERVERS];
    struct server server = {model, queue};
    size_t started = 0;

    while (started < SERVERS && pthread_create(&thread[started], NULL, serve, &server) == 0) {
        started++;
    }
    for (size_t x = 0; started > 0 && x < ROWS; x++) {
        put_request(queue, &request[x]);
    }
    close_queue(queue);
    for (size_t t = 0; t < started; t++) {
        pthread_join(thread[t], NULL);
    }
}

/* A model of the table, trained for a moment. */
static bp_status make_model(bp_model **model, const bp_dataset *dataset, bp_error *error)
{
    bp_train_options options = bp_train_options_default();
    bp_trainer *trainer = NULL;
    bp_status status = bp_model_create(model, dataset, NULL, error);

    options.epochs = 20;
    if (status == BP_OK) {
        status = bp_trainer_create(&trainer, *model, dataset, NULL, &options, error);
    }
    if (status == BP_OK) {
        status = bp_trainer_run(trainer, NULL, NULL, NULL, error);
    }
    bp_trainer_free(trainer);
    return status;
}

/* The numbers of the table, which has been read once as a dataset. */
static bool read_rows(const char *path, struct request *request)
{
    char line[256];
    FILE *file = fopen(path, "r");
    size_t rows = 0;

    if (!file) {
        return false;
    }
    while (rows < ROWS && fgets(line, sizeof line, file)) {
        float *input = request[rows].input;

        rows += sscanf(line, "%f,%f,%f,%f", input, input + 1, input + 2, input + 3) == INPUTS;
    }
    fclose(file);
    return rows == ROWS;
}

static bool answers_are_right(const struct queue *queue, const struct request *request,
                              const float *expected)
{
    if (queue->answered != ROWS || queue->failed) {
        return false;
    }
    for (size_t x = 0; x < ROWS; x++) {
        if (memcmp(request[x].output, expected + x * CLASSES, sizeof request[x].output) != 0) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    static struct request request[ROWS];
    static float expected[ROWS * CLASSES];
    struct queue queue = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    bp_dataset *dataset = NULL;
    bp_model *model = NULL;
    bp_error error = {BP_ERROR_ARGUMENT, "give the path of iris.csv"};
    bp_status status = BP_ERROR_ARGUMENT;

    if (argc == 2) {
        status = bp_dataset_read(&dataset, argv[1], NULL, &error);
    }
    if (status == BP_OK) {
        status = make_model(&model, dataset, &error);
    }
    if (status == BP_OK) {
        status = bp_predict(model, dataset, NULL, expected, &error);
    }
    if (status == BP_OK && !read_rows(argv[1], request)) {
        error = (bp_error){BP_ERROR_INPUT, "the table has not 150 rows of four numbers"};
        status = error.status;
    }
    if (status == BP_OK) {
        run_servers(model, request, &queue);
        if (!answers_are_right(&queue, request, expected)) {
            error = (bp_error){BP_ERROR_INTERNAL, "the answers are not those for the table"};
            status = error.status;
        }
    }
    if (status == BP_OK) {
        printf("%zu rows answered by %d threads, as for the whole table\n", queue.answered,
               (int)SERVERS);
    } else {
        fprintf(stderr, "predict_server: %s\n", error.message);
    }
    bp_model_free(model);
    bp_dataset_free(dataset);
    return status == BP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
