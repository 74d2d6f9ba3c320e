/* What the page of `batchprop report` shows. */
#ifndef BP_CLI_HTML_HTML_INPUT_H
#define BP_CLI_HTML_HTML_INPUT_H

#include "cli/run/run_record.h"

/* Runs that one page can hold. */
#define HTML_REPORT_RUNS_MAX 64

struct html_report {
    const char *title; /* NULL: made from the data */
    const struct run_record *runs;
    size_t count; /* from 1 */
};

#endif
