/* The names of the library with underscores, so that a new metric has its key at once. */
#include "cli/fields/metric_key.h"

#include <stdio.h>
#include <string.h>

bool metric_key(bp_metric metric, char *key)
{
    const char *name = bp_choice_name(BP_CHOICE_METRIC, (int)metric);
    if (!name || metric == BP_METRIC_AUTO)
        return false;
    snprintf(key, METRIC_KEY_SIZE, "%s", name);
    for (char *dash = key; (dash = strchr(dash, '-')) != NULL;)
        *dash = '_';
    return true;
}
