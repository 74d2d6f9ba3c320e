/* The nodes of a graph. */
#include <stdlib.h>

#include "base/memory.h"
#include "export/onnx_graph.h"
#include "export/onnx_message.h"

#define ATTRIBUTES 5

/* A node as a message, with what belongs to it. */
struct message {
    BpOnnx__NodeProto node;
    BpOnnx__AttributeProto attribute[ATTRIBUTES];
    BpOnnx__AttributeProto *list[ATTRIBUTES];
    char *in[3];
    char *out;
};

static BpOnnx__AttributeProto *add_attribute(struct message *message, const char *name,
                                             BpOnnx__AttributeProto__AttributeType type)
{
    const size_t k = message->node.n_attribute++;
    BpOnnx__AttributeProto *attribute = &message->attribute[k];
    bp_onnx__attribute_proto__init(attribute);
    message->list[k] = attribute;
    attribute->name = bp_onnx_text(name);
    attribute->has_type = true;
    attribute->type = type;
    return attribute;
}

static void add_number(struct message *message, const char *name, int64_t value)
{
    BpOnnx__AttributeProto *attribute =
        add_attribute(message, name, BP_ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
    attribute->has_i = true;
    attribute->i = value;
}

static void add_word(struct message *message, const char *name, const char *word)
{
    BpOnnx__AttributeProto *attribute =
        add_attribute(message, name, BP_ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
    attribute->has_s = true;
    attribute->s = bp_onnx_word(word);
}

static bool add_words(struct message *message, const char *name, char *const *word, size_t count)
{
    BpOnnx__AttributeProto *attribute =
        add_attribute(message, name, BP_ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS);
    attribute->strings = bp_onnx_words(word, count);
    attribute->n_strings = attribute->strings ? count : 0;
    return attribute->strings != NULL;
}

/* False: no memory. */
static bool add_attributes(struct message *message, const struct bp_onnx_node *node)
{
    bool complete = true;
    for (size_t k = 0; k < 2 && node->number[k].name; k++)
        add_number(message, node->number[k].name, node->number[k].value);
    for (size_t k = 0; k < 2 && node->words[k].name; k++)
        complete &= add_words(message, node->words[k].name, node->words[k].word, node->count);
    if (node->word.name)
        add_word(message, node->word.name, node->word.word);
    return complete;
}

static void release(struct message *message)
{
    for (size_t k = 0; k < message->node.n_attribute; k++)
        free(message->attribute[k].strings);
}

/* The inputs: those of `in`, or pointers to those of the list in an array for free(). */
static char **collect_inputs(struct message *message, const struct bp_onnx_node *node)
{
    if (node->list) {
        char **all = bp_array_alloc(node->list->count, sizeof *all);
        for (size_t k = 0; all && k < node->list->count; k++)
            all[k] = node->list->name[k];
        message->node.input = all;
        message->node.n_input = all ? node->list->count : 0;
        return all;
    }
    message->node.input = message->in;
    for (; message->node.n_input < 3 && node->in[message->node.n_input]; message->node.n_input++)
        message->in[message->node.n_input] = bp_onnx_text(node->in[message->node.n_input]);
    return NULL;
}

void bp_onnx_put_node(struct bp_onnx_graph *graph, const struct bp_onnx_node *node)
{
    struct message message;
    BpOnnx__NodeProto *to = &message.node;
    BpOnnx__GraphProto field = BP_ONNX__GRAPH_PROTO__INIT;
    bp_onnx__node_proto__init(to);
    char **all = collect_inputs(&message, node);
    to->attribute = message.list;
    const bool complete = add_attributes(&message, node) && (all || !node->list);
    graph->text.failed |= !complete;
    message.out = bp_onnx_text(node->out);
    to->output = &message.out;
    to->n_output = 1;
    to->name = message.out;
    to->op_type = bp_onnx_text(node->op);
    to->domain = node->learned ? bp_onnx_text("ai.onnx.ml") : NULL;
    field.node = &to;
    field.n_node = 1;
    if (complete)
        bp_onnx_put_message(&graph->text, &field.base);
    release(&message);
    free(all);
}

void bp_onnx_apply(struct bp_onnx_graph *graph, const char *op, const char *first,
                   const char *second, const char *out)
{
    bp_onnx_put_node(graph, &(struct bp_onnx_node){.op = op, .in = {first, second}, .out = out});
}

void bp_onnx_cast(struct bp_onnx_graph *graph, const char *from, enum bp_onnx_type to,
                  const char *out)
{
    bp_onnx_put_node(graph,
                     &(struct bp_onnx_node){
                         .op = "Cast", .in = {from}, .out = out, .number = {{"to", (int64_t)to}}});
}
