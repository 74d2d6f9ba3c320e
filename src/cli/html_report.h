/* The page of `batchprop report`: runs of training, beside each other, in one file. */
#ifndef BP_CLI_HTML_REPORT_H
#define BP_CLI_HTML_REPORT_H

#include <stdio.h>

#include "run_record.h"

/* Runs that one page can hold. */
#define HTML_REPORT_RUNS_MAX 64

struct html_report {
    const char *title; /* NULL: made from the data */
    const struct run_record *runs;
    size_t count; /* from 1 */
};

/* Writes the page. Returns an exit code; the stream keeps what could not be written. */
int html_report_write(FILE *out, const struct html_report *report);

#endif
