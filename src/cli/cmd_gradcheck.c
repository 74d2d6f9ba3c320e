/* batchprop gradcheck: is the gradient that training uses the slope of the loss? */
#include <inttypes.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/options/arguments.h"
#include "cli/options/data_options.h"
#include "cli/options/run_options.h"
#include "cli/terminal/json_output.h"
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
    const char *target;
    bool json;
    struct data_options data;
    struct run_options run;
};

static int print_json(const bp_gradcheck_result *result)
{
    struct json_output json = json_output_begin();
    json_output_add(&json, "passed", json_boolean(result->failed == 0));
    json_output_add(&json, "samples", json_output_whole(result->samples));
    json_output_add(&json, "parameters", json_output_whole(result->parameters));
    json_output_add(&json, "skipped", json_output_whole(result->skipped));
    json_output_add(&json, "failed", json_output_whole(result->failed));
    json_output_add(&json, "worst_ratio", json_output_real(result->worst_ratio));
    json_output_add(&json, "worst_relative", json_output_real(result->worst_relative));
    json_output_add(&json, "worst_layer", json_output_whole(result->worst_layer));
    json_output_add(&json, "worst_neuron", json_output_whole(result->worst_neuron));
    json_output_add(&json, "worst_input", json_output_whole(result->worst_input));
    json_output_add(&json, "analytic", json_output_real(result->analytic));
    json_output_add(&json, "numeric", json_output_real(result->numeric));
    return json_output_print(&json);
}

static void print_text(const bp_model *model, const bp_gradcheck_result *result)
{
    bp_model_info info = bp_model_get_info(model);
    printf("samples     %zu\n", result->samples);
    printf("parameters  %zu of %zu checked, %zu failed\n", result->parameters, info.parameters,
           result->failed);
    if (result->skipped > 0)
        printf("            %zu left out: the loss has a kink there and no slope\n",
               result->skipped);
    if (result->parameters == 0)
        return;
    printf("worst       ");
    if (result->worst_input == info.widths[result->worst_layer])
        printf("threshold");
    else
        printf("weight from input %zu", result->worst_input + 1);
    printf(" of neuron %zu, layer %zu\n", result->worst_neuron + 1, result->worst_layer + 1);
    printf("            analytic %.9g, numeric %.9g\n", result->analytic, result->numeric);
    printf("            %.3g of what rounding allows, %.3g of the layer's largest gradient\n",
           result->worst_ratio, result->worst_relative);
    if (result->failed == 0)
        printf("verdict     passed: the gradient is the slope of the loss\n");
    else if (info.hidden_delta == BP_HIDDEN_DELTA_AS_PRINTED)
        printf(
            "verdict     failed, as it must: the rule as-printed is not the slope of the loss\n");
    else
        printf("verdict     FAILED: the gradient is not the slope of the loss\n");
}

static int check(const struct gradcheck_options *options, const char *model_path,
                 const char *data_path)
{
    bp_model *model = NULL;
    bp_dataset *data = NULL;
    bp_gradcheck_result result;
    bp_error error;
    bp_run_options run = run_options_get(&options->run, options->target);
    int code = EXIT_DONE;
    if (bp_model_load(&model, model_path, &error) != BP_OK)
        code = message_error(&error);
    if (code == EXIT_DONE)
        code = data_options_read(&options->data, model, &data_path, 1, &data);
    if (code == EXIT_DONE &&
        bp_gradcheck(model, data, &options->check, &run, &result, &error) != BP_OK)
        code = message_error(&error);
    if (code == EXIT_DONE) {
        if (options->json)
            code = print_json(&result);
        else
            print_text(model, &result);
        if (code == EXIT_DONE && result.failed > 0)
            code = EXIT_FAILED;
    }
    bp_dataset_free(data);
    bp_model_free(model);
    return code;
}

int command_gradcheck(int argc, char **argv)
{
    struct gradcheck_options options = {.check = bp_gradcheck_options_default()};
    data_options_init(&options.data, "gradcheck");
    run_options_init(&options.run);
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
        {.kind = OPTION_TEXT,
         .name = "target",
         .value = &options.target,
         .argument = "COLUMN",
         .help = "CSV: the column of the targets, by name or number from 1, if it is not called as "
                 "in training"},
        {.kind = OPTION_FLAG,
         .name = "json",
         .value = &options.json,
         .help = "print the result as one JSON object"},
        {.kind = OPTION_END},
    };
    const struct option_group groups[] = {{"Checking:", table},
                                          {"Reading the data:", options.data.table},
                                          {"Running:", options.run.table},
                                          {NULL, NULL}};
    struct arguments *arguments = NULL;
    int code = arguments_parse(&arguments, &help, groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    options.data.read.threads = options.run.threads;
    code = check(&options, arguments_operand(arguments, 0), arguments_operand(arguments, 1));
    arguments_free(arguments);
    return code;
}
