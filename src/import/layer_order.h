/* In which order the layers of a file follow each other, which it does not say. */
#ifndef BP_IMPORT_LAYER_ORDER_H
#define BP_IMPORT_LAYER_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "net/safetensors.h"

/* A layer by the name that its tensors share: "net.0" of "net.0.weight". */
struct bp_order_item {
    char name[BP_TENSOR_NAME_SIZE];
    size_t in, out; /* numbers that it reads and gives */
};

/*
 * Fills `order` with the places of the items, 1 to BP_LAYERS_MAX, from the inputs to the outputs:
 * as `layers` lists their names, or, if that is NULL, by the numbers in them: two names that first
 * differ in a number are in its order. Of names that differ in a word first, shapes decide, if only
 * one order fits; *by_shapes says whether they had to. Errors: INPUT (a layer does not read what
 * the one before it gives), ARGUMENT (several orders fit, `layers` does not name each once),
 * MEMORY; sentences begin with `path`.
 */
bp_status bp_layer_order_find(const struct bp_order_item *item, size_t count, const char *layers,
                              size_t order[BP_LAYERS_MAX], bool *by_shapes, const char *path,
                              bp_error *error);

/* Like strcmp(), but numbers in names count by their value. *by_number: the names differ in a
 * number first. */
int bp_layer_names_compare(const char *a, const char *b, bool *by_number);

#endif
