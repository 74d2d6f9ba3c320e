/* Columns that training had perhaps better not use as they are: numbers of rows, dates, a text of
 * each row, a class that stands for a missing value. */
#ifndef BP_CLI_FIELDS_HINT_FIELDS_H
#define BP_CLI_FIELDS_HINT_FIELDS_H

#include "cli/fields/fields.h"

/* Puts the array "hints". `model` was made for `data`; NULL: there are no hints. */
void hint_fields_put(struct fields *fields, const bp_model *model, const bp_dataset *data);

#endif
