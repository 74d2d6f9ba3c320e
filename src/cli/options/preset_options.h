/* What --preset says of other options. */
#ifndef BP_CLI_OPTIONS_PRESET_OPTIONS_H
#define BP_CLI_OPTIONS_PRESET_OPTIONS_H

#include "cli/options/option.h"

/* Where there is an option --preset, puts what it says into the options that are not given, and the
 * batches of irprop, so that their variables hold what a run takes. It may be called again after
 * options have changed. */
void preset_options_resolve(const struct option_group *groups);

#endif
