/* Draws over the same line again and again: carriage return, the line, erase to its end. */
#include "cli/terminal/progress_bar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/number_text.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/ranks.h"

#define LINE_SIZE    512
#define DETAILS_SIZE 128
#define BAR_MIN      8
#define BAR_MAX      32

/* Between lines that stay. */
#define PLAIN_SECONDS 5.0

struct progress_bar progress_bar_start(void)
{
    const char *terminal = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");
    const bool shown =
        ranks_leads() && isatty(STDERR_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
    return (struct progress_bar){
        .shown = shown,
        .plain = !shown && ranks_leads() && bp_ranks_count(ranks_get()) > 1,
        .coloured = !no_color || no_color[0] == '\0',
        .valid_loss = NAN,
        .watched = NAN,
    };
}

/* Asked for each time: the window may change its size. */
static size_t measure_width(void)
{
#ifdef TIOCGWINSZ
    struct winsize window;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0)
        return window.ws_col;
#endif
    uint64_t columns = 0;
    const char *text = getenv("COLUMNS");
    return text && bp_whole_parse(text, 1, 1000, &columns) ? (size_t)columns : 80;
}

/* The share of the whole run that is done, from 0 to 1. */
static double measure_share(const bp_progress *progress)
{
    double epochs = (double)progress->epoch;
    if (!progress->epoch_done && progress->samples_total > 0)
        epochs += (double)progress->samples / (double)progress->samples_total;
    double share = progress->epochs > 0 ? epochs / (double)progress->epochs : 1;
    return share < 1 ? share : 1;
}

/* The seconds that are left: by the share that is done or, in a refit, before which other epochs
 * were run, by its speed. */
static double guess_left(const bp_progress *progress, double share)
{
    const double samples = (double)progress->epochs * (double)progress->samples_total;
    if (progress->refit)
        return samples * (1 - share) / progress->samples_per_second;
    return share > 0 ? progress->seconds * (1 - share) / share : NAN;
}

static void write_bar(char *text, size_t width, double share)
{
    size_t filled = (size_t)(share * (double)width);
    for (size_t i = 0; i < width; i++)
        text[i] = i < filled ? '=' : i == filled ? '>' : ' ';
    text[width] = '\0';
}

static void write_losses(const struct progress_bar *bar, const bp_progress *progress, char *text,
                         size_t size)
{
    if (isfinite(bar->valid_loss) && !progress->refit)
        snprintf(text, size, "loss %.4g valid %.4g", progress->train_loss, bar->valid_loss);
    else
        snprintf(text, size, "loss %.4g", progress->train_loss);
}

/* Appends " name value" to `details` if the line, of which `used` columns are taken, has the room
 * for it; what comes first is worth most. */
static void add_detail(char *details, size_t used, size_t width, const char *detail)
{
    const size_t length = strlen(details);
    if (used + BAR_MIN + length + strlen(detail) <= width && length + strlen(detail) < DETAILS_SIZE)
        memcpy(details + length, detail, strlen(detail) + 1);
}

static void write_details(const struct progress_bar *bar, const bp_progress *progress,
                          char *details, size_t used, size_t width)
{
    char detail[64];
    details[0] = '\0';
    if (bar->metric != BP_METRIC_LOSS && isfinite(bar->watched) && !progress->refit) {
        snprintf(detail, sizeof detail, " %s %.4g",
                 bp_choice_name(BP_CHOICE_METRIC, (int)bar->metric), bar->watched);
        add_detail(details, used, width, detail);
    }
    if (bar->best_epoch > 0 && !progress->refit) {
        snprintf(detail, sizeof detail, " best %zu", bar->best_epoch);
        add_detail(details, used, width, detail);
    }
    snprintf(detail, sizeof detail, " rate %.3g", progress->learning_rate);
    add_detail(details, used, width, detail);
}

static void keep_validation(struct progress_bar *bar, const bp_progress *progress)
{
    if (!progress->epoch_done || !isfinite(progress->valid_loss))
        return;
    bar->valid_loss = progress->valid_loss;
    bar->watched = progress->metric;
    bar->best_epoch = progress->best_epoch;
}

/* "head [bar] losses details tail" in at most `width` columns, colours not counted. The details go
 * first where the window is too narrow, then the bar, then the line is cut. */
static void write_line(const struct progress_bar *bar, const bp_progress *progress, size_t width,
                       char *line)
{
    const double share = measure_share(progress);
    const size_t current = progress->epoch + !progress->epoch_done;
    char head[64], losses[64], tail[128], speed[NUMBER_TEXT_SIZE], left[NUMBER_TEXT_SIZE];
    char drawing[BAR_MAX + 1], details[DETAILS_SIZE];
    if (progress->refit)
        snprintf(head, sizeof head, "refit: epoch %zu/%zu on all %zu rows", current,
                 progress->epochs, progress->samples_total);
    else
        snprintf(head, sizeof head, "epoch %zu/%zu", current, progress->epochs);
    write_losses(bar, progress, losses, sizeof losses);
    number_duration(guess_left(progress, share), left);
    snprintf(tail, sizeof tail, "%s samples/s %s left",
             number_group(progress->samples_per_second, speed), left);

    if (bar->plain) {
        write_details(bar, progress, details, 0, LINE_SIZE);
        snprintf(line, LINE_SIZE, "%s %s%s %s", head, losses, details, tail);
        return;
    }
    const size_t fixed = strlen(head) + strlen(losses) + strlen(tail) + 5;
    if (fixed + BAR_MIN > width) {
        snprintf(line, LINE_SIZE, "%s %s %s", head, losses, tail);
        if (width < LINE_SIZE)
            line[width] = '\0';
        return;
    }
    write_details(bar, progress, details, fixed, width);
    const size_t room = width - fixed - strlen(details);
    write_bar(drawing, room < BAR_MAX ? room : BAR_MAX, share);
    snprintf(line, LINE_SIZE, "%s [%s%s%s] %s%s %s", head, bar->coloured ? "\033[32m" : "", drawing,
             bar->coloured ? "\033[0m" : "", losses, details, tail);
}

/* Whether a line that stays is due. */
static bool is_line_due(struct progress_bar *bar, double seconds, bool epoch_done)
{
    const bool due = seconds - bar->last_line >= PLAIN_SECONDS ||
                     (epoch_done && seconds - bar->last_epoch >= PLAIN_SECONDS);
    if (epoch_done)
        bar->last_epoch = seconds;
    if (due)
        bar->last_line = seconds;
    return due;
}

void progress_bar_draw(struct progress_bar *bar, const bp_progress *progress)
{
    char line[LINE_SIZE];
    if (!bar->shown && !bar->plain)
        return;
    keep_validation(bar, progress);
    if (bar->plain && is_line_due(bar, progress->seconds, progress->epoch_done)) {
        write_line(bar, progress, LINE_SIZE, line);
        message_note("%s", line);
    }
    if (!bar->shown)
        return;
    /* One column stays free: a full line would wrap on some terminals. */
    write_line(bar, progress, measure_width() - 1, line);
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
    bar->drawn = true;
}

/* "members 7/25 [====>    ] 31 % 0:42 left" */
static void write_members(const struct progress_bar *bar, const bp_member_progress *progress,
                          size_t width, char *line)
{
    const double share = progress->share;
    char head[64], tail[64], drawing[BAR_MAX + 1], left[NUMBER_TEXT_SIZE];
    snprintf(head, sizeof head, "%zu of %zu networks", progress->done, progress->members);
    snprintf(
        tail, sizeof tail, "%.0f %% %s left", 100 * share,
        number_duration(share > 0 ? progress->seconds * (1 - share) / share : (double)NAN, left));
    const size_t fixed = strlen(head) + strlen(tail) + 4;
    if (bar->plain || fixed + BAR_MIN > width) {
        snprintf(line, LINE_SIZE, "%s %s", head, tail);
        if (width < LINE_SIZE)
            line[width] = '\0';
        return;
    }
    write_bar(drawing, width - fixed < BAR_MAX ? width - fixed : BAR_MAX, share);
    snprintf(line, LINE_SIZE, "%s [%s%s%s] %s", head, bar->coloured ? "\033[32m" : "", drawing,
             bar->coloured ? "\033[0m" : "", tail);
}

void progress_bar_draw_members(struct progress_bar *bar, const bp_member_progress *progress)
{
    char line[LINE_SIZE];
    if (bar->plain && is_line_due(bar, progress->seconds, false)) {
        write_members(bar, progress, LINE_SIZE, line);
        message_note("%s", line);
    }
    if (!bar->shown)
        return;
    write_members(bar, progress, measure_width() - 1, line);
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
    bar->drawn = true;
}

void progress_bar_say(struct progress_bar *bar, const char *text)
{
    if (!bar->shown)
        return;
    fprintf(stderr, "\r%.*s\033[K", (int)(measure_width() - 1), text);
    fflush(stderr);
    bar->drawn = true;
}

void progress_bar_clear(struct progress_bar *bar)
{
    if (!bar->drawn)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    bar->drawn = false;
}
