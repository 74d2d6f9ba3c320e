/* ONNX files are read back by what protobuf-c makes of the schema. What they compute is tried in
 * ONNX Runtime, by onnx_runtime.py. */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include <export/onnx_schema.pb-c.h>

#include "base/byte_order.h"
#include "export/formats.h"
#include "model/model.h"
#include "support/reading.h"
#include "support/tables.h"

/* A file, taken apart. */
struct file {
    void *bytes;
    BpOnnx__ModelProto *model;
    BpOnnx__GraphProto *graph;
};

static bp_dataset *read_table(const char *text)
{
    bp_read_options options = bp_read_options_default();
    options.header = BP_HEADER_YES;
    return expect_dataset(read_text("d.csv", text, &options));
}

static bp_model *make_model(bp_dataset *dataset, bp_activation hidden, bp_missing missing)
{
    bp_model_options options = bp_model_options_default();
    options.hidden_count = 1;
    options.hidden[0] = 5;
    options.activations[0] = hidden;
    options.missing = missing;
    bp_model *model;
    bp_error error;
    cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_OK, "%s", error.message);
    bp_dataset_free(dataset);
    return model;
}

/* Rows are a number and a class, which is text. */
static bp_model *make_classes(const char *text)
{
    bp_model_options options = bp_model_options_default();
    bp_read_options reading = bp_read_options_default();
    reading.categorical = "class";
    bp_dataset *dataset = expect_dataset(read_text("d.csv", text, &reading));
    bp_model *model;
    bp_error error;
    cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_OK, "%s", error.message);
    bp_dataset_free(dataset);
    return model;
}

static bool is_there(char **names, size_t count, const char *name)
{
    for (size_t k = 0; k < count; k++) {
        if (strcmp(names[k], name) == 0)
            return true;
    }
    return false;
}

/* Each value has one source, and it stands before those who read it. */
static void expect_order(const BpOnnx__GraphProto *graph)
{
    char *known[256];
    size_t count = 0;
    for (size_t k = 0; k < graph->n_input; k++)
        known[count++] = graph->input[k]->name;
    for (size_t k = 0; k < graph->n_initializer; k++)
        known[count++] = graph->initializer[k]->name;
    for (size_t k = 0; k < graph->n_node; k++) {
        const BpOnnx__NodeProto *node = graph->node[k];
        cr_assert_lt(count, sizeof known / sizeof known[0]);
        cr_assert_eq(node->n_output, 1);
        for (size_t i = 0; i < node->n_input; i++)
            cr_expect(is_there(known, count, node->input[i]), "%s is read by %s", node->input[i],
                      node->name);
        known[count++] = node->output[0];
    }
    for (size_t k = 0; k < count; k++)
        cr_expect_not(is_there(known, k, known[k]), "%s is there twice", known[k]);
    for (size_t k = 0; k < graph->n_output; k++)
        cr_expect(is_there(known, count, graph->output[k]->name), "%s", graph->output[k]->name);
}

/* Frees the model. */
static struct file export_model(bp_model *model, bool raw, bp_unknown unknown)
{
    bp_export_options options = bp_export_options_default();
    struct file file;
    size_t size;
    bp_error error;
    options.format = BP_EXPORT_ONNX;
    options.raw = raw;
    options.unknown = unknown;
    options.name = "net";
    cr_assert_eq(bp_model_export_save_memory(model, &options, &file.bytes, &size, &error), BP_OK,
                 "%s", error.message);
    file.model = bp_onnx__model_proto__unpack(NULL, size, file.bytes);
    cr_assert(file.model);
    file.graph = bp_onnx__graph_proto__unpack(NULL, file.model->graph.len, file.model->graph.data);
    cr_assert(file.graph);
    cr_expect_str_eq(file.graph->name, "net");
    expect_order(file.graph);
    bp_model_free(model);
    return file;
}

static void release(struct file *file)
{
    bp_onnx__graph_proto__free_unpacked(file->graph, NULL);
    bp_onnx__model_proto__free_unpacked(file->model, NULL);
    bp_memory_free(file->bytes);
}

/* N x columns elements, or N of them. */
static void expect_value(const BpOnnx__ValueInfoProto *value, const char *name,
                         BpOnnx__TensorProto__DataType type, int64_t columns)
{
    const BpOnnx__TypeProto__Tensor *tensor = value->type->tensor_type;
    cr_expect_str_eq(value->name, name);
    cr_expect_eq(tensor->elem_type, (int32_t)type, "%s", name);
    cr_assert_eq(tensor->shape->n_dim, columns == 0 ? 1 : 2);
    cr_expect_str_eq(tensor->shape->dim[0]->dim_param, "N");
    if (columns > 0)
        cr_expect_eq(tensor->shape->dim[1]->dim_value, columns);
}

/* The only node of that kind. */
static const BpOnnx__NodeProto *find_node(const struct file *file, const char *op)
{
    const BpOnnx__NodeProto *found = NULL;
    for (size_t k = 0; k < file->graph->n_node; k++) {
        if (strcmp(file->graph->node[k]->op_type, op) != 0)
            continue;
        cr_expect_null(found, "%s is there twice", op);
        found = file->graph->node[k];
    }
    cr_assert(found, "there is no %s", op);
    return found;
}

static size_t count_nodes(const struct file *file, const char *op)
{
    size_t count = 0;
    for (size_t k = 0; k < file->graph->n_node; k++)
        count += strcmp(file->graph->node[k]->op_type, op) == 0;
    return count;
}

static const BpOnnx__AttributeProto *find_attribute(const BpOnnx__NodeProto *node, const char *name)
{
    for (size_t k = 0; k < node->n_attribute; k++) {
        if (strcmp(node->attribute[k]->name, name) == 0)
            return node->attribute[k];
    }
    cr_assert_fail("%s has no %s", node->op_type, name);
    return NULL;
}

static const BpOnnx__TensorProto *find_constant(const struct file *file, const char *name)
{
    for (size_t k = 0; k < file->graph->n_initializer; k++) {
        if (strcmp(file->graph->initializer[k]->name, name) == 0)
            return file->graph->initializer[k];
    }
    cr_assert_fail("there is no constant %s", name);
    return NULL;
}

static void expect_word(const ProtobufCBinaryData *bytes, const char *word)
{
    cr_expect_eq(bytes->len, strlen(word), "%s", word);
    cr_expect(bytes->len == 0 || strncmp((const char *)bytes->data, word, bytes->len) == 0, "%s",
              word);
}

/* The columns a, kind and b, and the target. */
static bp_dataset *mixed(void)
{
    return read_table("a,kind,b,class\n1,red,3,up\n2,,4,down\n,blue,7,up\n5,red,9,side\n");
}

Test(export_onnx, says_its_versions_and_whose_weights_it_has)
{
    bp_model *model = make_model(mixed(), BP_ACTIVATION_TANH, BP_MISSING_MEAN);
    const bp_model_info info = bp_model_get_info(model);
    struct file file = export_model(model, false, BP_UNKNOWN_AUTO);
    cr_expect_eq(file.model->ir_version, 7);
    cr_expect_str_eq(file.model->producer_name, "batchprop");
    cr_expect_str_eq(file.model->producer_version, BP_VERSION);
    cr_assert_eq(file.model->n_opset_import, 2);
    cr_expect_str_eq(file.model->opset_import[0]->domain, "");
    cr_expect_eq(file.model->opset_import[0]->version, 13);
    cr_expect_str_eq(file.model->opset_import[1]->domain, "ai.onnx.ml");
    cr_expect_eq(file.model->opset_import[1]->version, 2);
    cr_assert_eq(file.model->n_metadata_props, 1);
    cr_expect_str_eq(file.model->metadata_props[0]->key, "weights_digest");
    cr_expect_str_eq(file.model->metadata_props[0]->value, info.weights_digest);
    release(&file);
}

Test(export_onnx, takes_a_value_for_each_column_and_gives_label_and_probabilities)
{
    struct file file = export_model(make_model(mixed(), BP_ACTIVATION_TANH, BP_MISSING_MEAN), false,
                                    BP_UNKNOWN_AUTO);
    cr_assert_eq(file.graph->n_input, 3);
    expect_value(file.graph->input[0], "a", BP_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 1);
    expect_value(file.graph->input[1], "kind", BP_ONNX__TENSOR_PROTO__DATA_TYPE__STRING, 1);
    expect_value(file.graph->input[2], "b", BP_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 1);
    cr_assert_eq(file.graph->n_output, 2);
    expect_value(file.graph->output[0], "label", BP_ONNX__TENSOR_PROTO__DATA_TYPE__STRING, 0);
    expect_value(file.graph->output[1], "probabilities", BP_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT,
                 3);
    const BpOnnx__TensorProto *classes = find_constant(&file, "/classes");
    cr_assert_eq(classes->n_string_data, 3);
    expect_word(&classes->string_data[0], "down");
    expect_word(&classes->string_data[2], "up");
    release(&file);
}

Test(export_onnx, holds_the_weights_of_each_layer_row_by_row)
{
    bp_model *model = make_model(mixed(), BP_ACTIVATION_TANH, BP_MISSING_MEAN);
    float weights[15], bias[3];
    const struct bp_network *network = model->network;
    cr_assert_eq(network->layer[1].in * network->layer[1].out, 15);
    bp_layer_unpack(&network->layer[1], network->values, weights, bias);
    struct file file = export_model(model, false, BP_UNKNOWN_AUTO);
    const BpOnnx__TensorProto *tensor = find_constant(&file, "/layer1/weight");
    cr_assert_eq(tensor->n_dims, 2);
    cr_expect_eq(tensor->dims[0], 3);
    cr_expect_eq(tensor->dims[1], 5);
    cr_assert_eq(tensor->raw_data.len, sizeof weights);
    for (size_t k = 0; k < 15; k++)
        cr_expect_eq(bp_load_float(tensor->raw_data.data + 4 * k), weights[k]);
    cr_expect_eq(find_constant(&file, "/layer1/bias")->raw_data.len, sizeof bias);
    release(&file);
}

Test(export_onnx, refuses_unknown_categories_or_takes_them_for_none)
{
    struct file file = export_model(make_model(mixed(), BP_ACTIVATION_TANH, BP_MISSING_MEAN), false,
                                    BP_UNKNOWN_AUTO);
    const BpOnnx__NodeProto *node = find_node(&file, "OneHotEncoder");
    cr_expect_str_eq(node->domain, "ai.onnx.ml");
    cr_expect_str_eq(node->input[0], "kind");
    cr_expect_eq(find_attribute(node, "zeros")->i, 0);
    const BpOnnx__AttributeProto *words = find_attribute(node, "cats_strings");
    cr_assert_eq(words->n_strings, 3);
    expect_word(&words->strings[0], "");
    expect_word(&words->strings[1], "blue");
    expect_word(&words->strings[2], "red");
    release(&file);
    file = export_model(make_model(mixed(), BP_ACTIVATION_TANH, BP_MISSING_MEAN), false,
                        BP_UNKNOWN_IGNORE);
    cr_expect_eq(find_attribute(find_node(&file, "OneHotEncoder"), "zeros")->i, 1);
    release(&file);
}

Test(export_onnx, takes_unknown_categories_for_the_most_frequent_one)
{
    struct file file = export_model(make_model(mixed(), BP_ACTIVATION_TANH, BP_MISSING_MEAN), false,
                                    BP_UNKNOWN_MOST_FREQUENT);
    const BpOnnx__NodeProto *node = find_node(&file, "LabelEncoder");
    expect_word(&find_attribute(node, "default_string")->s, "red");
    cr_expect_eq(find_attribute(node, "keys_strings")->n_strings, 3);
    cr_expect_eq(find_attribute(node, "values_strings")->n_strings, 3);
    cr_expect_str_eq(find_node(&file, "OneHotEncoder")->input[0], node->output[0]);
    release(&file);
}

Test(export_onnx, tells_of_missing_cells_only_where_the_model_does)
{
    struct file file = export_model(make_model(mixed(), BP_ACTIVATION_TANH, BP_MISSING_INDICATOR),
                                    false, BP_UNKNOWN_AUTO);
    const BpOnnx__TensorProto *tells = find_constant(&file, "/numbers0/indicator");
    cr_assert_eq(tells->raw_data.len, 2);
    cr_expect_eq(tells->raw_data.data[0], 0);
    cr_expect_eq(tells->raw_data.data[1], 1);
    cr_expect_eq(count_nodes(&file, "IsNaN"), 2); /* a with its indicator, and b */
    cr_expect_eq(count_nodes(&file, "Where"), 4); /* fills, tells, and the shares of outputs */
    release(&file);
    file = export_model(
        make_model(read_table("a,class\n1,x\n2,y\n"), BP_ACTIVATION_RELU, BP_MISSING_ERROR), false,
        BP_UNKNOWN_AUTO);
    cr_expect_eq(count_nodes(&file, "IsNaN"), 0);
    release(&file);
}

/* Only model files that other programs write have such a column. */
Test(export_onnx, tells_of_the_last_of_several_cells)
{
    static const uint8_t pixels[] = {1, 2, 3, 4, 5, 6};
    static const uint32_t labels[] = {0, 1};
    bp_model *model =
        make_model(table_images(2, 3, pixels, labels, 2), BP_ACTIVATION_RELU, BP_MISSING_MEAN);
    model->schema->column[0].indicator = true;
    struct file file = export_model(model, false, BP_UNKNOWN_AUTO);
    expect_value(file.graph->input[0], "pixels", BP_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 2);
    cr_expect_str_eq(file.graph->node[0]->op_type, "Gather");
    cr_expect_eq(find_attribute(file.graph->node[0], "axis")->i, 1);
    cr_expect_eq(bp_load_little(find_constant(&file, "/column0/last")->raw_data.data, 8), 1);
    cr_expect_str_eq(find_node(&file, "Concat")->input[0], "pixels");
    cr_expect_str_eq(find_node(&file, "Concat")->input[1], file.graph->node[0]->output[0]);
    release(&file);
}

Test(export_onnx, gives_classes_that_are_integers_as_such)
{
    static const char *const others[] = {"3x", "3.0", "03", "+3", "-0", "9223372036854775808"};
    struct file file = export_model(make_classes("a,class\n1,-3\n2,10\n"), false, BP_UNKNOWN_AUTO);
    expect_value(file.graph->output[0], "label", BP_ONNX__TENSOR_PROTO__DATA_TYPE__INT64, 0);
    const BpOnnx__TensorProto *classes = find_constant(&file, "/classes");
    cr_assert_eq(classes->raw_data.len, 16);
    cr_expect_eq((int64_t)bp_load_little(classes->raw_data.data, 8), -3);
    cr_expect_eq((int64_t)bp_load_little(classes->raw_data.data + 8, 8), 10);
    release(&file);
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
        char text[64];
        snprintf(text, sizeof text, "a,class\n1,%s\n2,10\n", others[k]);
        file = export_model(make_classes(text), false, BP_UNKNOWN_AUTO);
        expect_value(file.graph->output[0], "label", BP_ONNX__TENSOR_PROTO__DATA_TYPE__STRING, 0);
        release(&file);
    }
}

Test(export_onnx, renames_outputs_and_inner_values_that_columns_are_called)
{
    struct file file = export_model(
        make_model(read_table("label,label1,probabilities,/layer0/o,/1/,class\n1,2,3,4,5,x\n"
                              "2,3,4,5,7,y\n"),
                   BP_ACTIVATION_RELU, BP_MISSING_ERROR),
        false, BP_UNKNOWN_AUTO);
    cr_expect_str_eq(file.graph->output[0]->name, "label2");
    cr_expect_str_eq(file.graph->output[1]->name, "probabilities1");
    cr_expect_str_eq(file.graph->node[0]->name, "/2/numbers0/cells");
    release(&file);
}

Test(export_onnx, gives_numbers_in_the_units_of_their_targets)
{
    struct file file = export_model(make_model(read_table("a,y\n1,0.5\n2,7.25\n3,1.75\n"),
                                               BP_ACTIVATION_SILU, BP_MISSING_ERROR),
                                    false, BP_UNKNOWN_AUTO);
    cr_assert_eq(file.graph->n_output, 1);
    expect_value(file.graph->output[0], "variable", BP_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 1);
    cr_expect_eq(find_constant(&file, "/scale")->data_type,
                 BP_ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE);
    release(&file);
}

/* Numbers that binary32 would not tell apart. */
Test(export_onnx, takes_and_gives_numbers_far_from_0_as_doubles)
{
    double inputs[] = {1.7e9, 1.7e9 + 1, 1.7e9 + 2, 1.7e9 + 3};
    float targets[] = {1, 2, 3, 5};
    bp_arrays arrays = bp_arrays_default();
    bp_dataset *dataset;
    arrays.count = 4;
    arrays.inputs = 1;
    arrays.wide_input = inputs;
    arrays.outputs = 1;
    arrays.targets = targets;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    struct file file = export_model(make_model(dataset, BP_ACTIVATION_GELU, BP_MISSING_ERROR),
                                    false, BP_UNKNOWN_AUTO);
    expect_value(file.graph->input[0], file.graph->input[0]->name,
                 BP_ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE, 1);
    cr_expect_eq(find_constant(&file, "/column0/origin")->raw_data.len, 8);
    cr_expect_eq(count_nodes(&file, "Erf"), 1);
    release(&file);
}

Test(export_onnx, raw_has_no_unknown_categories)
{
    bp_export_options options = bp_export_options_default();
    bp_model *model = make_model(mixed(), BP_ACTIVATION_ELU, BP_MISSING_INDICATOR);
    bp_error error;
    void *bytes;
    size_t size;
    options.format = BP_EXPORT_ONNX;
    options.raw = true;
    options.unknown = BP_UNKNOWN_IGNORE;
    cr_expect_eq(bp_model_export_save_memory(model, &options, &bytes, &size, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect(strstr(error.message, "has no categories") != NULL, "%s", error.message);
    bp_model_free(model);
}

Test(export_onnx, raw_is_the_network_from_neurons_to_neurons)
{
    struct file file = export_model(make_model(mixed(), BP_ACTIVATION_ELU, BP_MISSING_INDICATOR),
                                    true, BP_UNKNOWN_AUTO);
    cr_assert_eq(file.graph->n_input, 1);
    cr_assert_eq(file.graph->n_output, 1);
    expect_value(file.graph->input[0], "X", BP_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 6);
    expect_value(file.graph->output[0], "Y", BP_ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 3);
    cr_expect_eq(file.graph->n_node, 8); /* two layers, of which one is logistic, and a name */
    release(&file);
}

Test(export_onnx, averages_several_networks_and_decides_by_factors)
{
    bp_model *member[2], *model;
    static const double weights[] = {1, 3}, factors[] = {1, 2, 0.5};
    member[0] = make_model(mixed(), BP_ACTIVATION_RELU, BP_MISSING_MEAN);
    member[1] = make_model(mixed(), BP_ACTIVATION_SOFTPLUS, BP_MISSING_MEAN);
    cr_assert_eq(bp_model_combine(&model, member, weights, 2, NULL), BP_OK);
    cr_assert_eq(bp_model_set_factors(model, factors, NULL), BP_OK);
    struct file file = export_model(model, false, BP_UNKNOWN_AUTO);
    cr_expect_eq(find_node(&file, "Sum")->n_input, 2);
    const BpOnnx__TensorProto *weight = find_constant(&file, "/network1/factor");
    const uint64_t bits = bp_load_little(weight->raw_data.data, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    cr_expect_eq(value, 0.75);
    cr_expect_eq(find_constant(&file, "/factors")->raw_data.len, sizeof factors);
    cr_expect_str_eq(find_node(&file, "ArgMax")->input[0], "/decision");
    find_constant(&file, "/network0/layer1/weight");
    release(&file);
}

Test(export_onnx, refuses_a_model_of_2_GiB_before_memory_is_spent)
{
    bp_model *model = make_model(mixed(), BP_ACTIVATION_RELU, BP_MISSING_MEAN);
    bp_export_options options = bp_export_options_default();
    struct bp_exported exported = bp_exported_make(model, &options);
    struct bp_export_text text = {0};
    bp_error error;
    cr_expect_eq(exported.parameters, 5 * 6 + 3 * 6);
    exported.parameters = (size_t)1 << 29;
    cr_expect_eq(bp_export_onnx(&exported, &text, NULL, &error), BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message,
                     "the model takes 2.0 GiB, and a file of ONNX has less than 2: export it in "
                     "another format, or train a smaller one");
    cr_expect_null(text.bytes);
    bp_model_free(model);
}
