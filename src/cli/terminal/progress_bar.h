/*
 * The line that a terminal shows while training runs:
 *     epoch 3/20 [=====>         ] loss 0.0123 valid 0.0145 61,234 samples/s 0:07 left
 * and, where the window is wide enough, the metric of the validation set, the best epoch and the
 * learning rate before the speed. Where stderr is no terminal nothing is shown, but for rank 0 of
 * several: a launcher takes what it writes through a pipe to a terminal or into a file. It writes
 * such a line, without the bar, every few seconds, and after an epoch that took longer.
 */
#ifndef BP_CLI_TERMINAL_PROGRESS_BAR_H
#define BP_CLI_TERMINAL_PROGRESS_BAR_H

#include "batchprop/batchprop.h"

struct progress_bar {
    bool shown;        /* stderr is a terminal that can overwrite a line */
    bool plain;        /* lines that stay */
    double last_line;  /* of those: seconds of the run */
    double last_epoch; /* when it ended: the same */
    bool coloured;     /* NO_COLOR is not set */
    bool drawn;        /* the line holds something */
    bp_metric metric;  /* that bp_progress.metric is; the caller sets it before the first line */
    double valid_loss; /* of the last epoch that had one, else NaN */
    double watched;    /* the metric of the same */
    size_t best_epoch; /* so far; 0: none */
};

struct progress_bar progress_bar_start(void);

void progress_bar_draw(struct progress_bar *bar, const bp_progress *progress);

/* The same of several networks: how many have ended, and how far all are. */
void progress_bar_draw_members(struct progress_bar *bar, const bp_member_progress *progress);

/* Puts `text` into the line, for work that has no epochs. */
void progress_bar_say(struct progress_bar *bar, const char *text);

/* Empties the line, so that what follows begins on a clean one. */
void progress_bar_clear(struct progress_bar *bar);

#endif
