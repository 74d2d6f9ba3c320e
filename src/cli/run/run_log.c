/* The log of a run: lines of JSON. A run that is cut short leaves the lines of its epochs. */
#include "cli/run/run_log.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "cli/run/run_log_lines.h"
#include "cli/terminal/json_output.h"
#include "cli/terminal/messages.h"

/* Cuts off what is behind the last newline, and goes there: a process that is killed may leave part of a
 * line, which no reader of the whole could get past. */
static bool cut_torn_line(struct run_log *log)
{
    FILE *stream = log->stream;
    off_t end = 0;
    int byte = EOF;
    rewind(stream);
    for (off_t at = 1; (byte = getc(stream)) != EOF; at++) {
        if (byte == '\n')
            end = at;
    }
    log->continued = end > 0;
    return !ferror(stream) && ftruncate(fileno(stream), end) == 0 &&
           fseeko(stream, end, SEEK_SET) == 0;
}

int run_log_open(struct run_log *log, const char *path, bool resumed)
{
    struct stat status;
    *log = (struct run_log){.path = path};
    if (!path)
        return EXIT_DONE;
    const bool appends = resumed && stat(path, &status) == 0 && S_ISREG(status.st_mode);
    log->stream = fopen(path, appends ? "r+" : "w");
    if (!log->stream)
        return message_io("open", path);
    return !appends || cut_torn_line(log) ? EXIT_DONE : message_io("append to", path);
}

/* Writes a line and frees it. */
static bool write_line(struct run_log *log, json_t *line)
{
    if (!line) {
        errno = ENOMEM;
        return false;
    }
    char *text = json_output_text(line, JSON_COMPACT);
    const bool written = text && fputs(text, log->stream) >= 0;
    free(text);
    json_decref(line);
    return written && fputc('\n', log->stream) != EOF && fflush(log->stream) == 0;
}

bool run_log_begin(struct run_log *log, const struct run_log_head *head)
{
    return !log->stream ||
           write_line(log, run_log_line_head(head, log->continued ? "resume" : "start"));
}

bool run_log_write(struct run_log *log, const bp_progress *progress)
{
    return !log->stream || write_line(log, run_log_line_epoch(progress));
}

bool run_log_end(struct run_log *log, const struct run_log_tail *tail)
{
    return !log->stream || write_line(log, run_log_line_tail(tail));
}

int run_log_close(struct run_log *log)
{
    if (!log->stream)
        return EXIT_DONE;
    FILE *stream = log->stream;
    log->stream = NULL;
    return fclose(stream) == 0 ? EXIT_DONE : message_io("write", log->path);
}
