/* The format ONNX: a graph from columns to what is predicted, or, raw, from neurons to neurons. */
#include <string.h>

#include "export/formats.h"
#include "export/onnx_file.h"
#include "export/onnx_message.h"

/* What ONNX 1.8 reads, and all later versions of it. */
#define IR_VERSION        7
#define OPERATORS         13
#define LEARNED_OPERATORS 2

/* Programs that read protobuf count the bytes of a message in 31 bits. */
#define BYTES_MAX INT32_MAX

static bp_status check_size(uint64_t bytes, bp_error *error)
{
    if (bytes <= BYTES_MAX)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "the model takes %.1f GiB, and a file of ONNX has less than 2: export it in "
                   "another format, or train a smaller one",
                   (double)bytes / 0x1p30);
}

static void put_raw_input(struct bp_onnx_file *file)
{
    memcpy(file->inputs.text, "X", sizeof "X");
    bp_onnx_put_input(&file->graph, "X", BP_ONNX_FLOAT, file->exported->schema->inputs);
}

static void put_raw_output(struct bp_onnx_file *file)
{
    bp_onnx_apply(&file->graph, "Identity", file->outputs.text, NULL, "Y");
    bp_onnx_put_output(&file->graph, "Y", BP_ONNX_FLOAT, file->exported->schema->outputs);
}

/* All of it but the file around it. */
static bp_status put_graph(struct bp_onnx_file *file, bp_error *error)
{
    const bool raw = file->exported->options.raw;
    BpOnnx__GraphProto field = BP_ONNX__GRAPH_PROTO__INIT;
    bp_status status = BP_OK;
    file->graph = bp_onnx_graph_begin(raw ? NULL : file->exported->schema);
    field.name = bp_onnx_text(file->exported->name);
    bp_onnx_put_message(&file->graph.text, &field.base);
    if (raw)
        put_raw_input(file);
    else
        status = bp_onnx_put_columns(file, error);
    if (!status)
        status = bp_onnx_put_networks(file, error);
    if (!status && raw)
        put_raw_output(file);
    else if (!status)
        bp_onnx_put_answers(file);
    return status;
}

/* A graph in a file. */
static void put_model(struct bp_export_text *text, const struct bp_onnx_file *file)
{
    const struct bp_export_text *graph = &file->graph.text;
    BpOnnx__ModelProto model = BP_ONNX__MODEL_PROTO__INIT;
    BpOnnx__OperatorSetIdProto plain = BP_ONNX__OPERATOR_SET_ID_PROTO__INIT;
    BpOnnx__OperatorSetIdProto learned = BP_ONNX__OPERATOR_SET_ID_PROTO__INIT;
    BpOnnx__OperatorSetIdProto *sets[] = {&plain, &learned};
    BpOnnx__StringStringEntryProto digest = BP_ONNX__STRING_STRING_ENTRY_PROTO__INIT;
    BpOnnx__StringStringEntryProto *entries[] = {&digest};
    model.has_ir_version = true;
    model.ir_version = IR_VERSION;
    model.producer_name = bp_onnx_text("batchprop");
    model.producer_version = bp_onnx_text(BP_VERSION);
    plain.domain = bp_onnx_text("");
    plain.has_version = learned.has_version = true;
    plain.version = OPERATORS;
    learned.domain = bp_onnx_text("ai.onnx.ml");
    learned.version = LEARNED_OPERATORS;
    model.opset_import = sets;
    model.n_opset_import = 2;
    digest.key = bp_onnx_text("weights_digest");
    digest.value = bp_onnx_text(file->exported->digest);
    model.metadata_props = entries;
    model.n_metadata_props = 1;
    model.has_graph = true;
    model.graph = (ProtobufCBinaryData){graph->length, (uint8_t *)graph->bytes};
    bp_onnx_put_message(text, &model.base);
}

bp_status bp_export_onnx(const struct bp_exported *exported, struct bp_export_text *text,
                         struct bp_export_text *header, bp_error *error)
{
    struct bp_onnx_file file = {.exported = exported};
    (void)header;
    bp_status status = check_size((uint64_t)exported->parameters * sizeof(float), error);
    if (!status)
        status = put_graph(&file, error);
    if (!status && !file.graph.text.failed)
        put_model(text, &file);
    if (!status)
        status = check_size(text->length, error);
    text->failed |= file.graph.text.failed;
    bp_onnx_names_release(&file.parts);
    bp_export_release(&file.graph.text);
    return status;
}
