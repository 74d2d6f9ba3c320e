/* Draws over the same line again and again: carriage return, the line, erase to its end. */
#include "progress_bar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "numbers.h"

#define LINE_SIZE 384
#define BAR_MIN   8
#define BAR_MAX   32

struct progress_bar progress_bar_start(void)
{
    const char *terminal = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");
    bool shown = isatty(STDERR_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
    return (struct progress_bar){
        .shown = shown,
        .coloured = !no_color || no_color[0] == '\0',
        .valid_loss = NAN,
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
    return text && number_parse_whole(text, 1, 1000, &columns) ? (size_t)columns : 80;
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
    if (isfinite(bar->valid_loss))
        snprintf(text, size, "loss %.4g valid %.4g", progress->train_loss, bar->valid_loss);
    else
        snprintf(text, size, "loss %.4g", progress->train_loss);
}

void progress_bar_draw(struct progress_bar *bar, const bp_progress *progress)
{
    if (!bar->shown)
        return;
    if (progress->epoch_done && isfinite(progress->valid_loss))
        bar->valid_loss = progress->valid_loss;
    double share = measure_share(progress);
    size_t current = progress->epoch + !progress->epoch_done;
    char head[64], losses[64], tail[128], speed[NUMBER_TEXT_SIZE], left[NUMBER_TEXT_SIZE];
    snprintf(head, sizeof head, "epoch %zu/%zu", current, progress->epochs);
    write_losses(bar, progress, losses, sizeof losses);
    number_duration(share > 0 ? progress->seconds * (1 - share) / share : NAN, left);
    snprintf(tail, sizeof tail, "%s samples/s %s left",
             number_group(progress->samples_per_second, speed), left);

    /* "head [bar] losses tail", and one column free: a full line would wrap on some terminals. The
     * bar goes first where the window is too narrow, then the line is cut. */
    size_t width = measure_width() - 1;
    size_t used = strlen(head) + strlen(losses) + strlen(tail) + 5;
    char line[LINE_SIZE], drawing[BAR_MAX + 1];
    if (used + BAR_MIN <= width) {
        size_t room = width - used < BAR_MAX ? width - used : BAR_MAX;
        write_bar(drawing, room, share);
        snprintf(line, sizeof line, "%s [%s%s%s] %s %s", head, bar->coloured ? "\033[32m" : "",
                 drawing, bar->coloured ? "\033[0m" : "", losses, tail);
    } else {
        snprintf(line, sizeof line, "%s %s %s", head, losses, tail);
        if (width < sizeof line)
            line[width] = '\0';
    }
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
