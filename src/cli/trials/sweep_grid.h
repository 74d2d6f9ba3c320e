/*
 * The values that `batchprop sweep` goes through: --vary NAME=VALUE,VALUE,... for each option, and
 * every combination of them. Values are separated by semicolons if there is one, so that they may
 * hold commas: hidden=64;128,64.
 */
#ifndef BP_CLI_TRIALS_SWEEP_GRID_H
#define BP_CLI_TRIALS_SWEEP_GRID_H

#include "cli/fields/text_list.h"
#include "cli/options/trials_options.h"

#define SWEEP_AXES_MAX 16

struct sweep_axis {
    struct option *option;
    struct text_list values;
};

struct sweep_grid {
    size_t count; /* axes */
    struct sweep_axis axis[SWEEP_AXES_MAX];
    size_t combinations;
    struct trials_options *options;
    struct trials_options given; /* what the options are without any of them */
};

/* Reads the texts of --vary; `options` are parsed and are kept. Returns EXIT_DONE, or after a
 * message an exit code. sweep_grid_free() in either case. */
int sweep_grid_init(struct sweep_grid *grid, struct trials_options *options,
                    const struct text_list *vary, const char *command);
void sweep_grid_free(struct sweep_grid *grid);

/* The value that an option has in combination `number`; the last option changes fastest. */
const char *sweep_grid_value(const struct sweep_grid *grid, size_t number, size_t axis);

/* Puts a combination into the options, as if it had been given, and checks them. Returns as
 * sweep_grid_init(). */
int sweep_grid_apply(struct sweep_grid *grid, size_t number, const char *command);

#endif
