/* One value of a configuration: whether it suits an option, and its text. */
#ifndef BP_CLI_OPTIONS_CONFIG_VALUE_H
#define BP_CLI_OPTIONS_CONFIG_VALUE_H

#include <jansson.h>

#include "cli/options/option.h"

#define CONFIG_WANTED_SIZE 64

/* "text", "an array": what a value is, and what an option takes, which is written to `text`. */
const char *config_value_type(const json_t *value);
const char *config_value_wanted(const struct option *option, char text[CONFIG_WANTED_SIZE]);

/* Whether the type of a value is one that the option takes. */
bool config_value_suits(const struct option *option, const json_t *value);

/* Texts that are joined by a sign: begins with zeros, `text` is freed with free(). */
struct config_text {
    char *text;
    size_t length;
    size_t room;
    size_t items;
};

/* Appends one of them. False: there is no memory, or `item` is NULL. */
bool config_text_append(struct config_text *joined, char sign, const char *item);

/* A value that suits, but for true and false, as on a command line: a text as it is, a number with
 * the fewest digits that are read as the same, the items of an array joined by commas. Freed with
 * free(); NULL if there is no memory. */
char *config_value_text(const json_t *value);

#endif
