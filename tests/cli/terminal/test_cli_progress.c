/* Lines about progress that stay, as rank 0 of several writes them. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/terminal/progress_bar.h"
#include "support/scratch.h"

static char *path;
static int standard_error;

/* stderr goes to a file. */
static void set_up(void)
{
    path = scratch_file("stderr");
    standard_error = dup(STDERR_FILENO);
    cr_assert_not_null(freopen(path, "w", stderr));
}

static void tear_down(void)
{
    fflush(stderr);
    dup2(standard_error, STDERR_FILENO);
    close(standard_error);
    scratch_remove();
}

TestSuite(cli_progress, .init = set_up, .fini = tear_down);

static struct progress_bar plain_bar(void)
{
    return (struct progress_bar){.plain = true, .valid_loss = (double)NAN, .watched = (double)NAN};
}

static bp_progress at(double seconds, size_t epoch, bool epoch_done)
{
    return (bp_progress){.epoch = epoch,
                         .epochs = 20,
                         .epoch_done = epoch_done,
                         .samples = 50,
                         .samples_total = 100,
                         .train_loss = 0.5,
                         .valid_loss = epoch_done ? 0.25 : (double)NAN,
                         .metric = (double)NAN,
                         .learning_rate = 0.125,
                         .samples_per_second = 61234,
                         .seconds = seconds};
}

/* The lines so far are these. */
static void expect_lines(const char *lines)
{
    fflush(stderr);
    char *text = file_get(path, NULL);
    cr_assert_str_eq(text, lines);
    free(text);
}

static void draw(struct progress_bar *bar, double seconds, size_t epoch, bool epoch_done)
{
    const bp_progress progress = at(seconds, epoch, epoch_done);
    progress_bar_draw(bar, &progress);
}

#define HALF "batchprop: epoch 1/20 loss 0.5 rate 0.125 61,234 samples/s 3:15 left\n"

Test(cli_progress, a_run_of_a_moment_writes_nothing)
{
    struct progress_bar bar = plain_bar();
    draw(&bar, 0.1, 0, false);
    draw(&bar, 4.9, 20, true);
    progress_bar_clear(&bar);
    expect_lines("");
}

Test(cli_progress, a_line_every_five_seconds)
{
    struct progress_bar bar = plain_bar();
    draw(&bar, 4.9, 0, false);
    draw(&bar, 5.0, 0, false);
    expect_lines(HALF);
    draw(&bar, 9.9, 0, false);
    expect_lines(HALF);
    draw(&bar, 10.0, 1, true);
    expect_lines(HALF "batchprop: epoch 1/20 loss 0.5 valid 0.25 rate 0.125 61,234 samples/s 3:10 "
                      "left\n");
}

Test(cli_progress, the_end_of_an_epoch_that_took_longer)
{
    struct progress_bar bar = plain_bar();
    draw(&bar, 5.0, 0, false);
    draw(&bar, 5.1, 1, true);
    expect_lines(HALF "batchprop: epoch 1/20 loss 0.5 valid 0.25 rate 0.125 61,234 samples/s 1:37 "
                      "left\n");
    draw(&bar, 6.0, 2, true); /* this one did not */
    expect_lines(HALF "batchprop: epoch 1/20 loss 0.5 valid 0.25 rate 0.125 61,234 samples/s 1:37 "
                      "left\n");
}

Test(cli_progress, several_networks)
{
    struct progress_bar bar = plain_bar();
    bp_member_progress progress = {.done = 3, .members = 8, .share = 0.5, .seconds = 4};
    progress_bar_draw_members(&bar, &progress);
    expect_lines("");
    progress.seconds = 6;
    progress_bar_draw_members(&bar, &progress);
    expect_lines("batchprop: 3 of 8 networks 50 % 6.0 s left\n");
}

/* Not a process alone, whose stderr is a file. */
Test(cli_progress, nothing_without_a_launcher)
{
    struct progress_bar bar = progress_bar_start();
    draw(&bar, 100, 1, true);
    expect_lines("");
}
