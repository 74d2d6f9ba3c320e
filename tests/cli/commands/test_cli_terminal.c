/* The progress line: on a terminal, and nowhere else. */
#define _XOPEN_SOURCE 700 /* posix_openpt() */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

static char *model, *iris;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    iris = source_path("datasets/iris.csv");
    setenv("TERM", "xterm", 1);
    setenv("COLUMNS", "100", 1);
    unsetenv("NO_COLOR");
}

static void tear_down(void)
{
    scratch_remove();
    free(iris);
}

TestSuite(cli_terminal, .init = set_up, .fini = tear_down);

/* Runs the command with a terminal for stderr; what that got goes to `text` (at most `size` bytes).
 */
static struct command run_on_terminal(const char *const *arguments, char *text, size_t size)
{
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal < 0)
        cr_skip_test("this machine has no pseudo-terminals");
    cr_assert(grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    int other = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    cr_assert(other >= 0);
    struct command command = command_start_to(arguments, NULL, other);
    cr_assert_eq(close(other), 0);
    size_t length = 0;
    ssize_t got;
    /* The end of the last writer is 0 or EIO. */
    while (length + 1 < size && (got = read(terminal, text + length, size - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    cr_assert_eq(close(terminal), 0);
    command_wait(&command);
    return command;
}

static struct command train_on_terminal(char *text, size_t size)
{
    return run_on_terminal(
        (const char *const[]){"train", iris, "--out", model, "--epochs", "20", NULL}, text, size);
}

Test(cli_terminal, a_terminal_shows_epoch_loss_speed_and_time_left)
{
    char text[65536];
    struct command command = train_on_terminal(text, sizeof text);

    command_expect_success(&command);
    cr_assert_not_null(strstr(text, "\repoch 20/20 ["), "%s", text);
    cr_assert_not_null(strstr(text, "loss 0."));
    cr_assert_not_null(strstr(text, " samples/s "));
    cr_assert_not_null(strstr(text, " left"));
    cr_assert_not_null(strstr(text, "\033[32m"));
    command_free(&command);
}

Test(cli_terminal, a_refit_counts_its_own_epochs_and_says_on_how_many_rows)
{
    char text[65536];
    struct command command =
        run_on_terminal((const char *const[]){"train", iris, "--out", model, "--epochs", "20",
                                              "--valid-fraction", "0.2", "--refit", NULL},
                        text, sizeof text);

    command_expect_success(&command);
    cr_assert_not_null(strstr(text, "\repoch 20/20 ["), "%s", text);
    cr_assert_not_null(strstr(text, "\rrefit: epoch 1/"), "%s", text);
    cr_assert_not_null(strstr(text, " on all 150 rows ["), "%s", text);
    command_free(&command);
}

Test(cli_terminal, of_several_networks_a_terminal_shows_how_many_have_ended)
{
    char text[65536];
    struct command command =
        run_on_terminal((const char *const[]){"train", iris, "--out", model, "--epochs", "20",
                                              "--members", "3", "--threads", "1", NULL},
                        text, sizeof text);

    command_expect_success(&command);
    cr_assert_not_null(strstr(text, "\r0 of 3 networks ["), "%s", text);
    cr_assert_not_null(strstr(text, "\r3 of 3 networks ["), "%s", text);
    cr_assert_not_null(strstr(text, "] 100 % "), "%s", text);
    cr_assert_not_null(strstr(text, " left"));
    cr_assert_str_eq(text + strlen(text) - 4, "\r\033[K");
    command_free(&command);
}

Test(cli_terminal, a_wide_terminal_shows_the_best_epoch_and_the_learning_rate_too)
{
    char text[65536];
    const char *const arguments[] = {"train",
                                     iris,
                                     "--out",
                                     model,
                                     "--epochs",
                                     "20",
                                     "--learning-rate",
                                     "0.125",
                                     "--valid-fraction",
                                     "0.2",
                                     NULL};
    setenv("COLUMNS", "160", 1);
    struct command command = run_on_terminal(arguments, text, sizeof text);

    command_expect_success(&command);
    cr_assert_not_null(strstr(text, " valid 0."), "%s", text);
    cr_assert_not_null(strstr(text, " best "), "%s", text);
    cr_assert_not_null(strstr(text, " rate 0.125 "), "%s", text);
    cr_assert_not_null(strstr(text, " left"));
    command_free(&command);
}

Test(cli_terminal, a_line_without_room_for_them_has_neither)
{
    char text[65536];
    const char *const arguments[] = {"train",
                                     iris,
                                     "--out",
                                     model,
                                     "--epochs",
                                     "20",
                                     "--learning-rate",
                                     "0.125",
                                     "--valid-fraction",
                                     "0.2",
                                     NULL};
    setenv("COLUMNS", "80", 1);
    struct command command = run_on_terminal(arguments, text, sizeof text);

    command_expect_success(&command);
    cr_assert_not_null(strstr(text, "epoch 20/20 "), "%s", text);
    cr_assert_null(strstr(text, " rate "), "%s", text);
    command_free(&command);
}

Test(cli_terminal, the_line_is_empty_at_the_end)
{
    char text[65536];
    struct command command = train_on_terminal(text, sizeof text);
    const char end[] = "\r\033[K";

    cr_assert_gt(strlen(text), sizeof end);
    cr_assert_str_eq(text + strlen(text) - strlen(end), end);
    command_free(&command);
}

Test(cli_terminal, no_color_is_honoured)
{
    char text[65536];
    setenv("NO_COLOR", "1", 1);
    struct command command = train_on_terminal(text, sizeof text);

    cr_assert_not_null(strstr(text, "epoch 20/20 ["));
    cr_assert_null(strstr(text, "\033[32m"));
    command_free(&command);
}

Test(cli_terminal, a_narrow_window_gets_a_short_line)
{
    char text[65536];
    setenv("COLUMNS", "30", 1);
    struct command command = train_on_terminal(text, sizeof text);

    for (char *line = strtok(text, "\r"); line; line = strtok(NULL, "\r"))
        cr_assert_leq(strcspn(line, "\033"), 29, "%s", line);
    command_free(&command);
}

Test(cli_terminal, a_dumb_terminal_shows_nothing)
{
    char text[65536];
    setenv("TERM", "dumb", 1);
    struct command command = train_on_terminal(text, sizeof text);

    cr_assert_str_empty(text);
    command_free(&command);
}

Test(cli_terminal, what_is_no_terminal_gets_nothing)
{
    struct command command = COMMAND_RUN("train", iris, "--out", model);

    command_expect_success(&command);
    command_free(&command);
}

Test(cli_terminal, a_bench_shows_what_it_measures_and_leaves_an_empty_line)
{
    char text[65536];
    const char end[] = "\r\033[K";
    struct command command =
        run_on_terminal((const char *const[]){"bench", "--layers", "3-2", "--seconds", "0.002",
                                              "--repetitions", "2", "--threads", "1,auto", NULL},
                        text, sizeof text);

    command_expect_success(&command);
    cr_assert_not_null(strstr(text, "\rphases 1 of 2: 1 thread"), "%s", text);
    cr_assert_not_null(strstr(text, "\rrepetition 2 of 2: "), "%s", text);
    cr_assert_not_null(strstr(text, "(auto)"));
    cr_assert_str_eq(text + strlen(text) - strlen(end), end);
    command_free(&command);
}
