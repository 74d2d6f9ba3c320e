/* Runs the command that was built. Output goes through files, so that no pipe can fill up. */
#include "support/command.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#define ARGUMENTS_MAX 128

static char *read_all(FILE *stream)
{
    cr_assert_eq(fseek(stream, 0, SEEK_END), 0);
    long length = ftell(stream);
    cr_assert(length >= 0);
    rewind(stream);
    char *text = malloc((size_t)length + 1);
    cr_assert_not_null(text);
    cr_assert_eq(fread(text, 1, (size_t)length, stream), (size_t)length);
    text[length] = '\0';
    cr_assert_eq(fclose(stream), 0);
    return text;
}

/* In the child: puts the descriptors in place and becomes the command. No signal is ignored, as
 * some are under nohup and in the background of a shell. */
static void become_command(const char *const *arguments, int out, int err)
{
    static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE};
    const char *path = getenv("BATCHPROP_COMMAND");
    char *argv[ARGUMENTS_MAX] = {"batchprop"};
    size_t count = 1;
    for (size_t i = 0; arguments[i] && count + 1 < ARGUMENTS_MAX; i++)
        argv[count++] = (char *)(size_t)arguments[i];
    int input = open("/dev/null", O_RDONLY);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], SIG_DFL);
    if (path && input >= 0 && dup2(input, 0) == 0 && dup2(out, 1) == 1 && dup2(err, 2) == 2)
        execv(path, argv);
    _exit(127);
}

struct command command_start_to(const char *const *arguments, const char *out_path, int err)
{
    cr_assert_not_null(getenv("BATCHPROP_COMMAND"), "run this suite through meson test");
    struct command command = {0};
    for (size_t k = 0; k < 2; k++)
        cr_assert_not_null(command.files[k] = tmpfile());
    int out = out_path ? open(out_path, O_WRONLY) : fileno(command.files[0]);
    cr_assert(out >= 0);
    fflush(NULL);
    command.process = fork();
    cr_assert(command.process >= 0);
    if (command.process == 0)
        become_command(arguments, out, err >= 0 ? err : fileno(command.files[1]));
    if (out_path)
        cr_assert_eq(close(out), 0);
    return command;
}

struct command command_start(const char *const *arguments)
{
    return command_start_to(arguments, NULL, -1);
}

void command_wait(struct command *command)
{
    int status;
    cr_assert_eq(waitpid(command->process, &status, 0), command->process);
    command->code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    command->out = read_all(command->files[0]);
    command->err = read_all(command->files[1]);
}

struct command command_run(const char *const *arguments)
{
    struct command command = command_start(arguments);
    command_wait(&command);
    return command;
}

void command_free(struct command *command)
{
    free(command->out);
    free(command->err);
}

void command_expect_failure(struct command command, int code, const char *message)
{
    cr_assert_eq(command.code, code, "exit code %d, not %d; stderr: %s", command.code, code,
                 command.err);
    cr_assert_str_empty(command.out);
    cr_assert_not_null(strstr(command.err, message), "\"%s\" is not in: %s", message, command.err);
    cr_assert_eq(strncmp(command.err, "batchprop: ", 11), 0, "%s", command.err);
    command_free(&command);
}

void command_expect_success(const struct command *command)
{
    cr_assert_eq(command->code, 0, "exit code %d; stderr: %s", command->code, command->err);
    cr_assert_str_empty(command->err);
}

json_t *command_json(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    cr_assert_not_null(json, "%s in: %s", error.text, text);
    cr_assert(json_is_object(json));
    return json;
}

void json_expect_keys(const json_t *object, const char *keys)
{
    size_t count = 0;
    for (const char *key = keys; *key; count++) {
        char name[64];
        size_t length = strcspn(key, " ");
        cr_assert(length < sizeof name);
        memcpy(name, key, length);
        name[length] = '\0';
        cr_assert_not_null(json_object_get(object, name), "there is no key %s", name);
        key += length + strspn(key + length, " ");
    }
    cr_assert_eq(json_object_size(object), count, "there are other keys than %s", keys);
}

char *source_path(const char *name)
{
    const char *root = getenv("BATCHPROP_SOURCE");
    cr_assert_not_null(root, "run this suite through meson test");
    size_t size = strlen(root) + strlen(name) + 2;
    char *path = malloc(size);
    cr_assert_not_null(path);
    snprintf(path, size, "%s/%s", root, name);
    return path;
}

void command_need_gnuplot(void)
{
    if (system("gnuplot --version >/dev/null 2>&1") != 0)
        cr_skip_test("gnuplot is not installed");
}
