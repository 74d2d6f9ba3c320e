/* Elementwise passes over parameters. Included by a kernel file after its vector header. */

static void add(float *sum, const float *a, const float *b, size_t count)
{
    for (size_t k = 0; k < count; k += BP_LANES)
        vec_store(sum + k, vec_add(vec_load(a + k), vec_load(b + k)));
}

/* The gradient as an update reads it: that of means of squares, and that of others. */
static inline vec load_for_squares(const struct bp_update_args *args, size_t k)
{
    return vec_flush(vec_load(args->gradient + k), vec_set(args->least));
}

static inline vec load_gradient(const struct bp_update_args *args, size_t k)
{
    return vec_stored(vec_load(args->gradient + k));
}

/* w = [fma(-rate, [g], w)], where [x] is 0 below the magnitude that the contract names */
static void sgd(const struct bp_update_args *args)
{
    const vec step = vec_set(-args->rate);
    for (size_t k = 0; k < args->count; k += BP_LANES) {
        const vec w = vec_fma(step, load_gradient(args, k), vec_load(args->weight + k));
        vec_store(args->weight + k, vec_stored(w));
    }
}

/* a = [fma(keep, a, [g])]
 * w = [fma(-rate, a, w)] */
static void momentum(const struct bp_update_args *args)
{
    const vec rate = vec_set(-args->rate), keep = vec_set(args->keep);
    for (size_t k = 0; k < args->count; k += BP_LANES) {
        const vec g = load_gradient(args, k);
        const vec a = vec_stored(vec_fma(keep, vec_load(args->state[0] + k), g));
        vec_store(args->state[0] + k, a);
        vec_store(args->weight + k, vec_stored(vec_fma(rate, a, vec_load(args->weight + k))));
    }
}

/* a = [fma(keep, a, [g])]
 * w = [fma(-rate, [fma(keep, a, [g])], w)] */
static void nesterov(const struct bp_update_args *args)
{
    const vec rate = vec_set(-args->rate), keep = vec_set(args->keep);
    for (size_t k = 0; k < args->count; k += BP_LANES) {
        const vec g = load_gradient(args, k);
        const vec a = vec_stored(vec_fma(keep, vec_load(args->state[0] + k), g));
        vec_store(args->state[0] + k, a);
        const vec step = vec_stored(vec_fma(keep, a, g));
        vec_store(args->weight + k, vec_stored(vec_fma(rate, step, vec_load(args->weight + k))));
    }
}

/* w = [fma(-rate, [a / b], w)] */
static inline void step_by_quotient(const struct bp_update_args *args, size_t k, vec a, vec b)
{
    const vec step = vec_stored(vec_div(a, b));
    const vec w = vec_fma(vec_set(-args->rate), step, vec_load(args->weight + k));
    vec_store(args->weight + k, vec_stored(w));
}

/* [fma(take, g g, keep square)] */
static inline vec mix_square(const struct bp_update_args *args, vec g, vec square, float keep,
                             float take)
{
    const vec kept = vec_mul(vec_set(keep), square);
    return vec_flush(vec_fma(vec_set(take), vec_mul(g, g), kept), vec_set(args->least_square));
}

/* a = [fma(take, [g] [g], keep a)]
 * w = [fma(-rate, [[g] / (sqrt(a) + epsilon)], w)] */
static void rmsprop(const struct bp_update_args *args)
{
    const vec epsilon = vec_set(args->epsilon);
    for (size_t k = 0; k < args->count; k += BP_LANES) {
        const vec g = load_for_squares(args, k);
        const vec a = mix_square(args, g, vec_load(args->state[0] + k), args->keep, args->take);
        vec_store(args->state[0] + k, a);
        step_by_quotient(args, k, g, vec_add(vec_sqrt(a), epsilon));
    }
}

/* a = fma([g], [g], a), which never falls
 * w = [fma(-rate, [[g] / (sqrt(a) + epsilon)], w)] */
static void adagrad(const struct bp_update_args *args)
{
    const vec epsilon = vec_set(args->epsilon);
    for (size_t k = 0; k < args->count; k += BP_LANES) {
        const vec g = load_gradient(args, k);
        const vec a = vec_fma(g, g, vec_load(args->state[0] + k));
        vec_store(args->state[0] + k, a);
        step_by_quotient(args, k, g, vec_add(vec_sqrt(a), epsilon));
    }
}

/* a = [fma(take, [g] - a, a)]
 * b = [fma(take_square, [g] [g], keep_square b)]
 * w = [fma(-rate, [a / fma(sqrt(b), root, epsilon)], w)] */
static void adam(const struct bp_update_args *args)
{
    const vec epsilon = vec_set(args->epsilon), root = vec_set(args->root);
    const vec take = vec_set(args->take);
    for (size_t k = 0; k < args->count; k += BP_LANES) {
        const vec g = load_for_squares(args, k), mean = vec_load(args->state[0] + k);
        const vec a = vec_stored(vec_fma(take, vec_sub(g, mean), mean));
        const vec b =
            mix_square(args, g, vec_load(args->state[1] + k), args->keep_square, args->take_square);
        vec_store(args->state[0] + k, a);
        vec_store(args->state[1] + k, b);
        step_by_quotient(args, k, a, vec_fma(vec_sqrt(b), root, epsilon));
    }
}

/* g = [g]
 * Same signs of a and g: b = 1.2 b; opposite ones: b = 0.5 b and g = 0
 * b = min(max(b, 2^-63), 50)
 * w = [w - sign(g) b]
 * a = g
 * Signs are compared, not the sign of a product, which is 0 where both slopes are tiny. A step that
 * became 0 would stay 0. */
static void irprop(const struct bp_update_args *args)
{
    const vec zero = vec_set(0.0f), one = vec_set(1.0f), minus = vec_set(-1.0f);
    const vec largest = vec_set(50.0f), smallest = vec_set(BP_FLUSH_BELOW);
    for (size_t k = 0; k < args->count; k += BP_LANES) {
        const vec g = load_gradient(args, k), a = vec_load(args->state[0] + k);
        const vec signs = vec_mul(vec_select_sign(g, minus, one), vec_select_sign(a, minus, one));
        const vec agree = vec_select_zero(g, zero, vec_select_zero(a, zero, signs));
        const vec change = vec_select_sign(agree, vec_set(0.5f), vec_set(1.2f));
        vec b = vec_mul(vec_select_zero(agree, one, change), vec_load(args->state[1] + k));
        b = vec_max(smallest, vec_select_sign(vec_sub(b, largest), b, largest));
        const vec slope = vec_select_sign(agree, zero, g);
        const vec step = vec_select_zero(slope, zero, vec_select_sign(slope, vec_sub(zero, b), b));
        vec_store(args->weight + k, vec_stored(vec_sub(vec_load(args->weight + k), step)));
        vec_store(args->state[0] + k, slope);
        vec_store(args->state[1] + k, b);
    }
}

static void (*const updates[])(const struct bp_update_args *args) = {
    [BP_OPTIMIZER_SGD] = sgd,           [BP_OPTIMIZER_MOMENTUM] = momentum,
    [BP_OPTIMIZER_NESTEROV] = nesterov, [BP_OPTIMIZER_RMSPROP] = rmsprop,
    [BP_OPTIMIZER_ADAM] = adam,         [BP_OPTIMIZER_ADAMW] = adam,
    [BP_OPTIMIZER_IRPROP] = irprop,     [BP_OPTIMIZER_ADAGRAD] = adagrad,
};

static void shape(float *result, const float *gradient, const float *weight, size_t count,
                  float scale, float decay)
{
    const vec scales = vec_set(scale), decays = vec_set(decay);
    for (size_t k = 0; k < count; k += BP_LANES) {
        const vec scaled = vec_product(vec_load(gradient + k), scales);
        vec_store(result + k, vec_fma(decays, vec_load(weight + k), scaled));
    }
}

/* The square of a float is exact in binary64. */
static double squares(const float *a, size_t count)
{
    double sums[BP_LANES] = {0.0};
    for (size_t k = 0; k < count; k += BP_LANES) {
        for (size_t lane = 0; lane < BP_LANES; lane++)
            sums[lane] += (double)a[k + lane] * (double)a[k + lane];
    }
    double sum = sums[0];
    for (size_t lane = 1; lane < BP_LANES; lane++)
        sum += sums[lane];
    return sum;
}

static void transpose(float *to, const float *from)
{
    UNROLLED
    for (size_t i = 0; i < BP_LANES; i += TRANSPOSE_LANES) {
        UNROLLED
        for (size_t j = 0; j < BP_LANES; j += TRANSPOSE_LANES)
            transpose_square(to + j * BP_LANES + i, from + i * BP_LANES + j);
    }
}
