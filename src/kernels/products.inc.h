/* Forward, delta and gradient over one register tile and over all. Included by a kernel file behind
 * tile.inc.h and activate.inc.h. */

ALWAYS_INLINE void forward_tile(const struct bp_forward_args *args, size_t row, size_t rows,
                                size_t panel, size_t panels)
{
    const size_t panel_stride = (args->in + 1) * BP_PANEL;
    const float *weights = args->weights + panel * panel_stride;
    vec sum[TILE_ROWS][TILE_PANELS];
    UNROLLED
    for (size_t r = 0; r < rows; r++)
        UNROLLED
    for (size_t p = 0; p < panels; p++)
        sum[r][p] = vec_load(weights + p * panel_stride);
    const struct factors f = {args->input + row * args->input_stride,
                              args->input_stride,
                              1,
                              weights + BP_PANEL,
                              panel_stride,
                              BP_PANEL};
    accumulate(sum, rows, panels, f, args->in);
    for (size_t r = 0; r < rows; r++) {
        for (size_t p = 0; p < panels; p++) {
            const size_t at = (row + r) * args->stride + (panel + p) * BP_PANEL;
            vec value, slope;
            activate_lanes(args->activation, sum[r][p], &value, &slope);
            vec_store(args->value + at, value);
            if (args->slope)
                vec_store(args->slope + at, slope);
        }
    }
}

TILED(forward, struct bp_forward_args)

static void forward(const struct bp_forward_args *args)
{
    forward_tiled(args, args->rows, args->panels);
}

ALWAYS_INLINE void delta_tile(const struct bp_delta_args *args, size_t row, size_t rows,
                              size_t panel, size_t panels)
{
    vec sum[TILE_ROWS][TILE_PANELS];
    UNROLLED
    for (size_t r = 0; r < rows; r++)
        UNROLLED
    for (size_t p = 0; p < panels; p++)
        sum[r][p] = vec_set(0.0f);
    const struct factors f = {
        args->delta + row * args->delta_stride,     args->delta_stride, 1,
        args->weights + panel * args->panel_stride, args->panel_stride, BP_PANEL};
    accumulate(sum, rows, panels, f, args->out);
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++) {
            float *slope = args->slope + (row + r) * args->slope_stride + (panel + p) * BP_PANEL;
            vec_store(slope, args->as_printed ? sum[r][p] : vec_mul(sum[r][p], vec_load(slope)));
        }
    }
}

TILED(delta, struct bp_delta_args)

static void delta(const struct bp_delta_args *args)
{
    delta_tiled(args, args->rows, args->panels);
}
