/*
 * The contract of the kernels. A kernel sees pointers, sizes and strides, never a network. Every
 * table computes the same bits: vectors run across independent results, and each result is one
 * chain of fused multiply-adds in the order given here (docs/numerics.md).
 *
 * A panel is BP_LANES neighbouring columns of a matrix, stored row by row: 16 contiguous floats a
 * row. Weights lie in panels of neurons, and so do samples: number `column` of sample x stands at
 * column / 16 * stride + 16 x + column % 16, where `stride` is a multiple of 16 and at least 16
 * times the samples. All pointers are 64-byte aligned. Of lanes beyond the width of a layer nothing
 * is read but what a kernel writes back to such lanes.
 *
 * [x] is x, or +0 where |x| < 2^-63 (BP_FLUSH_BELOW): numbers that are stored, so that no chain
 * runs on subnormal ones.
 */
#ifndef BP_KERNELS_KERNELS_H
#define BP_KERNELS_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/lanes.h"
#include "batchprop/batchprop.h"

/* Shards that one call of `gradient` may merge are at most 2^BP_TREE_LEVELS. */
#define BP_TREE_LEVELS 10

/* n_j(x) = bias_j, then fma(w_ij, o_i(x), n) for i ascending; value = [f(n)], slope = f'(n), 0
 * below the smallest normal number. */
struct bp_forward_args {
    size_t rows;        /* samples */
    size_t in;          /* numbers a sample */
    size_t panels;      /* of neurons */
    const float *input; /* o: rows x in, in panels as all samples */
    size_t input_stride;
    const float *weights;     /* panels of in + 1 rows: the added bias, then the weights from i */
    bp_activation activation; /* f */
    float *value;             /* rows x 16 panels */
    float *slope;             /* the same, or NULL: not wanted */
    size_t stride;            /* of value and slope */
};

/*
 * Of each sample: m the largest n_j, n_j - m replaces n_j, s = 0, then s + exp(n_j - m) for j
 * ascending; value_j = [exp(n_j - m) / s]. exp is [exp].
 */
struct bp_softmax_args {
    size_t rows;   /* samples */
    size_t out;    /* neurons */
    float *number; /* n: rows x 16 ceil(out / 16) */
    float *value;  /* the same; may be `number`, which is then lost */
    float *sum;    /* s of each sample */
    size_t stride; /* of number and value */
};

/* g_j as a function of d_j = o_j(x) - t_j(x). */
enum bp_loss_slope {
    BP_LOSS_SLOPE_DIFFERENCE = 0, /* d_j */
    BP_LOSS_SLOPE_CUT,            /* d_j, cut off at both ends */
    BP_LOSS_SLOPE_STEP /* the lower end for d_j < 0, 0 for 0, the upper one for d_j > 0 */
};

struct bp_loss_ends {
    float low, high; /* below 0, above 0 */
};

/*
 * Of the output layer: delta_j(x) replaces the slope; it is 0 for j from `out` on. delta_j =
 * [factor g_j] with a linked loss; [[factor g_j] slope_j] with any other; with softmax and any
 * other [factor [o_j ([g_j] - s)]], where s = 0, then fma([g_k], o_k, s) for k ascending.
 */
struct bp_output_args {
    size_t rows; /* samples */
    size_t out;  /* neurons */
    enum bp_loss_slope g;
    struct bp_loss_ends ends; /* of g, where it has some */
    bool linked;              /* the activation belongs to the loss; g is the difference */
    bool softmax;             /* the activation is; the slope is not read then */
    const float *factor;      /* of each sample */
    const float *value;       /* rows x 16 ceil(out / 16) */
    const float *target;      /* the same */
    float *slope;             /* the same */
    size_t stride;            /* of all three */
};

/* sum_l delta_l(x) w_jl = 0, then fma(delta_l, w_jl, sum) for l ascending; [sum slope_j(x)]. */
struct bp_delta_args {
    size_t rows;        /* samples */
    size_t out;         /* neurons l of the next layer */
    size_t panels;      /* of neurons j */
    const float *delta; /* of the next layer: rows x out */
    size_t delta_stride;
    float *partial;       /* rows x 16 panels as `slope`, for sums in between */
    const float *weights; /* panels of neurons j: row l holds w_jl */
    size_t panel_stride;  /* floats between panels */
    float *slope;         /* rows x 16 panels: in the slopes, out the deltas of this layer */
    size_t slope_stride;
    bool as_printed; /* leave the slope out: [sum] */
};

/*
 * Of each shard: g_ij = 0, then fma(o_i(x), delta_j(x), g) for x ascending; the bias row: g +
 * delta_j. Row 0 is that of the bias, row 1 + i that of input i; a call computes rows begin ...
 * end - 1 of its panels, where begin is 0 or 1 more than a multiple of 16. The shards of the call
 * are merged pairwise: neighbours, then neighbours of those; one without a neighbour passes
 * through. To the result r each buffer of `merge` is added in turn: r = merge[0] + r, ...
 */
struct bp_gradient_args {
    size_t rows;       /* samples of all shards of the call */
    size_t shard_rows; /* samples a shard; the last may have fewer */
    size_t begin, end; /* rows of the gradient */
    size_t panels;
    const float *input; /* o: rows x inputs, from input 0 on */
    size_t input_stride;
    const float *delta; /* rows x 16 panels */
    size_t delta_stride;
    const float *partial; /* where the chain of the first shard goes on, or NULL: it begins at 0 */
    const float *const *merge; /* `merges` gradients to add, the first first */
    size_t merges;
    const float *const *fetch; /* `fetches` arrays of which the rows of the gradient are read, or
                                  changed, after the call: they come near meanwhile */
    size_t fetches;
    size_t partial_stride;  /* of partial, all of `merge` and of `fetch`: floats between panels */
    float *gradient;        /* the result; may be `partial` or in `merge`. Row `begin` of the first
                              panel stands at it, as at the others, and the next row 16 further */
    size_t gradient_stride; /* floats between panels */
};

/*
 * An update of `count` parameters (a multiple of 16): what is read of this, and the formula, is
 * written above each function of update.inc.h, with w a weight, g its gradient, and a and b the
 * numbers in state[0] and state[1]. [x] is as above, but that a mean of squares is 0
 * below `least_square`, and the gradients that it is made of below `least`.
 */
struct bp_update_args {
    size_t count;
    float *weight;
    const float *gradient;
    float *state[2];
    float rate;
    float keep, take;
    float keep_square, take_square;
    float root;
    float epsilon;
    float least, least_square;
};

/*
 * Inverted dropout: values and slopes of the neurons that are left out become 0, the others are
 * multiplied by `factor`. Lane k of panel p of sample `number` is left out where word number % 4 of
 * the block bp_random_block(seed, stream, number / 4 * 16 layer_panels + 16 p + k) is below
 * `threshold`. A call masks some panels of a layer.
 */
struct bp_dropout_args {
    size_t rows;         /* samples */
    size_t layer_panels; /* of neurons, of the whole layer */
    size_t first_panel;  /* at `value` and `slope` */
    size_t panels;       /* from there on */
    uint64_t number;     /* of the first sample; the others follow */
    uint64_t seed;
    uint64_t stream;
    uint32_t threshold;
    float factor;
    float *value; /* rows x 16 panels */
    float *slope; /* the same */
    size_t stride;
};

struct bp_kernels {
    bp_isa isa;
    void (*forward)(const struct bp_forward_args *args);
    void (*softmax)(const struct bp_softmax_args *args);
    void (*output)(const struct bp_output_args *args);
    void (*delta)(const struct bp_delta_args *args);
    void (*gradient)(const struct bp_gradient_args *args);
    /* sum[k] = a[k] + b[k]; count is a multiple of 16, sum may be a or b. */
    void (*add)(float *sum, const float *a, const float *b, size_t count);
    /* By bp_optimizer. */
    void (*const *update)(const struct bp_update_args *args);
    /* result[k] = fma(decay, weight[k], [scale gradient[k]]); count is a multiple of 16, result may
     * be gradient or weight. */
    void (*shape)(float *result, const float *gradient, const float *weight, size_t count,
                  float scale, float decay);
    /* Squares in binary64: of each of 16 lanes s_k = 0, then s_k + a[k + 16 i]^2 for i ascending;
     * then s_0 + s_1 + ... + s_15. count is a multiple of 16. */
    double (*squares)(const float *a, size_t count);
    void (*dropout)(const struct bp_dropout_args *args);
    /* number[k] = bp_random_uniform(seed, stream, k); count is a multiple of 16. */
    void (*uniform)(uint64_t seed, uint64_t stream, float *number, size_t count);
    /* to[j][i] = from[i][j] for 16 x 16 floats. */
    void (*transpose)(float *to, const float *from);
    /* value[k], slope[k] = [f(n[k])], f'(n[k]); count is a multiple of 16. `value` may be n,
     * `slope` may be NULL. Forward does the same. Softmax is taken as identity. */
    void (*activate)(bp_activation f, const float *n, float *value, float *slope, size_t count);
    /* value[k] = [exp(n[k])]; count is a multiple of 16. */
    void (*exponential)(const float *n, float *value, size_t count);
    /* Does nothing but independent fused multiply-adds, as many as the registers hold, `rounds`
     * times; returns the floating-point operations that were done. For benchmarks. */
    double (*peak)(size_t rounds);
};

/* The table of an instruction set, AUTO being the best that the processor has; NULL if the library
 * was built without it or the processor lacks it. */
const struct bp_kernels *bp_kernels_select(bp_isa isa);

#endif
