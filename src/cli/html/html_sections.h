/* The parts of the page of `batchprop report`, each a <section>, in the order of the page. */
#ifndef BP_CLI_HTML_HTML_SECTIONS_H
#define BP_CLI_HTML_HTML_SECTIONS_H

#include <stdio.h>

#include "cli/html/html_input.h"

/* Key figures and facts of a report's only run. */
void html_run_put(FILE *out, const struct html_report *report);

/* The kinds of networks, and each network, of the runs that train several. */
void html_kinds_put(FILE *out, const struct html_report *report);

/* "; hidden none, dropout auto": the options of one kind of networks, an item of "kinds". */
void html_kind_options_put(FILE *out, const json_t *kind);

/* Target, hints, figures of training and validation rows beside the baseline, and what to try, of
 * the runs whose log has them. */
void html_quality_put(FILE *out, const struct html_report *report);

/* Tables of confusion of the runs whose log has one. */
void html_confusion_put(FILE *out, const struct html_report *report);

/* The following return an exit code. */

/* A table of several runs. */
int html_runs_put(FILE *out, const struct html_report *report);

/* Losses, metrics, learning rate and speed over the epochs. */
int html_curves_put(FILE *out, const struct html_report *report);

/* Probabilities or spread beside how right predictions are, of ensembles whose log has it. */
int html_calibration_put(FILE *out, const struct html_report *report);

/* Where the time went, of the runs whose log says it. */
int html_phases_put(FILE *out, const struct html_report *report);

int html_options_put(FILE *out, const struct html_report *report);

#endif
