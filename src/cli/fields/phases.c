/* The phases of a training step as a list. */
#include "cli/fields/phases.h"

#include <string.h>

const char *const phase_names[PHASES] = {"gather", "forward", "delta",  "gradient",
                                         "reduce", "update",  "waiting"};

double phases_list(const bp_phases *phases, double seconds[PHASES])
{
    const double list[PHASES] = {phases->gather, phases->forward, phases->delta,  phases->gradient,
                                 phases->reduce, phases->update,  phases->waiting};
    double sum = 0;
    for (size_t i = 0; i < PHASES; i++)
        sum += list[i];
    memcpy(seconds, list, sizeof list);
    return sum;
}
