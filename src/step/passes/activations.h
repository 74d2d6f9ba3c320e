/*
 * Room for what a block of samples leaves in every layer: values o, slopes o' (later the deltas).
 *
 * A layer lies in panels of 16 neurons, as the weights do:
 *
 *   panel 0   sample 0: neurons 0 ... 15     | `stride` floats
 *             sample 1: neurons 0 ... 15     |
 *             ...                            |
 *   panel 1   sample 0: neurons 16 ... 31
 *
 * The products read and write whole panels: they stream, where rows of samples would take every
 * number of a column from another page. An odd number of lines between panels keeps the lines of
 * one sample in different sets of a cache.
 */
#ifndef BP_STEP_PASSES_ACTIVATIONS_H
#define BP_STEP_PASSES_ACTIVATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "net/network.h"

struct bp_activations {
    size_t capacity;                 /* samples */
    size_t stride;                   /* floats between panels */
    float *value[BP_LAYERS_MAX + 1]; /* panels: [0] inputs, [l + 1] o of layer l */
    float *slope[BP_LAYERS_MAX];     /* o' of layer l, then its deltas; NULL for prediction */
    float *target;                   /* of the last layer */
    float *score;                    /* of the last layer if its activation belongs to the loss:
                                        n, with softmax n minus the maximum of the sample; for
                                        training this is slope[last]. NULL: not needed */
    float *sum;                      /* of each sample: of exp(score), with softmax */
    float *factor;                   /* of each sample: its weight if `weighted`, then what the
                                        gradient of its loss is multiplied by */
    bool weighted;
    float *partial; /* of the widest hidden layer, for sums that are not ready */
    size_t floats;  /* length of `memory` */
    float *memory;  /* NULL: the memory belongs to others */
};

/* Where number `column` of sample `row` stands in panels. */
static inline size_t bp_panels_at(size_t stride, size_t row, size_t column)
{
    return column / BP_LANES * stride + row * BP_LANES + column % BP_LANES;
}

/* How many samples of a network should be worked on in one go, and at how many all threads may
 * work together: powers of two. */
size_t bp_activations_capacity(const struct bp_network *network);
size_t bp_activations_shared_capacity(const struct bp_network *network);

/* The floats that `capacity` samples of a network take; 0: more than there can be. */
size_t bp_activations_floats(const struct bp_network *network, size_t capacity, bool slopes);

/* Activations in memory of the caller, so many floats on the boundary of a line, which are zeroed
 * unless samples only go forward. Networks of equal inputs have these in the same place: they can
 * share the memory, and the inputs in it, if one after the other goes forward. */
void bp_activations_place(struct bp_activations *activations, const struct bp_network *network,
                          size_t capacity, bool slopes, float *memory);

/* Zeroed room for `capacity` samples. Errors: MEMORY; then `activations` is zeroed. */
bp_status bp_activations_make(struct bp_activations *activations, const struct bp_network *network,
                              size_t capacity, bool slopes, bp_error *error);
void bp_activations_release(struct bp_activations *activations);

/* The same for threads that each have some of the samples: not zeroed, since each thread does that
 * for its own, begin ... end - 1, with bp_activations_clear(); it has no `sum` and no `factor`. */
bp_status bp_activations_make_shared(struct bp_activations *activations,
                                     const struct bp_network *network, size_t capacity,
                                     bp_error *error);
void bp_activations_clear(const struct bp_activations *activations,
                          const struct bp_network *network, size_t begin, size_t end);

/* Room for `sum` and `factor` alone of `capacity` samples, zeroed. Errors: MEMORY. */
bp_status bp_activations_make_view(struct bp_activations *view, size_t capacity, bp_error *error);

/* The view's samples are from then on those from `begin` on of `shared`; for `sum` and `factor` the
 * first of these is number `own`, below the capacity of the view. */
void bp_activations_set_view(struct bp_activations *view, const struct bp_activations *shared,
                             const struct bp_network *network, size_t begin, size_t own);

/* The outputs of the first `rows` samples, row by row without gaps. */
void bp_activations_outputs(const struct bp_activations *activations,
                            const struct bp_network *network, size_t rows, float *outputs);

#endif
