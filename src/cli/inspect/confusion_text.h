/* Which classes a model takes for which, for people. */
#ifndef BP_CLI_INSPECT_CONFUSION_TEXT_H
#define BP_CLI_INSPECT_CONFUSION_TEXT_H

#include "batchprop/batchprop.h"

/* Classes that are shown one by one; of more, those with the greatest errors are. */
#define CLASSES_SHOWN 20

/* Prints the confusion matrix, or of more than CLASSES_SHOWN classes the most frequent confusions.
 * Returns an exit code. */
int confusion_text_print(const bp_evaluation *evaluation);

#endif
