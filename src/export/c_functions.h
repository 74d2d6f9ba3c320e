/* The functions of numbers that an exported network calls, in C. */
#ifndef BP_EXPORT_C_FUNCTIONS_H
#define BP_EXPORT_C_FUNCTIONS_H

#include <stdint.h>

#include "export/text.h"
#include "model/model.h"

/* What there may be in a file, as bits. */
enum bp_c_function {
    BP_C_POWER = 1 << 0,        /* the parts of exp() */
    BP_C_EXP_NEGATIVE = 1 << 1, /* exp(x) for x <= 0 */
    BP_C_EXP = 1 << 2,
    BP_C_SOFTMAX = 1 << 3,
    BP_C_ACTIVATION = 1 << 4 /* << activation: its function */
};

/* The bits of an activation, and of what it calls; with `counts` those of exp(). */
uint32_t bp_c_functions_of(bp_activation activation, bool counts);

/* What its function is called: "logistic". */
const char *bp_c_function_name(bp_activation activation, bool counts);

/* Writes the functions of these bits. They do the operations of kernels/activate.inc.h, so that
 * their results have the same bits. */
void bp_c_functions_put(struct bp_export_text *text, uint32_t functions);

#endif
