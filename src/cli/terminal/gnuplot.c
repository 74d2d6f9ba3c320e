/*
 * gnuplot runs without a shell, with files for its standard streams: no pipe can fill up or break.
 * Only what it complains about is read back.
 */
#include "cli/terminal/gnuplot.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"

extern char **environ;

#define PROGRAM "gnuplot"

/* The exit status of a program that posix_spawnp() could not find, where it tells so late. */
#define NOT_FOUND 127

struct streams {
    FILE *in;
    FILE *out;
    FILE *complaints;
};

static bool redirect(posix_spawn_file_actions_t *actions, FILE *stream, int descriptor)
{
    return posix_spawn_file_actions_adddup2(actions, fileno(stream), descriptor) == 0;
}

/* A file that grows over its limit ends gnuplot, which would not notice. Returns 0 or a value of
 * errno. */
static int spawn(pid_t *process, char **argv, const struct streams *streams)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure != 0)
        return failure;
    failure = posix_spawnattr_init(&attributes);
    if (failure == 0) {
        sigemptyset(&defaults);
        sigaddset(&defaults, SIGXFSZ);
        failure = ENOMEM;
        if (redirect(&actions, streams->in, STDIN_FILENO) &&
            redirect(&actions, streams->out, STDOUT_FILENO) &&
            redirect(&actions, streams->complaints, STDERR_FILENO) &&
            posix_spawnattr_setsigdefault(&attributes, &defaults) == 0 &&
            posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF) == 0)
            failure = posix_spawnp(process, PROGRAM, &actions, &attributes, argv, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/* Waits for the end of gnuplot, started with `argument` or none. Returns its exit status, NOT_FOUND
 * if there is no such program, or -1 with errno set. */
static int run(char *argument, const struct streams *streams)
{
    char program[] = PROGRAM;
    char *argv[] = {program, argument, NULL};
    pid_t process = 0;
    int status = 0;
    const int failure = spawn(&process, argv, streams);
    if (failure == ENOENT)
        return NOT_FOUND;
    if (failure != 0) {
        errno = failure;
        return -1;
    }
    while (waitpid(process, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int report_missing(const char *what)
{
    return message_failure(EXIT_FAILED,
                           "%s: " PROGRAM " was not found; install it (Debian: gnuplot-nox)", what);
}

/* Answers `status` of run(), with what gnuplot wrote to `complaints`. */
static int report_status(int status, FILE *complaints)
{
    char line[256], reason[256] = "";
    if (status == 0)
        return EXIT_DONE;
    if (status < 0)
        return message_io("run", PROGRAM);
    if (status == NOT_FOUND)
        return report_missing("the plot");
    /* The command comes first, then a mark below its wrong place, then what is wrong. */
    rewind(complaints);
    while (fgets(line, sizeof line, complaints)) {
        const char *text = line + strspn(line, " \t\n");
        if (text[0])
            snprintf(reason, sizeof reason, "%.*s", (int)strcspn(text, "\n"), text);
    }
    return message_failure(EXIT_FAILED, PROGRAM " failed%s%s", reason[0] ? ": " : "", reason);
}

int gnuplot_check(const char *option)
{
    char version[] = "--version";
    FILE *null = tmpfile();
    if (!null)
        return message_io("create", "a temporary file");
    const struct streams streams = {null, null, null};
    const int status = run(version, &streams);
    int code = status == NOT_FOUND ? report_missing(option) : report_status(status, null);
    fclose(null);
    return code;
}

int gnuplot_begin(struct gnuplot *plot)
{
    *plot = (struct gnuplot){tmpfile(), tmpfile()};
    if (plot->script && plot->picture)
        return EXIT_DONE;
    const int code = message_io("create", "a temporary file");
    gnuplot_end(plot);
    return code;
}

int gnuplot_draw(struct gnuplot *plot)
{
    char defaults[] = "--default-settings";
    FILE *complaints = tmpfile();
    if (!complaints || fflush(plot->script) != 0 || fseek(plot->script, 0, SEEK_SET) != 0) {
        const int code = message_io("write", "a temporary file");
        if (complaints)
            fclose(complaints);
        return code;
    }
    const struct streams streams = {plot->script, plot->picture, complaints};
    int code = report_status(run(defaults, &streams), complaints);
    fclose(complaints);
    rewind(plot->picture);
    return code;
}

void gnuplot_end(struct gnuplot *plot)
{
    if (plot->script)
        fclose(plot->script);
    if (plot->picture)
        fclose(plot->picture);
}

static int copy_picture(FILE *picture, const char *path)
{
    struct output output;
    int code = output_open(&output, path);
    for (int byte; code == EXIT_DONE && (byte = getc(picture)) != EOF;)
        putc(byte, output.stream);
    if (code == EXIT_DONE && ferror(picture))
        code = message_io("read", "a temporary file");
    return output_close(&output, code);
}

/* gnuplot does not tell whether its picture could be written: so it gets a file of its own. */
int gnuplot_finish(struct gnuplot *plot, const char *path)
{
    int code = gnuplot_draw(plot);
    if (code == EXIT_DONE)
        code = copy_picture(plot->picture, path);
    gnuplot_end(plot);
    return code;
}
