/* Which classes a model takes for which. */
#ifndef BP_CLI_INSPECT_CONFUSION_REPORT_H
#define BP_CLI_INSPECT_CONFUSION_REPORT_H

#include "batchprop/batchprop.h"
#include "cli/fields/fields.h"

/* Classes that people see one by one; of more, those with the most errors. */
#define CLASSES_SHOWN 20

/* Adds the confusion matrix under "confusion"; for people, of more than CLASSES_SHOWN classes the
 * most frequent confusions. */
void confusion_report_put(struct fields *out, const bp_evaluation *evaluation);

#endif
