/* The only place that makes a class of outputs. */
#include "model/decision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The class so far. */
struct lead {
    size_t class;
    double value;
};

static void see_output(struct lead *lead, const double *factor, size_t j, double output)
{
    const double value = factor ? factor[j] * output : output;
    if (j == 0 || value > lead->value)
        *lead = (struct lead){j, value};
}

size_t bp_decide(const double *factor, const float *outputs, size_t count)
{
    struct lead lead = {0};
    for (size_t j = 0; j < count; j++)
        see_output(&lead, factor, j, (double)outputs[j]);
    return lead.class;
}

/* 0: the model predicts numbers. */
static size_t count_classes(const bp_model *model)
{
    return model && model->schema->task == BP_TASK_CLASSIFY ? model->schema->outputs : 0;
}

size_t bp_model_decide(const bp_model *model, const float *outputs)
{
    return outputs && model ? bp_decide(model->factor, outputs, count_classes(model)) : 0;
}

size_t bp_model_decide_wide(const bp_model *model, const double *outputs)
{
    struct lead lead = {0};
    for (size_t j = 0; outputs && j < count_classes(model); j++)
        see_output(&lead, model->factor, j, outputs[j]);
    return lead.class;
}

void bp_factors_clear(struct bp_model *model)
{
    free(model->factor);
    model->factor = NULL;
}

bool bp_factor_is_valid(double factor)
{
    return factor > 0 && isfinite(factor);
}

bp_status bp_model_set_factors(bp_model *model, const double *factors, bp_error *error)
{
    BP_REQUIRE(model, error);
    const size_t classes = count_classes(model);
    bool plain = true;
    if (factors && classes == 0)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "factors are of classes, and the model predicts numbers");
    for (size_t c = 0; factors && c < classes; c++) {
        if (!bp_factor_is_valid(factors[c]))
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "the factor of class %zu is %g: give a finite number above 0", c,
                           factors[c]);
        plain = plain && factors[c] == 1;
    }
    double *copy = NULL;
    if (!plain) {
        copy = bp_array_alloc(classes, sizeof *copy);
        if (!copy)
            return bp_fail_memory(error, "the factors of classes");
        memcpy(copy, factors, classes * sizeof *copy);
    }
    bp_factors_clear(model);
    model->factor = copy;
    return BP_OK;
}

double bp_model_get_factor(const bp_model *model, size_t index)
{
    if (index >= count_classes(model))
        return 0;
    return model->factor ? model->factor[index] : 1;
}
