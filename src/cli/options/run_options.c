/* --threads, --backend, --isa. */
#include "cli/options/run_options.h"

void run_options_init(struct run_options *run)
{
    *run = (struct run_options){.options = bp_run_options_default()};
    option_add_group(run->table, BP_OPTION_OF_RUNNING, "Running", &run->options);
}
