/* Elementwise passes over parameters. Included by a kernel file behind its vector header. */

static void add(float *sum, const float *a, const float *b, size_t count)
{
    for (size_t k = 0; k < count; k += BP_PANEL)
        vec_store(sum + k, vec_add(vec_load(a + k), vec_load(b + k)));
}

static void sgd(float *weight, const float *gradient, size_t count, float rate)
{
    const vec step = vec_set(-rate);
    for (size_t k = 0; k < count; k += BP_PANEL)
        vec_store(weight + k, vec_fma(step, vec_load(gradient + k), vec_load(weight + k)));
}

static void transpose(float *to, const float *from)
{
    UNROLLED
    for (size_t i = 0; i < BP_PANEL; i += TRANSPOSE_LANES) {
        UNROLLED
        for (size_t j = 0; j < BP_PANEL; j += TRANSPOSE_LANES)
            transpose_square(to + j * BP_PANEL + i, from + i * BP_PANEL + j);
    }
}
