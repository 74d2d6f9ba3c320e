/*
 * Model files: an error with a sentence, or a model that can be asked, saved to a file that is
 * saved to the same bytes again, and used for prediction.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batchprop/batchprop.h"
#include "fuzz/fuzz.h"

#define INPUTS_MAX 4096

/* The text of a cell in quotes. */
static void put_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++)
        fprintf(out, "%s%c", *text == '"' ? "\"" : "", *text);
    fputc('"', out);
}

/* A file with the inputs of the model, and a row that it knows. */
static void put_row(FILE *out, const bp_model *model, char separator, bool names)
{
    const size_t count = bp_model_get_info(model).input_columns;
    for (size_t c = 0; c < count; c++) {
        bp_model_column column;
        FUZZ_REQUIRE(bp_model_get_column(model, c, &column, NULL) == BP_OK);
        if (c > 0)
            fputc(separator, out);
        if (names)
            put_quoted(out, column.name);
        else
            put_quoted(out, column.categories ? column.categories[0] : "0.5");
    }
    fputc('\n', out);
}

static void predict_file(const bp_model *model)
{
    bp_read_options of_model, options = bp_read_options_default();
    bp_run_options run = bp_run_options_default();
    char *text = NULL;
    size_t size = 0;
    bp_dataset *dataset;
    bp_model_read_options_init(&of_model, sizeof of_model, model);
    options.of_model = &of_model;
    options.threads = run.threads = 1;
    options.format = BP_FORMAT_CSV;
    FILE *out = open_memstream(&text, &size);
    FUZZ_REQUIRE(out != NULL);
    const char separator = of_model.separator ? of_model.separator : ',';
    if (of_model.header != BP_HEADER_NO)
        put_row(out, model, separator, true);
    put_row(out, model, separator, false);
    fclose(out);
    const size_t outputs = bp_model_get_info(model).outputs;
    if (bp_dataset_read(&dataset, fuzz_file(text, size), &options, NULL) == BP_OK) {
        const size_t rows = bp_dataset_get_info(dataset).rows;
        double *values = calloc(rows * outputs, sizeof *values);
        bp_unknown_info unknown;
        FUZZ_REQUIRE(values != NULL);
        bp_count_unknown(model, dataset, &unknown, NULL);
        if (bp_predict_wide(model, dataset, &run, values, NULL) == BP_OK)
            FUZZ_REQUIRE(bp_model_decide_wide(model, values) < outputs);
        free(values);
        bp_dataset_free(dataset);
    }
    free(text);
}

static size_t count_inputs(const bp_model *model)
{
    const bp_model *one = bp_model_members(model) > 1 ? bp_model_get_member(model, 0) : model;
    return bp_model_get_info(one).widths[0];
}

static void predict_zeros(const bp_model *model)
{
    bp_workspace *workspace;
    float *inputs = calloc(count_inputs(model), sizeof *inputs);
    float *outputs = calloc(bp_model_get_info(model).outputs, sizeof *outputs);
    FUZZ_REQUIRE(inputs && outputs);
    FUZZ_REQUIRE(bp_workspace_create(&workspace, model, NULL) == BP_OK);
    bp_predict_rows(model, workspace, inputs, 1, outputs, NULL);
    bp_workspace_free(workspace);
    free(inputs);
    free(outputs);
}

static void ask(const bp_model *model)
{
    bp_model_options shape;
    bp_train_options train;
    bp_model_get_options(model, &shape, NULL);
    bp_model_get_train_options(model, &train, NULL);
    bp_model_get_effective_options(model, &train, NULL);
    for (size_t m = 0; m < bp_model_members(model); m++)
        FUZZ_REQUIRE(bp_model_member_weight(model, m) > 0);
}

static void save_twice(const bp_model *model)
{
    void *first, *second;
    size_t first_size, second_size;
    bp_model *again;
    if (bp_model_save_memory(model, &first, &first_size, NULL) != BP_OK)
        return; /* parameters that are not finite */
    FUZZ_REQUIRE(bp_model_load_memory(&again, first, first_size, NULL) == BP_OK);
    FUZZ_REQUIRE(bp_model_save_memory(again, &second, &second_size, NULL) == BP_OK);
    FUZZ_REQUIRE(first_size == second_size && memcmp(first, second, first_size) == 0);
    bp_model_free(again);
    bp_memory_free(first);
    bp_memory_free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bp_model *model;
    bp_error error = {BP_OK, ""};
    const bp_status status = bp_model_load_memory(&model, data, size, &error);
    FUZZ_REQUIRE(status == error.status && (model != NULL) == (status == BP_OK));
    FUZZ_REQUIRE((error.message[0] != '\0') == (status != BP_OK));
    if (!model)
        return 0;
    ask(model);
    save_twice(model);
    if (count_inputs(model) <= INPUTS_MAX) {
        predict_zeros(model);
        predict_file(model);
    }
    bp_model_free(model);
    return 0;
}
