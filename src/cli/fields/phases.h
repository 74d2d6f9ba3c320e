/* The phases of a training step as a list. */
#ifndef BP_CLI_FIELDS_PHASES_H
#define BP_CLI_FIELDS_PHASES_H

#include "batchprop/batchprop.h"

#define PHASES 7

/* gather, forward, delta, gradient, reduce, update, waiting. */
extern const char *const phase_names[PHASES];

/* Writes the seconds of each phase, in the order of the names; returns their sum. */
double phases_list(const bp_phases *phases, double seconds[PHASES]);

#endif
