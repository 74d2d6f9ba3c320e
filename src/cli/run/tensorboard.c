/* One event for each scalar, as TensorBoard's own writers do; a record is written as a whole. */
#include "cli/run/tensorboard.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/files/file.h"
#include "cli/run/event_bytes.h"
#include "cli/terminal/messages.h"

/* Files that one process may begin in a folder in one second. */
#define ATTEMPTS 1000

#define HOST_SIZE 256

struct tensorboard {
    char *path;
    struct bp_file *file;
    bool begun;  /* an epoch was written */
    bool failed; /* something could not be written */
};

static double now_in_seconds(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bp_status write_event(struct tensorboard *board, const struct event *event, bp_error *error)
{
    unsigned char head[EVENT_HEAD_SIZE], tail[EVENT_TAIL_SIZE];
    event_frame(event, head, tail);
    bp_status status = bp_file_write(board->file, head, sizeof head, error);
    if (status == BP_OK)
        status = bp_file_write(board->file, event->bytes, event->size, error);
    return status == BP_OK ? bp_file_write(board->file, tail, sizeof tail, error) : status;
}

static void free_board(struct tensorboard *board)
{
    if (!board)
        return;
    bp_file_abandon(board->file);
    free(board->path);
    free(board);
}

static int fail(const char *verb, const char *path)
{
    return message_failure(EXIT_IO, "--tensorboard: cannot %s %s: %s", verb, path, strerror(errno));
}

static int make_folder(const char *folder)
{
    struct stat status;
    if (mkdir(folder, 0777) == 0)
        return EXIT_DONE;
    if (errno != EEXIST)
        return fail("make the folder", folder);
    if (stat(folder, &status) == 0 && S_ISDIR(status.st_mode))
        return EXIT_DONE;
    errno = ENOTDIR;
    return fail("open the folder", folder);
}

/* The name that TensorBoard looks for: events.out.tfevents.SECONDS.HOST.PROCESS.NUMBER; its files
 * are read in the order of their names. */
static int create_file(struct tensorboard *board, const char *folder)
{
    char host[HOST_SIZE] = "localhost";
    if (gethostname(host, sizeof host) == 0)
        host[sizeof host - 1] = '\0';
    for (char *slash = host; (slash = strchr(slash, '/')) != NULL;)
        *slash = '-';
    const size_t size = strlen(folder) + HOST_SIZE + 100;
    board->path = malloc(size);
    if (!board->path)
        return message_no_memory();
    int descriptor = -1;
    for (int number = 0; descriptor < 0 && number < ATTEMPTS; number++) {
        snprintf(board->path, size, "%s/events.out.tfevents.%010lld.%s.%ld.%d", folder,
                 (long long)time(NULL), host, (long)getpid(), number);
        descriptor = open(board->path, O_WRONLY | O_CREAT | O_EXCL, 0666);
        if (descriptor < 0 && errno != EEXIST && errno != EINTR)
            break;
    }
    if (descriptor < 0)
        return fail("create", board->path);
    close(descriptor);
    bp_error error;
    return bp_file_open(&board->file, board->path, NULL, &error) == BP_OK ? EXIT_DONE
                                                                          : message_error(&error);
}

int tensorboard_open(struct tensorboard **out, const char *folder)
{
    struct event event;
    bp_error error;
    *out = NULL;
    if (!folder)
        return EXIT_DONE;
    int code = make_folder(folder);
    if (code != EXIT_DONE)
        return code;
    struct tensorboard *board = calloc(1, sizeof *board);
    code = board ? create_file(board, folder) : message_no_memory();
    if (code == EXIT_DONE) {
        event_begin(&event, now_in_seconds(), 0);
        event_put_version(&event);
        if (write_event(board, &event, &error) != BP_OK ||
            bp_file_flush(board->file, &error) != BP_OK)
            code = message_error(&error);
    }
    if (code != EXIT_DONE) {
        free_board(board);
        return code;
    }
    *out = board;
    return EXIT_DONE;
}

static bp_status write_restart(struct tensorboard *board, const bp_progress *progress,
                               bp_error *error)
{
    struct event event;
    const bool restarts = !board->begun && progress->epoch > 1;
    board->begun = true;
    if (!restarts)
        return BP_OK;
    event_begin(&event, now_in_seconds(), progress->epoch);
    event_put_restart(&event);
    return write_event(board, &event, error);
}

/* A figure that is not there is left out. */
static bp_status write_scalar(struct tensorboard *board, size_t epoch, const char *tag,
                              double value, bp_error *error)
{
    struct event event;
    if (isnan(value))
        return BP_OK;
    event_begin(&event, now_in_seconds(), epoch);
    event_put_scalar(&event, tag, (float)value);
    return write_event(board, &event, error);
}

/* From metric `first` on. */
static bp_status write_metrics(struct tensorboard *board, const char *prefix, size_t step,
                               const bp_metrics *metrics, int first, bp_error *error)
{
    const char *name;
    bp_status status = BP_OK;
    for (int m = first; (name = bp_choice_name(BP_CHOICE_METRIC, m)) != NULL; m++) {
        char tag[EVENT_TAG_MAX];
        snprintf(tag, sizeof tag, "%s/%s", prefix, name);
        if (status == BP_OK)
            status = write_scalar(board, step, tag, bp_metrics_get(metrics, (bp_metric)m), error);
    }
    return status;
}

bp_status tensorboard_write_metrics(struct tensorboard *board, const char *prefix, size_t step,
                                    const bp_metrics *metrics, bp_error *error)
{
    if (!board || !metrics)
        return BP_OK;
    bp_status status = write_metrics(board, prefix, step, metrics, BP_METRIC_LOSS, error);
    if (status == BP_OK)
        status = bp_file_flush(board->file, error);
    board->failed = board->failed || status != BP_OK;
    return status;
}

bp_status tensorboard_write(struct tensorboard *board, const bp_progress *progress, bp_error *error)
{
    if (!board)
        return BP_OK;
    const struct {
        const char *tag;
        double value;
    } scalars[] = {{"train/loss", progress->train_loss},
                   {"valid/loss", progress->valid_loss},
                   {"best_epoch", progress->best_epoch > 0 ? (double)progress->best_epoch : NAN},
                   {"learning_rate", progress->learning_rate},
                   {"samples_per_second", progress->samples_per_second}};
    bp_status status = BP_OK;
    if (progress->refit) {
        status = write_scalar(board, progress->epoch, "refit/loss", progress->train_loss, error);
        if (status == BP_OK)
            status = bp_file_flush(board->file, error);
        board->begun = true;
        board->failed = status != BP_OK;
        return status;
    }
    status = write_restart(board, progress, error);
    for (size_t k = 0; k < sizeof scalars / sizeof scalars[0] && status == BP_OK; k++)
        status = write_scalar(board, progress->epoch, scalars[k].tag, scalars[k].value, error);
    if (status == BP_OK && progress->valid)
        status = write_metrics(board, "valid", progress->epoch, progress->valid, BP_METRIC_LOSS + 1,
                               error);
    if (status == BP_OK)
        status = bp_file_flush(board->file, error);
    board->failed = status != BP_OK;
    return status;
}

int tensorboard_close(struct tensorboard *board)
{
    bp_error error;
    bp_status status = BP_OK;
    if (board && !board->failed) {
        status = bp_file_commit(board->file, &error);
        board->file = NULL;
    }
    free_board(board);
    return status == BP_OK ? EXIT_DONE : message_error(&error);
}
