/* A field of one of the library's option structs, by the name of its option. */
#ifndef BP_CLI_OPTIONS_FIELD_H
#define BP_CLI_OPTIONS_FIELD_H

#include "batchprop/batchprop.h"

/* Its text, or "" if that does not fit. `options` is a struct of `owner`. */
void field_get(bp_option_owner owner, const void *options, const char *name, char *text,
               size_t size);

/* Puts a text there. False: `error` says what is allowed, without the name. */
bool field_set(bp_option_owner owner, void *options, const char *name, const char *text,
               bp_error *error);

#endif
