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
    BP_C_LARGER = 1 << 4,
    BP_C_SMALLER = 1 << 5,
    BP_C_STORED = 1 << 6, /* very small numbers become 0 */
    BP_C_LAYER = 1 << 7,
    BP_C_APPLY = 1 << 8,      /* a function to all neurons */
    BP_C_ADD = 1 << 9,        /* the outputs of a network to those of others */
    BP_C_ACTIVATION = 1 << 10 /* << activation: its function */
};

/* The bits of an activation: of what a layer calls after its sums; with `counts` those of exp(). */
uint32_t bp_c_functions_of(bp_activation activation, bool counts);

/* What its function is called: "logistic". */
const char *bp_c_function_name(bp_activation activation, bool counts);

/* Writes the functions of these bits, and those that they call. They do the operations of
 * kernels/activate.inc.h, so that their results have the same bits. */
void bp_c_functions_put(struct bp_export_text *text, uint32_t functions);

#endif
