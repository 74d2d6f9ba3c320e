/* Neurons left out by chance. Included by a kernel file after random.inc.h. */

static inline void drop_lanes(float *lanes, const uint32_t *word, uint32_t threshold, float factor)
{
    FOR_EACH_LANE lanes[k] = word[k] < threshold ? 0.0f : lanes[k] * factor;
}

static void dropout(const struct bp_dropout_args *args)
{
    const uint64_t end = args->number + args->rows;
    struct words x;
    for (size_t p = 0; p < args->panels; p++) {
        float *value = args->value + p * args->stride, *slope = args->slope + p * args->stride;
        for (uint64_t number = args->number; number < end; number++) {
            if (number % 4 == 0 || number == args->number)
                draw_words(&x, args->seed, args->stream,
                           (number / 4 * args->layer_panels + args->first_panel + p) * BP_LANES);
            const uint32_t *word = x.word[number % 4];
            drop_lanes(value, word, args->threshold, args->factor);
            drop_lanes(slope, word, args->threshold, args->factor);
            value += BP_LANES;
            slope += BP_LANES;
        }
    }
}
