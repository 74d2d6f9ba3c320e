/* Rows that an exported model is tried with. */
#ifndef BP_EXPORT_C_ROWS_H
#define BP_EXPORT_C_ROWS_H

#include "export/text.h"
#include "export/walk.h"

/* Writes the part of a C file for SELF_TEST: a main() that predicts some rows and compares all bits
 * with those of bp_predict(). Errors: INPUT (a row that the model cannot take), MEMORY. */
bp_status bp_c_rows_put(struct bp_export_text *text, const struct bp_exported *exported,
                        bp_error *error);

#endif
