/* The page of `batchprop report`: runs of training, beside each other, in one file. */
#ifndef BP_CLI_HTML_HTML_REPORT_H
#define BP_CLI_HTML_HTML_REPORT_H

#include <stdio.h>

#include "cli/html/html_input.h"

/* Writes the page. Returns an exit code; the stream keeps what could not be written. */
int html_report_write(FILE *out, const struct html_report *report);

#endif
