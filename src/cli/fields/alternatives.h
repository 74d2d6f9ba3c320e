/* Texts separated by ';': one for each kind of networks of an ensemble. */
#ifndef BP_CLI_FIELDS_ALTERNATIVES_H
#define BP_CLI_FIELDS_ALTERNATIVES_H

#include <stdbool.h>
#include <stddef.h>

#define ALTERNATIVE_SIZE 1024 /* BP_LAYERS_MAX names of activations */

/* How many a text holds, from 1. */
size_t alternatives_count(const char *text);

/* Alternative `index` of a text, from 0, or the only one. False: it is too long. */
bool alternatives_take(const char *text, size_t index, char part[ALTERNATIVE_SIZE]);

#endif
