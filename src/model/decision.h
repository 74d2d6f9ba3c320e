/* Which class a model predicts: that of the largest factor x output, the first of equals. */
#ifndef BP_MODEL_DECISION_H
#define BP_MODEL_DECISION_H

#include "model/model.h"

/* The index of the class; `factor` of each of `count` classes, or NULL: all 1. */
size_t bp_decide(const double *factor, const float *outputs, size_t count);

/* All factors become 1. */
void bp_factors_clear(struct bp_model *model);

/* Whether `factor` of a class can be in a model. */
bool bp_factor_is_valid(double factor);

#endif
