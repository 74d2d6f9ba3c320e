/* The options of several runs, compared. */
#ifndef BP_CLI_HTML_OPTIONS_DIFF_H
#define BP_CLI_HTML_OPTIONS_DIFF_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/html/html_input.h"

/* The names of all options of all runs, each the key of an object, in the order of the first run
 * that has them, those that were chosen by "auto" first; NULL if there is no memory. Freed with
 * json_decref(). */
json_t *options_diff_names(const struct html_report *report);

/* Whether runs have different values of it, or some have none. */
bool options_diff_differs(const struct html_report *report, const char *name);

/* Whether it says where files go or how the run is shown, which no weight depends on. */
bool options_diff_is_display(const char *name);

/* Writes the value that a run used, escaped: "128,64" for a list, "0.001 (auto)" for what "auto"
 * stood for. */
void options_diff_put(FILE *out, const struct html_report *report, size_t run, const char *name);

#endif
