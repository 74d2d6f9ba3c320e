/* batchprop gradcheck: is the gradient that training uses the slope of the loss? */
#include "cli/commands.h"
#include "cli/fields/fields.h"
#include "cli/inspect/model_data.h"
#include "cli/terminal/messages.h"

#define COUNT_MAX 4294967295

static const char *const operands[] = {"MODEL", "DATA", NULL};

static const struct command_help help = {
    .name = "gradcheck",
    .summary = "Compares the gradient that training uses with central differences of the loss in\n"
               "binary64, on the first rows of DATA. Ends with exit code 1 if they differ.",
    .usage = "MODEL DATA [OPTION...]",
    .operands = operands,
    .example = "  batchprop gradcheck iris.safetensors iris.csv --samples 8 --parameters all\n",
};

struct gradcheck_options {
    bp_gradcheck_options check;
    bool json;
    struct model_data tried;
};

/* Where the gradient is furthest from the differences, and how far. */
static void put_worst(struct fields *out, const bp_gradcheck_result *result,
                      const bp_model_info *info)
{
    if (result->worst_input == info->widths[result->worst_layer])
        fields_line(out, "worst", "threshold");
    else
        fields_line(out, "worst", "weight from input %zu", result->worst_input + 1);
    fields_more(out, " of neuron %zu, layer %zu", result->worst_neuron + 1,
                result->worst_layer + 1);
    fields_line(out, "", "analytic %.9g, numeric %.9g", result->analytic, result->numeric);
    fields_line(out, "", "%.3g of what rounding allows, %.3g of the layer's largest gradient",
                result->worst_ratio, result->worst_relative);
    fields_text(out, NULL, "verdict",
                result->failed == 0 ? "passed: the gradient is the slope of the loss"
                : info->hidden_delta == BP_HIDDEN_DELTA_AS_PRINTED
                    ? "failed, as it must: the rule as-printed is not the slope of the loss"
                    : "FAILED: the gradient is not the slope of the loss");
}

static int print_result(const bp_model *model, const bp_gradcheck_result *result, bool json)
{
    const bp_model_info info = bp_model_get_info(model);
    struct fields out = fields_begin(json, 12);
    fields_flag(&out, "passed", result->failed == 0);
    fields_whole(&out, "samples", "samples", result->samples);
    fields_whole(&out, "unknown", NULL, result->unknown);
    fields_whole(&out, "parameters", "parameters", result->parameters);
    fields_more(&out, " of %zu checked, %zu failed", info.parameters, result->failed);
    fields_whole(&out, "failed", NULL, result->failed);
    fields_whole(&out, "skipped", NULL, result->skipped);
    if (result->skipped > 0)
        fields_line(&out, "", "%zu left out: the loss has a kink there and no slope",
                    result->skipped);
    fields_real(&out, "worst_ratio", result->worst_ratio);
    fields_real(&out, "worst_relative", result->worst_relative);
    fields_whole(&out, "worst_layer", NULL, result->worst_layer);
    fields_whole(&out, "worst_neuron", NULL, result->worst_neuron);
    fields_whole(&out, "worst_input", NULL, result->worst_input);
    fields_real(&out, "analytic", result->analytic);
    fields_real(&out, "numeric", result->numeric);
    if (result->parameters > 0)
        put_worst(&out, result, &info);
    return fields_end(&out);
}

static int check(struct gradcheck_options *options)
{
    struct model_data *tried = &options->tried;
    bp_gradcheck_result result;
    bp_error error;
    int code = model_data_load(tried);
    if (code == EXIT_DONE && bp_gradcheck(tried->model, tried->data, &options->check,
                                          &tried->run.options, &result, &error) != BP_OK)
        code = message_error(&error);
    if (code == EXIT_DONE)
        code = model_data_note_unknown(tried, result.unknown);
    if (code == EXIT_DONE) {
        code = print_result(tried->model, &result, options->json);
        if (code == EXIT_DONE && result.failed > 0)
            code = EXIT_FAILED;
    }
    return code;
}

int command_gradcheck(int argc, char **argv)
{
    struct gradcheck_options options = {.check = bp_gradcheck_options_default()};
    struct option table[] = {
        {.kind = OPTION_WHOLE,
         .name = "samples",
         .value = &options.check.samples,
         .argument = "N",
         .limit = COUNT_MAX,
         .word = "all",
         .help = "rows used, from the first"},
        {.kind = OPTION_WHOLE,
         .name = "parameters",
         .value = &options.check.parameters,
         .argument = "N",
         .limit = COUNT_MAX,
         .word = "all",
         .help = "parameters checked, spread over the layers"},
        option_of_library(BP_OPTION_OF_RUNNING, "target", &options.tried.run.options),
        option_of_library(BP_OPTION_OF_RUNNING, "unknown", &options.tried.run.options),
        option_json(&options.json),
        {.kind = OPTION_END},
    };
    int code = model_data_parse(&options.tried, &help, "Checking:", table, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    code = check(&options);
    model_data_release(&options.tried);
    return code;
}
