/* Softmax, and the deltas of the output layer. Included by a kernel file after tile.inc.h and
 * activate.inc.h. */
#include <math.h>

/* Where number j stands in a row whose panels are `stride` apart. */
static inline size_t find_number(size_t stride, size_t j)
{
    return j / BP_LANES * stride + j % BP_LANES;
}

static float find_largest(const float *row, size_t stride, size_t out)
{
    float most = row[0];
    for (size_t j = 1; j < out; j++) {
        const float n = row[find_number(stride, j)];
        most = n > most ? n : most;
    }
    return most;
}

/* Lanes beyond the row are cut off at 0, so that exp() stays what it is made for. Terms that are
 * too small to be stored do not count in the sum, which is at least 1; divided they could be
 * subnormal. */
static void softmax_row(const struct bp_softmax_args *args, size_t r)
{
    const size_t panels = (args->out + BP_LANES - 1) / BP_LANES;
    float *number = args->number + r * BP_LANES, *value = args->value + r * BP_LANES;
    const vec most = vec_set(find_largest(number, args->stride, args->out));
    for (size_t p = 0; p < panels; p++) {
        const vec below = vec_sub(vec_load(number + p * args->stride), most);
        vec_store(number + p * args->stride, below);
        vec_store(value + p * args->stride,
                  vec_stored(exp_of_negative(vec_min(vec_set(0.0f), below))));
    }
    float sum = 0.0f;
    for (size_t j = 0; j < args->out; j++)
        sum += value[find_number(args->stride, j)];
    args->sum[r] = sum;
    const vec all = vec_set(sum);
    for (size_t p = 0; p < panels; p++)
        vec_store(value + p * args->stride,
                  vec_stored(vec_div(vec_load(value + p * args->stride), all)));
}

static void softmax(const struct bp_softmax_args *args)
{
    for (size_t r = 0; r < args->rows; r++)
        softmax_row(args, r);
}

/* g of the difference d = o - t. Two factors take every d but 0 beyond both ends of a step. */
ALWAYS_INLINE vec differentiate_loss(enum bp_loss_slope form, struct bp_loss_ends ends, vec d)
{
    if (form == BP_LOSS_SLOPE_DIFFERENCE)
        return d;
    if (form == BP_LOSS_SLOPE_STEP)
        d = vec_mul(vec_mul(d, vec_set(0x1p127f)), vec_set(0x1p30f));
    return clamp(d, ends.low, ends.high);
}

/* How g becomes the delta. */
enum output_rule {
    OUTPUT_SLOPE,  /* (factor g) o' */
    OUTPUT_DIRECT, /* factor g */
    OUTPUT_LATER   /* g */
};

/* One panel of the output layer, of which `lanes` neurons exist. */
ALWAYS_INLINE void output_panel(const struct bp_output_args *args, size_t panel, size_t lanes,
                                enum bp_loss_slope form, enum output_rule rule)
{
    _Alignas(64) float ones[BP_LANES] = {0.0f};
    for (size_t lane = 0; lane < lanes; lane++)
        ones[lane] = 1.0f;
    const vec exists = vec_load(ones);
    for (size_t r = 0; r < args->rows; r++) {
        const size_t at = panel * args->stride + r * BP_LANES;
        const vec error = vec_sub(vec_load(args->value + at), vec_load(args->target + at));
        vec delta = differentiate_loss(form, args->ends, vec_mul(error, exists));
        if (rule == OUTPUT_LATER)
            delta = vec_stored(delta);
        else
            delta = vec_product(delta, vec_set(args->factor[r]));
        if (rule == OUTPUT_SLOPE)
            delta = vec_product(delta, vec_load(args->slope + at));
        vec_store(args->slope + at, delta);
    }
}

/* The choices stay outside of the loop over the rows. */
#define OUTPUT_EACH_FORM(rule)                                                                     \
    switch (args->g) {                                                                             \
    case BP_LOSS_SLOPE_STEP:                                                                       \
        output_panel(args, panel, lanes, BP_LOSS_SLOPE_STEP, rule);                                \
        return;                                                                                    \
    case BP_LOSS_SLOPE_CUT:                                                                        \
        output_panel(args, panel, lanes, BP_LOSS_SLOPE_CUT, rule);                                 \
        return;                                                                                    \
    case BP_LOSS_SLOPE_DIFFERENCE:                                                                 \
        output_panel(args, panel, lanes, BP_LOSS_SLOPE_DIFFERENCE, rule);                          \
    }

static void output_any_panel(const struct bp_output_args *args, size_t panel, size_t lanes)
{
    if (args->linked)
        output_panel(args, panel, lanes, BP_LOSS_SLOPE_DIFFERENCE, OUTPUT_DIRECT);
    else if (args->softmax)
        OUTPUT_EACH_FORM(OUTPUT_LATER)
    else
        OUTPUT_EACH_FORM(OUTPUT_SLOPE)
}

#undef OUTPUT_EACH_FORM

/* From g in `slope` through the Jacobian of softmax. */
static void output_softmax_row(const struct bp_output_args *args, size_t r)
{
    const float *value = args->value + r * BP_LANES;
    float *slope = args->slope + r * BP_LANES;
    float mean = 0.0f;
    for (size_t j = 0; j < args->out; j++) {
        const size_t at = find_number(args->stride, j);
        mean = fmaf(slope[at], value[at], mean);
    }
    for (size_t first = 0; first < args->out; first += BP_LANES) {
        const size_t at = first / BP_LANES * args->stride;
        const vec above = vec_sub(vec_load(slope + at), vec_set(mean));
        const vec product = vec_product(above, vec_load(value + at));
        vec_store(slope + at, vec_product(product, vec_set(args->factor[r])));
    }
    for (size_t j = args->out; j % BP_LANES; j++)
        slope[find_number(args->stride, j)] = 0.0f;
}

static void output(const struct bp_output_args *args)
{
    for (size_t first = 0; first < args->out; first += BP_LANES)
        output_any_panel(args, first / BP_LANES,
                         args->out - first < BP_LANES ? args->out - first : BP_LANES);
    if (args->softmax && !args->linked)
        for (size_t r = 0; r < args->rows; r++)
            output_softmax_row(args, r);
}
