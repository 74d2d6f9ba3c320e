/* The log of a run: lines of JSON. A run that is cut short leaves the lines of its epochs. */
#include "run_log.h"

#include <errno.h>

#include "json_output.h"
#include "report.h"

int run_log_open(struct run_log *log, const char *path)
{
    *log = (struct run_log){.path = path};
    if (!path)
        return EXIT_DONE;
    log->stream = fopen(path, "w");
    return log->stream ? EXIT_DONE : report_io("open", path);
}

bool run_log_write(struct run_log *log, const bp_progress *progress, double learning_rate)
{
    if (!log->stream)
        return true;
    struct json_output json = json_output_begin();
    json_output_add(&json, "epoch", json_output_whole(progress->epoch));
    json_output_add(&json, "train_loss", json_output_real(progress->train_loss));
    json_output_add(&json, "valid_loss", json_output_real(progress->valid_loss));
    json_output_add(&json, "learning_rate", json_output_real(learning_rate));
    json_output_add(&json, "samples_per_second", json_output_real(progress->samples_per_second));
    json_output_add(&json, "seconds", json_output_real(progress->seconds));
    json_t *line = json_output_take(&json);
    if (!line) {
        errno = ENOMEM;
        return false;
    }
    bool written = json_dumpf(line, log->stream, JSON_COMPACT) == 0;
    json_decref(line);
    return written && fputc('\n', log->stream) != EOF && fflush(log->stream) == 0;
}

int run_log_close(struct run_log *log)
{
    if (!log->stream)
        return EXIT_DONE;
    FILE *stream = log->stream;
    log->stream = NULL;
    return fclose(stream) == 0 ? EXIT_DONE : report_io("write", log->path);
}
