/* Values of runs, as the page shows them. */
#ifndef BP_CLI_HTML_HTML_VALUES_H
#define BP_CLI_HTML_HTML_VALUES_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/html/html_input.h"

/* What stands where there is no value. */
#define HTML_DASH "<span class=\"none\">\xe2\x80\x93</span>"

/* The name of a run, that of its file, after a patch of its colour and, if there are several, its
 * number. */
void html_run_name_put(FILE *out, const struct html_report *report, size_t run);

/* "97.33 %" for shares of rows, else four digits; a dash for NaN. */
void html_metric_put(FILE *out, bp_metric metric, double value);

/* How a run ended, in the words of its log, and how often it was resumed. */
void html_ending_put(FILE *out, const struct run_record *run);

/* Whether it trained again on all rows in the end: figures of validation are those before it. */
bool html_is_refitted(const struct run_record *run);

/* The widths of its network: 4-16-3. */
void html_widths_put(FILE *out, const struct run_record *run);

/* The digest of its weights, and which earlier run has the same. */
void html_digest_put(FILE *out, const struct html_report *report, size_t run);

/* A number of the last line of the log, or else of the last epoch, or NaN. */
double html_final_number(const struct run_record *run, const char *key, enum run_figure figure);

/* The metric that the run watched, at its best epoch, or of several networks on the rows that they
 * left out; NaN without such rows. */
double html_best_metric(const struct run_record *run);

#endif
