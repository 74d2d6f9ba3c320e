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

#include "cli/run/event_bytes.h"
#include "cli/terminal/messages.h"

/* Files that one process may begin in a folder in one second. */
#define ATTEMPTS 1000

#define HOST_SIZE 256

struct tensorboard {
    char *path;
    FILE *stream;
    bool begun; /* an epoch was written */
};

static double tell_time(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bool write_event(struct tensorboard *board, const struct event *event)
{
    unsigned char head[EVENT_HEAD_SIZE], tail[EVENT_TAIL_SIZE];
    event_frame(event, head, tail);
    return fwrite(head, sizeof head, 1, board->stream) == 1 &&
           fwrite(event->bytes, event->size, 1, board->stream) == 1 &&
           fwrite(tail, sizeof tail, 1, board->stream) == 1;
}

static void free_board(struct tensorboard *board)
{
    if (!board)
        return;
    if (board->stream)
        fclose(board->stream);
    free(board->path);
    free(board);
}

/* The name that TensorBoard looks for: events.out.tfevents.SECONDS.HOST.PROCESS.NUMBER; its files are
 * read in the order of their names. */
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
        if (descriptor < 0 && errno != EEXIST)
            break;
    }
    board->stream = descriptor >= 0 ? fdopen(descriptor, "wb") : NULL;
    if (board->stream)
        return EXIT_DONE;
    const int code = message_io("create", board->path);
    if (descriptor >= 0)
        close(descriptor);
    return code;
}

int tensorboard_open(struct tensorboard **out, const char *folder)
{
    struct event event;
    *out = NULL;
    if (!folder)
        return EXIT_DONE;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return message_io("make the folder", folder);
    struct tensorboard *board = calloc(1, sizeof *board);
    int code = board ? create_file(board, folder) : message_no_memory();
    if (code == EXIT_DONE) {
        event_begin(&event, tell_time(), 0);
        event_put_version(&event);
        if (!write_event(board, &event) || fflush(board->stream) != 0)
            code = message_io("write", board->path);
    }
    if (code != EXIT_DONE) {
        free_board(board);
        return code;
    }
    *out = board;
    return EXIT_DONE;
}

static bool write_restart(struct tensorboard *board, const bp_progress *progress)
{
    struct event event;
    const bool restarts = !board->begun && progress->epoch > 1;
    board->begun = true;
    if (!restarts)
        return true;
    event_begin(&event, tell_time(), progress->epoch);
    event_put_restart(&event);
    return write_event(board, &event);
}

/* A figure that is not there is left out. */
static bool write_scalar(struct tensorboard *board, const bp_progress *progress, const char *tag,
                         double value)
{
    struct event event;
    if (isnan(value))
        return true;
    event_begin(&event, tell_time(), progress->epoch);
    event_put_scalar(&event, tag, (float)value);
    return write_event(board, &event);
}

static bool write_metrics(struct tensorboard *board, const bp_progress *progress)
{
    const char *name;
    bool written = true;
    for (int m = BP_METRIC_LOSS + 1; (name = bp_choice_name(BP_CHOICE_METRIC, m)) != NULL; m++) {
        char tag[EVENT_TAG_MAX];
        snprintf(tag, sizeof tag, "valid/%s", name);
        written = written &&
                  write_scalar(board, progress, tag, bp_metrics_get(progress->valid, (bp_metric)m));
    }
    return written;
}

bool tensorboard_write(struct tensorboard *board, const bp_progress *progress)
{
    return !board ||
           (write_restart(board, progress) &&
            write_scalar(board, progress, "train/loss", progress->train_loss) &&
            write_scalar(board, progress, "valid/loss", progress->valid_loss) &&
            (!progress->valid || write_metrics(board, progress)) &&
            write_scalar(board, progress, "learning_rate", progress->learning_rate) &&
            write_scalar(board, progress, "samples_per_second", progress->samples_per_second) &&
            fflush(board->stream) == 0);
}

int tensorboard_close(struct tensorboard *board)
{
    int code = EXIT_DONE;
    if (!board)
        return code;
    FILE *stream = board->stream;
    board->stream = NULL;
    if (fclose(stream) != 0)
        code = message_io("write", board->path);
    free_board(board);
    return code;
}
