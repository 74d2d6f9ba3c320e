/* What came of an import. */
#ifndef BP_CLI_INSPECT_IMPORT_REPORT_H
#define BP_CLI_INSPECT_IMPORT_REPORT_H

#include "batchprop/batchprop.h"

/* Prints as results() or as one JSON object; returns an exit code. */
int import_report_print(const bp_model *model, const bp_import_info *info, bool json);

#endif
