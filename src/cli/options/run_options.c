/* --threads, --backend, --isa. */
#include "cli/options/run_options.h"

#define THREADS_MAX 1024 /* of one team */

void run_options_init(struct run_options *run)
{
    bp_run_options defaults = bp_run_options_default();
    run->threads = defaults.threads;
    run->backend = (int)defaults.backend;
    run->isa = (int)defaults.isa;
    const struct option table[] = {
        {.kind = OPTION_WHOLE,
         .name = "threads",
         .value = &run->threads,
         .argument = "N",
         .limit = THREADS_MAX,
         .word = "auto",
         .help = "threads; the results are the same for every number"},
        {.kind = OPTION_CHOICE,
         .name = "backend",
         .value = &run->backend,
         .argument = "NAME",
         .choice = BP_CHOICE_BACKEND,
         .help = "how threads are run"},
        {.kind = OPTION_CHOICE,
         .name = "isa",
         .value = &run->isa,
         .argument = "NAME",
         .choice = BP_CHOICE_ISA,
         .help = "instruction set"},
        {.kind = OPTION_END},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        run->table[i] = table[i];
}

bp_run_options run_options_get(const struct run_options *run, const char *target)
{
    bp_run_options options = bp_run_options_default();
    options.threads = run->threads;
    options.backend = (bp_backend)run->backend;
    options.isa = (bp_isa)run->isa;
    options.target = target;
    return options;
}
