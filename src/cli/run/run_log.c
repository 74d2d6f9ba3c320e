/* The log of a run: lines of JSON. A run that is cut short leaves the lines of its epochs. */
#include "cli/run/run_log.h"

#include <stdlib.h>
#include <string.h>

#include "cli/fields/json_output.h"
#include "cli/run/run_log_lines.h"
#include "cli/terminal/messages.h"

int run_log_open(struct run_log *log, const char *path, bool resumed)
{
    *log = (struct run_log){0};
    if (!path ||
        bp_file_open(&log->file, path, resumed ? &log->continued : NULL, &log->error) == BP_OK)
        return EXIT_DONE;
    return message_error(&log->error);
}

/* After a line that is missing none is written: what is there is the beginning of the log. */
bool run_log_put(struct run_log *log, json_t *line)
{
    if (log->error.status != BP_OK) {
        json_decref(line);
        return false;
    }
    char *text = line ? json_output_text(line, JSON_COMPACT) : NULL;
    bp_status status = text ? bp_file_write(log->file, text, strlen(text), &log->error)
                            : bp_fail_memory(&log->error, "a line of the log");
    if (status == BP_OK)
        status = bp_file_write(log->file, "\n", 1, &log->error);
    if (status == BP_OK)
        status = bp_file_flush(log->file, &log->error);
    free(text);
    json_decref(line);
    return status == BP_OK;
}

bool run_log_begin(struct run_log *log, const struct run_log_head *head)
{
    return !log->file ||
           run_log_put(log, run_log_line_head(head, log->continued ? "resume" : "start"));
}

bool run_log_write(struct run_log *log, const bp_progress *progress)
{
    return !log->file || run_log_put(log, run_log_line_epoch(progress));
}

bool run_log_end(struct run_log *log, const struct run_log_tail *tail)
{
    return !log->file || run_log_put(log, run_log_line_tail(tail));
}

int run_log_close(struct run_log *log)
{
    struct bp_file *file = log->file;
    log->file = NULL;
    if (log->error.status != BP_OK) {
        bp_file_abandon(file);
        return EXIT_DONE;
    }
    if (!file || bp_file_commit(file, &log->error) == BP_OK)
        return EXIT_DONE;
    return message_error(&log->error);
}
