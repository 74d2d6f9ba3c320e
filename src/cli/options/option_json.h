/* Options as JSON: what --print-config prints and run logs hold. */
#ifndef BP_CLI_OPTIONS_OPTION_JSON_H
#define BP_CLI_OPTIONS_OPTION_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "cli/options/option.h"

/* The value of an option, which could be given so: a number, a text, true or false, an array for
 * OPTION_LIST; null where nothing stands for the value, such as a file that is not named. NULL if
 * there is no memory. The caller owns the reference. */
json_t *option_to_json(const struct option *option);

/* Whether all texts of an option are UTF-8, as JSON has to be. option_to_json() replaces what is
 * not, which a path may hold. */
bool option_is_utf8(const struct option *option);

/* An object with the values of all options that are not null, in the order of the tables. NULL if
 * there is no memory. The caller owns the reference. */
json_t *options_to_json(const struct option_group *groups);

#endif
