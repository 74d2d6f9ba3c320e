/* What came of an export. */
#ifndef BP_CLI_INSPECT_EXPORT_REPORT_H
#define BP_CLI_INSPECT_EXPORT_REPORT_H

#include "batchprop/batchprop.h"

/* Prints as results() or as one JSON object what stands at `path`, AUTO being by its end; returns
 * an exit code. */
int export_report_print(const bp_model *model, const char *path, bp_export_format format,
                        bool json);

#endif
