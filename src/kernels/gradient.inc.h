/* The gradient product with the merging of shards. Included by a kernel file behind tile.inc.h. */

/* Gradients of complete subtrees that wait for their right neighbours: a binary counter. */
struct pending {
    vec sum[BP_TREE_LEVELS][TILE_ROWS][TILE_PANELS];
};

ALWAYS_INLINE void add_tile(vec sum[TILE_ROWS][TILE_PANELS], vec left[TILE_ROWS][TILE_PANELS],
                            size_t rows, size_t panels)
{
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            sum[r][p] = vec_add(left[r][p], sum[r][p]);
    }
}

/* Behind the last shard, number `shard`: what still waits is merged from the lowest level up.
 * Before that, and after every other shard, all subtrees that the shard completes. */
ALWAYS_INLINE void merge_shard(struct pending *pending, vec sum[TILE_ROWS][TILE_PANELS],
                               size_t rows, size_t panels, size_t shard, bool last)
{
    size_t level = 0;
    for (size_t s = shard; last ? s != 0 : (s & 1) != 0; s >>= 1, level++) {
        if (s & 1)
            add_tile(sum, pending->sum[level], rows, panels);
    }
    if (last)
        return;
    UNROLLED
    for (size_t r = 0; r < rows; r++)
        UNROLLED
    for (size_t p = 0; p < panels; p++)
        pending->sum[level][r][p] = sum[r][p];
}

/* Rows first ... first + rows - 1 of the panels of a gradient: row 0 is that of the bias, whose
 * "input" is 1. `a` leads to the inputs of these rows. */
ALWAYS_INLINE void gradient_rows(const struct bp_gradient_args *args, struct factors f,
                                 size_t first, size_t rows, size_t panel, size_t panels)
{
    const size_t panel_stride = (args->in + 1) * BP_PANEL;
    const size_t offset = panel * panel_stride + first * BP_PANEL;
    struct pending pending;
    vec sum[TILE_ROWS][TILE_PANELS];
    size_t x = 0, shard = 0;
    do {
        const size_t left = args->rows - x;
        const size_t depth = left < args->shard_rows ? left : args->shard_rows;
        const float *partial = shard == 0 ? args->partial : NULL;
        UNROLLED
        for (size_t r = 0; r < rows; r++) {
            UNROLLED
            for (size_t p = 0; p < panels; p++)
                sum[r][p] = partial ? vec_load(partial + offset + p * panel_stride + r * BP_PANEL)
                                    : vec_set(0.0f);
        }
        accumulate(sum, rows, panels, f, depth);
        f.a += depth * f.a_step;
        f.b += depth * f.b_step;
        merge_shard(&pending, sum, rows, panels, shard, depth == left);
        x += depth;
        shard++;
    } while (x < args->rows);
    for (size_t m = 0; m < args->merges; m++) {
        UNROLLED
        for (size_t r = 0; r < rows; r++) {
            UNROLLED
            for (size_t p = 0; p < panels; p++) {
                const size_t at = offset + p * panel_stride + r * BP_PANEL;
                sum[r][p] = vec_add(vec_load(args->merge[m] + at), sum[r][p]);
            }
        }
    }
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            vec_store(args->gradient + offset + p * panel_stride + r * BP_PANEL, sum[r][p]);
    }
}

ALWAYS_INLINE void gradient_tile(const struct bp_gradient_args *args, size_t row, size_t rows,
                                 size_t panel, size_t panels)
{
    const struct factors f = {args->input + row,  1,
                              args->input_stride, args->delta + panel * BP_PANEL,
                              BP_PANEL,           args->delta_stride};
    gradient_rows(args, f, row + 1, rows, panel, panels);
}

TILED(gradient, struct bp_gradient_args)

NEVER_INLINE void gradient_of_bias(const struct bp_gradient_args *args, size_t panel)
{
    static const float one = 1.0f;
    const struct factors f = {
        &one, 0, 0, args->delta + panel * BP_PANEL, BP_PANEL, args->delta_stride};
    gradient_rows(args, f, 0, 1, panel, 1);
}

static void gradient(const struct bp_gradient_args *args)
{
    for (size_t panel = 0; panel < args->panels; panel++)
        gradient_of_bias(args, panel);
    gradient_tiled(args, args->in, args->panels);
}
