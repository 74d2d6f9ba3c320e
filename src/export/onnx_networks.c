/* The networks of a model: Gemm and the activation of each layer, then their weighted mean. */
#include "export/onnx_file.h"

static struct bp_onnx_name name_part(const struct bp_onnx_file *file,
                                     const struct bp_export_layer *layer, const char *part)
{
    if (file->exported->model->member)
        return bp_onnx_inner_name(&file->graph, "network%zu/layer%zu/%s", layer->network,
                                  layer->index, part);
    return bp_onnx_inner_name(&file->graph, "layer%zu/%s", layer->index, part);
}

/* An activation that is one operator. The slope of LeakyRelu is 0.01, and that of Elu's exponential
 * 1, where nothing else is said. */
static const char *name_operator(const struct bp_export_layer *layer)
{
    static const char *const names[] = {
        [BP_ACTIVATION_LOGISTIC] = "Sigmoid", [BP_ACTIVATION_TANH] = "Tanh",
        [BP_ACTIVATION_RELU] = "Relu",        [BP_ACTIVATION_LEAKY_RELU] = "LeakyRelu",
        [BP_ACTIVATION_ELU] = "Elu",          [BP_ACTIVATION_SOFTPLUS] = "Softplus",
        [BP_ACTIVATION_SOFTMAX] = "Softmax",  [BP_ACTIVATION_IDENTITY] = "Identity",
    };
    return layer->counts ? "Exp" : names[layer->activation];
}

/* n / (1 + exp(-n)) */
static void put_silu(struct bp_onnx_file *file, const struct bp_export_layer *layer, const char *n,
                     const char *out)
{
    const struct bp_onnx_name gate = name_part(file, layer, "gate");
    bp_onnx_apply(&file->graph, "Sigmoid", n, NULL, gate.text);
    bp_onnx_apply(&file->graph, "Mul", n, gate.text, out);
}

static struct bp_onnx_name put_number(struct bp_onnx_file *file,
                                      const struct bp_export_layer *layer, const char *part,
                                      float value)
{
    const struct bp_onnx_name name = name_part(file, layer, part);
    bp_onnx_put_constant(
        &file->graph,
        &(struct bp_onnx_constant){.name = name.text, .type = BP_ONNX_FLOAT, .values = &value});
    return name;
}

/* 1 / (1 + exp(-n)). For outputs, of which small ones count: Sigmoid of ONNX Runtime is exact to
 * 1.5e-7 whatever the size, and gives 1e-3 with an error of 1e-4 of it. */
static void put_logistic(struct bp_onnx_file *file, const struct bp_export_layer *layer,
                         const char *n, const char *out)
{
    struct bp_onnx_graph *graph = &file->graph;
    const struct bp_onnx_name one = put_number(file, layer, "one", 1.0f);
    const struct bp_onnx_name negative = name_part(file, layer, "negative");
    const struct bp_onnx_name power = name_part(file, layer, "power");
    const struct bp_onnx_name more = name_part(file, layer, "more");
    bp_onnx_apply(graph, "Neg", n, NULL, negative.text);
    bp_onnx_apply(graph, "Exp", negative.text, NULL, power.text);
    bp_onnx_apply(graph, "Add", power.text, one.text, more.text);
    bp_onnx_apply(graph, "Reciprocal", more.text, NULL, out);
}

/* n (1 + erf(n / sqrt 2)) / 2, in the order in which ONNX Runtime knows it for one operator */
static void put_gelu(struct bp_onnx_file *file, const struct bp_export_layer *layer, const char *n,
                     const char *out)
{
    struct bp_onnx_graph *graph = &file->graph;
    const struct bp_onnx_name root = put_number(file, layer, "root", 0x1.6a09e6p+0f);
    const struct bp_onnx_name one = put_number(file, layer, "one", 1.0f);
    const struct bp_onnx_name half = put_number(file, layer, "half", 0.5f);
    const struct bp_onnx_name ratio = name_part(file, layer, "ratio");
    const struct bp_onnx_name erf = name_part(file, layer, "erf");
    const struct bp_onnx_name more = name_part(file, layer, "more");
    const struct bp_onnx_name twice = name_part(file, layer, "twice");
    bp_onnx_apply(graph, "Div", n, root.text, ratio.text);
    bp_onnx_apply(graph, "Erf", ratio.text, NULL, erf.text);
    bp_onnx_apply(graph, "Add", erf.text, one.text, more.text);
    bp_onnx_apply(graph, "Mul", n, more.text, twice.text);
    bp_onnx_apply(graph, "Mul", twice.text, half.text, out);
}

static void put_weights(struct bp_onnx_file *file, const struct bp_export_layer *layer,
                        const char *weights, const char *bias)
{
    bp_onnx_put_constant(&file->graph, &(struct bp_onnx_constant){.name = weights,
                                                                  .type = BP_ONNX_FLOAT,
                                                                  .rows = layer->out,
                                                                  .columns = layer->in,
                                                                  .values = layer->weights});
    bp_onnx_put_constant(&file->graph, &(struct bp_onnx_constant){.name = bias,
                                                                  .type = BP_ONNX_FLOAT,
                                                                  .columns = layer->out,
                                                                  .values = layer->bias});
}

static void put_layer(void *format, const struct bp_export_layer *layer)
{
    struct bp_onnx_file *file = format;
    const struct bp_onnx_name from = layer->index == 0 ? file->inputs : file->outputs;
    const struct bp_onnx_name weights = name_part(file, layer, "weight");
    const struct bp_onnx_name bias = name_part(file, layer, "bias");
    const struct bp_onnx_name n = name_part(file, layer, "n");
    const struct bp_onnx_name out = name_part(file, layer, "o");
    put_weights(file, layer, weights.text, bias.text);
    bp_onnx_put_node(&file->graph,
                     &(struct bp_onnx_node){.op = "Gemm",
                                            .in = {from.text, weights.text, bias.text},
                                            .out = n.text,
                                            .number = {{"transB", 1}}});
    if (layer->activation == BP_ACTIVATION_GELU)
        put_gelu(file, layer, n.text, out.text);
    else if (layer->activation == BP_ACTIVATION_SILU)
        put_silu(file, layer, n.text, out.text);
    else if (layer->activation == BP_ACTIVATION_LOGISTIC && layer->last)
        put_logistic(file, layer, n.text, out.text);
    else
        bp_onnx_apply(&file->graph, name_operator(layer), n.text, NULL, out.text);
    file->outputs = out;
    file->shares = layer->activation == BP_ACTIVATION_SOFTMAX;
}

/* One network gives the outputs, several their mean. */
static void put_network(void *format, size_t m, double weight)
{
    struct bp_onnx_file *file = format;
    struct bp_onnx_graph *graph = &file->graph;
    if (!file->exported->model->member)
        return;
    const struct bp_onnx_name wide = bp_onnx_inner_name(graph, "network%zu/wide", m);
    const struct bp_onnx_name factor = bp_onnx_inner_name(graph, "network%zu/factor", m);
    const struct bp_onnx_name part = bp_onnx_inner_name(graph, "network%zu/part", m);
    bp_onnx_cast(graph, file->outputs.text, BP_ONNX_DOUBLE, wide.text);
    bp_onnx_put_constant(
        graph,
        &(struct bp_onnx_constant){.name = factor.text, .type = BP_ONNX_DOUBLE, .values = &weight});
    bp_onnx_apply(graph, "Mul", wide.text, factor.text, part.text);
    bp_onnx_names_add(graph, &file->parts, part.text);
}

bp_status bp_onnx_put_networks(struct bp_onnx_file *file, bp_error *error)
{
    static const struct bp_export_steps steps = {.layer = put_layer, .network = put_network};
    struct bp_onnx_graph *graph = &file->graph;
    const bp_status status = bp_export_walk_networks(file->exported, &steps, file, error);
    if (status || file->parts.count == 0)
        return status;
    const struct bp_onnx_name sum = bp_onnx_inner_name(graph, "sum");
    file->outputs = bp_onnx_inner_name(graph, "mean");
    bp_onnx_put_node(graph,
                     &(struct bp_onnx_node){.op = "Sum", .list = &file->parts, .out = sum.text});
    bp_onnx_cast(graph, sum.text, BP_ONNX_FLOAT, file->outputs.text);
    return BP_OK;
}
