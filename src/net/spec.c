/* What a network may be: which activations and losses go together. */
#include <math.h>
#include <stdio.h>

#include "base/widths.h"
#include "net/activation_table.h"
#include "net/loss_table.h"
#include "net/network.h"

static const char *name_activation(bp_activation activation)
{
    return bp_choice_name(BP_CHOICE_ACTIVATION, (int)activation);
}

static bp_status check_widths(const struct bp_network_spec *spec, bp_error *error)
{
    if (spec->layers < 1 || spec->layers > BP_LAYERS_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "a network has 1 to %d layers of weights, not %zu",
                       BP_LAYERS_MAX, spec->layers);
    return bp_widths_check(spec->widths, spec->layers + 1, error);
}

static bp_status check_activations(const struct bp_network_spec *spec, bp_error *error)
{
    for (size_t l = 0; l < spec->layers; l++) {
        const bp_activation activation = spec->activations[l];
        if (!name_activation(activation))
            return bp_fail(error, BP_ERROR_ARGUMENT, "layer %zu has no activation of number %d", l,
                           (int)activation);
        if (bp_activation_get(activation)->whole_layer && l + 1 < spec->layers)
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "%s is an activation of output neurons: give hidden layer %zu "
                           "another one, such as relu",
                           name_activation(activation), l + 1);
        if (activation == BP_ACTIVATION_AUTO)
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "activation auto is a choice for the output neurons of a new model: "
                           "give layer %zu a definite one",
                           l + 1);
    }
    return BP_OK;
}

/* A NaN fails: it compares as false. */
static bp_status check_parameter(const struct bp_network_spec *spec, bp_error *error)
{
    const struct bp_loss_row *row = bp_loss_get(spec->loss);
    const float value = spec->loss_parameter;
    if (!row->parameter || value == 0.0f || (value > 0.0f && value < row->below))
        return BP_OK;
    char range[48] = "above 0";
    if (isfinite(row->below))
        snprintf(range, sizeof range, "above 0 and below %g", (double)row->below);
    return bp_fail(error, BP_ERROR_ARGUMENT, "%s %g of loss %s: give a number %s", row->parameter,
                   (double)value, bp_choice_name(BP_CHOICE_LOSS, (int)spec->loss), range);
}

static bp_status check_loss(const struct bp_network_spec *spec, bp_error *error)
{
    const char *name = bp_choice_name(BP_CHOICE_LOSS, (int)spec->loss);
    if (!name)
        return bp_fail(error, BP_ERROR_ARGUMENT, "there is no loss of number %d", (int)spec->loss);
    if (spec->loss == BP_LOSS_AUTO)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "loss auto is a choice for a new model: give a definite one");
    const bp_activation partner = bp_loss_get(spec->loss)->partner;
    const bp_activation output = spec->activations[spec->layers - 1];
    if (partner != BP_ACTIVATION_AUTO && partner != output)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "loss %s needs %s output neurons, not %s: give output activation %s, or "
                       "another loss, such as mse",
                       name, name_activation(partner), name_activation(output),
                       name_activation(partner));
    return check_parameter(spec, error);
}

bp_status bp_spec_check(const struct bp_network_spec *spec, bp_error *error)
{
    bp_status status = check_widths(spec, error);
    if (!status)
        status = check_activations(spec, error);
    if (!status)
        status = check_loss(spec, error);
    if (!status && !bp_choice_name(BP_CHOICE_HIDDEN_DELTA, (int)spec->hidden_delta))
        status = bp_fail(error, BP_ERROR_ARGUMENT, "there is no hidden-delta rule of number %d",
                         (int)spec->hidden_delta);
    return status;
}
