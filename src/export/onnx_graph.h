/* A graph of ONNX that is written node by node. What fails is noted in the text of the graph. */
#ifndef BP_EXPORT_ONNX_GRAPH_H
#define BP_EXPORT_ONNX_GRAPH_H

#include <stdint.h>

#include "export/text.h"
#include "export/walk.h"

/* Types of elements, by their numbers in the format. */
enum bp_onnx_type {
    BP_ONNX_FLOAT = 1,
    BP_ONNX_INT64 = 7,
    BP_ONNX_STRING = 8,
    BP_ONNX_BOOL = 9,
    BP_ONNX_DOUBLE = 11
};

/* The name of a value. */
struct bp_onnx_name {
    char text[96];
};

/* Copies of names. */
struct bp_onnx_names {
    char **name;
    size_t count, room;
};

struct bp_onnx_graph {
    struct bp_export_text text;     /* fields of a GraphProto */
    const struct bp_schema *schema; /* whose columns are the inputs; NULL: they have other names */
    size_t apart; /* inner names begin with "/", or with "/APART/" where it is not 0 */
};

/* A graph without nodes. Names inside are those that no column begins with. */
struct bp_onnx_graph bp_onnx_graph_begin(const struct bp_schema *schema);

/* A name inside the graph, as printf(). */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
struct bp_onnx_name
bp_onnx_inner_name(const struct bp_onnx_graph *graph, const char *format, ...);

/* The name of an output: `name`, with a number after it where a column has that name. */
struct bp_onnx_name bp_onnx_output_name(const struct bp_onnx_graph *graph, const char *name);

void bp_onnx_names_add(struct bp_onnx_graph *graph, struct bp_onnx_names *names, const char *name);
void bp_onnx_names_release(struct bp_onnx_names *names);

/* An input or output of N x columns elements; columns 0: of N. */
void bp_onnx_put_input(struct bp_onnx_graph *graph, const char *name, enum bp_onnx_type type,
                       size_t columns);
void bp_onnx_put_output(struct bp_onnx_graph *graph, const char *name, enum bp_onnx_type type,
                        size_t columns);

/* Constants of rows x columns numbers, row-major; rows 0: `columns` of them; both 0: one. */
struct bp_onnx_constant {
    const char *name;
    enum bp_onnx_type type; /* a number */
    size_t rows, columns;
    const void *values;
};
void bp_onnx_put_constant(struct bp_onnx_graph *graph, const struct bp_onnx_constant *constant);

/* `count` strings as a constant. */
void bp_onnx_put_words(struct bp_onnx_graph *graph, const char *name, char *const *word,
                       size_t count);

/* A node; what is 0 or NULL is not there. */
struct bp_onnx_node {
    const char *op;
    bool learned; /* an operator of ai.onnx.ml */
    const char *in[3];
    const struct bp_onnx_names *list; /* its inputs instead of `in` */
    const char *out;
    struct {
        const char *name;
        int64_t value;
    } number[2]; /* attributes */
    struct {
        const char *name;
        char *const *word;
    } words[2]; /* lists of `count` strings */
    size_t count;
    struct {
        const char *name, *word;
    } word;
};
void bp_onnx_put_node(struct bp_onnx_graph *graph, const struct bp_onnx_node *node);

/* A node without attributes, of one input (`second` is NULL) or two. */
void bp_onnx_apply(struct bp_onnx_graph *graph, const char *op, const char *first,
                   const char *second, const char *out);
/* As numbers of another type. */
void bp_onnx_cast(struct bp_onnx_graph *graph, const char *from, enum bp_onnx_type to,
                  const char *out);

#endif
