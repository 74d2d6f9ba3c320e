/* An imported model is one like any other. */
#include "fuzz/imported.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

#define INPUTS_MAX 4096

static void predict_zeros(const bp_model *model, const bp_model_info *info)
{
    bp_workspace *workspace;
    float *inputs = calloc(info->widths[0], sizeof *inputs);
    float *outputs = calloc(info->outputs, sizeof *outputs);
    FUZZ_REQUIRE(inputs && outputs);
    FUZZ_REQUIRE(bp_workspace_create(&workspace, model, NULL) == BP_OK);
    if (bp_predict_rows(model, workspace, inputs, 1, outputs, NULL) == BP_OK)
        FUZZ_REQUIRE(bp_model_decide(model, outputs) < info->outputs);
    bp_workspace_free(workspace);
    free(inputs);
    free(outputs);
}

static void save(const bp_model *model, const bp_model_info *info)
{
    void *bytes;
    size_t size;
    bp_model *again;
    FUZZ_REQUIRE(bp_model_save_memory(model, &bytes, &size, NULL) == BP_OK);
    FUZZ_REQUIRE(bp_model_load_memory(&again, bytes, size, NULL) == BP_OK);
    FUZZ_REQUIRE(strcmp(bp_model_get_info(again).weights_digest, info->weights_digest) == 0);
    bp_model_free(again);
    bp_memory_free(bytes);
}

void fuzz_import(const uint8_t *data, size_t size, const bp_import_options *options)
{
    bp_model *model;
    bp_import_info import;
    bp_error error = {BP_OK, ""};
    const bp_status status = bp_model_import_memory(&model, data, size, options, &import, &error);
    FUZZ_REQUIRE(status == error.status && (model != NULL) == (status == BP_OK));
    FUZZ_REQUIRE((error.message[0] != '\0') == (status != BP_OK));
    if (!model)
        return;
    const bp_model_info info = bp_model_get_info(model);
    FUZZ_REQUIRE(import.rounded <= info.parameters && import.format != BP_IMPORT_AUTO);
    save(model, &info);
    if (info.widths[0] <= INPUTS_MAX)
        predict_zeros(model, &info);
    bp_model_free(model);
}
