/* Values and constants of a graph; a GraphProto of one field is appended for each. */
#include "export/onnx_graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "base/grow.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "export/onnx_message.h"

static bool is_column(const struct bp_schema *schema, const char *name)
{
    for (size_t k = 0; schema && k < schema->input_columns; k++) {
        if (strcmp(schema->column[k].name, name) == 0)
            return true;
    }
    return false;
}

static bool begins_column(const struct bp_schema *schema, const char *prefix)
{
    for (size_t k = 0; schema && k < schema->input_columns; k++) {
        if (strncmp(schema->column[k].name, prefix, strlen(prefix)) == 0)
            return true;
    }
    return false;
}

struct bp_onnx_graph bp_onnx_graph_begin(const struct bp_schema *schema)
{
    struct bp_onnx_graph graph = {.schema = schema};
    while (begins_column(schema, bp_onnx_inner_name(&graph, "%s", "").text))
        graph.apart++;
    return graph;
}

struct bp_onnx_name bp_onnx_inner_name(const struct bp_onnx_graph *graph, const char *format, ...)
{
    struct bp_onnx_name name;
    int length = snprintf(name.text, sizeof name.text, "/");
    if (graph->apart > 0)
        length = snprintf(name.text, sizeof name.text, "/%zu/", graph->apart);
    va_list list;
    va_start(list, format);
    vsnprintf(name.text + length, sizeof name.text - (size_t)length, format, list);
    va_end(list);
    return name;
}

struct bp_onnx_name bp_onnx_output_name(const struct bp_onnx_graph *graph, const char *name)
{
    struct bp_onnx_name found;
    snprintf(found.text, sizeof found.text, "%s", name);
    for (size_t turn = 1; is_column(graph->schema, found.text); turn++)
        snprintf(found.text, sizeof found.text, "%s%zu", name, turn);
    return found;
}

void bp_onnx_names_add(struct bp_onnx_graph *graph, struct bp_onnx_names *names, const char *name)
{
    char **grown = bp_array_grow(names->name, &names->room, names->count + 1, sizeof *names->name);
    char *copy = grown ? bp_text_copy(name, strlen(name)) : NULL;
    names->name = grown ? grown : names->name;
    graph->text.failed |= copy == NULL;
    if (copy)
        names->name[names->count++] = copy;
}

void bp_onnx_names_release(struct bp_onnx_names *names)
{
    for (size_t k = 0; k < names->count; k++)
        free(names->name[k]);
    free(names->name);
    *names = (struct bp_onnx_names){0};
}

/* A value as a message, with what belongs to it. */
struct value {
    BpOnnx__ValueInfoProto info;
    BpOnnx__TypeProto type;
    BpOnnx__TypeProto__Tensor tensor;
    BpOnnx__TensorShapeProto shape;
    BpOnnx__TensorShapeProto__Dimension rows, columns;
    BpOnnx__TensorShapeProto__Dimension *dimension[2];
    BpOnnx__ValueInfoProto *list;
};

static void make_value(struct value *value, const char *name, enum bp_onnx_type type,
                       size_t columns)
{
    bp_onnx__value_info_proto__init(&value->info);
    bp_onnx__type_proto__init(&value->type);
    bp_onnx__type_proto__tensor__init(&value->tensor);
    bp_onnx__tensor_shape_proto__init(&value->shape);
    bp_onnx__tensor_shape_proto__dimension__init(&value->rows);
    bp_onnx__tensor_shape_proto__dimension__init(&value->columns);
    value->info.name = bp_onnx_text(name);
    value->info.type = &value->type;
    value->type.tensor_type = &value->tensor;
    value->tensor.has_elem_type = true;
    value->tensor.elem_type = (int32_t)type;
    value->tensor.shape = &value->shape;
    value->shape.dim = value->dimension;
    value->shape.n_dim = columns == 0 ? 1 : 2;
    value->dimension[0] = &value->rows;
    value->dimension[1] = &value->columns;
    value->rows.dim_param = bp_onnx_text("N");
    value->columns.has_dim_value = true;
    value->columns.dim_value = (int64_t)columns;
    value->list = &value->info;
}

void bp_onnx_put_input(struct bp_onnx_graph *graph, const char *name, enum bp_onnx_type type,
                       size_t columns)
{
    struct value value;
    BpOnnx__GraphProto field = BP_ONNX__GRAPH_PROTO__INIT;
    make_value(&value, name, type, columns);
    field.input = &value.list;
    field.n_input = 1;
    bp_onnx_put_message(&graph->text, &field.base);
}

void bp_onnx_put_output(struct bp_onnx_graph *graph, const char *name, enum bp_onnx_type type,
                        size_t columns)
{
    struct value value;
    BpOnnx__GraphProto field = BP_ONNX__GRAPH_PROTO__INIT;
    make_value(&value, name, type, columns);
    field.output = &value.list;
    field.n_output = 1;
    bp_onnx_put_message(&graph->text, &field.base);
}

static void put_tensor(struct bp_onnx_graph *graph, BpOnnx__TensorProto *tensor)
{
    BpOnnx__GraphProto field = BP_ONNX__GRAPH_PROTO__INIT;
    field.initializer = &tensor;
    field.n_initializer = 1;
    bp_onnx_put_message(&graph->text, &field.base);
}

static size_t element_size(enum bp_onnx_type type)
{
    return type == BP_ONNX_FLOAT ? 4 : type == BP_ONNX_BOOL ? 1 : 8;
}

/* The lowest byte of each number first. */
static void store_numbers(unsigned char *bytes, const unsigned char *values, size_t count,
                          size_t size)
{
    for (size_t k = 0; k < count; k++, bytes += size, values += size) {
        uint64_t wide;
        uint32_t narrow;
        if (size == sizeof wide) {
            memcpy(&wide, values, size);
            bp_store_little(bytes, wide, size);
        } else if (size == sizeof narrow) {
            memcpy(&narrow, values, size);
            bp_store_little(bytes, narrow, size);
        } else {
            *bytes = *values;
        }
    }
}

void bp_onnx_put_constant(struct bp_onnx_graph *graph, const struct bp_onnx_constant *constant)
{
    int64_t dims[] = {(int64_t)constant->rows, (int64_t)constant->columns};
    const size_t size = element_size(constant->type);
    const size_t columns = bp_size_max(constant->columns, 1);
    const size_t count = bp_size_max(constant->rows, 1) * columns;
    BpOnnx__TensorProto tensor = BP_ONNX__TENSOR_PROTO__INIT;
    unsigned char *bytes = bp_array_alloc(count, size);
    graph->text.failed |= bytes == NULL;
    if (!bytes)
        return;
    store_numbers(bytes, constant->values, count, size);
    tensor.name = bp_onnx_text(constant->name);
    tensor.dims = constant->rows > 0 ? dims : dims + 1;
    tensor.n_dims = (constant->rows > 0) + (size_t)(constant->columns > 0);
    tensor.has_data_type = true;
    tensor.data_type = (int32_t)constant->type;
    tensor.has_raw_data = true;
    tensor.raw_data = (ProtobufCBinaryData){count * size, bytes};
    put_tensor(graph, &tensor);
    free(bytes);
}

void bp_onnx_put_words(struct bp_onnx_graph *graph, const char *name, char *const *word,
                       size_t count)
{
    int64_t dims[] = {(int64_t)count};
    BpOnnx__TensorProto tensor = BP_ONNX__TENSOR_PROTO__INIT;
    tensor.string_data = bp_onnx_words(word, count);
    graph->text.failed |= tensor.string_data == NULL;
    if (!tensor.string_data)
        return;
    tensor.n_string_data = count;
    tensor.name = bp_onnx_text(name);
    tensor.dims = dims;
    tensor.n_dims = 1;
    tensor.has_data_type = true;
    tensor.data_type = BP_ONNX_STRING;
    put_tensor(graph, &tensor);
    free(tensor.string_data);
}
