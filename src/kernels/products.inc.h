/* Forward and delta. Included by a kernel file after tile.inc.h and activate.inc.h. */

/*
 * A product is made in parts of its sums, one after the other, for all tiles: what a tile reads of
 * the second factor in one part stays in the first-level cache from tile to tile, and the samples
 * stay in the second. A sum rests in memory between two parts, so that its chain goes on as if
 * there were one.
 */
struct part {
    size_t begin, end; /* terms of the sums */
};

/* The part after `end` of sums of `depth` terms. */
static inline struct part next_part(size_t end, size_t depth)
{
    const size_t left = depth - end;
    const size_t parts = (left + PART_DEPTH - 1) / PART_DEPTH;
    const size_t each = parts ? (left + parts - 1) / parts : 0;
    /* Whole panels of samples, but for the last part. */
    const size_t whole = (each + BP_LANES - 1) / BP_LANES * BP_LANES;
    return (struct part){end, parts <= 1 ? depth : end + whole};
}

/* Sums that rest between two parts stay in the second-level cache, beside the samples of a part:
 * all parts of as many panels as that are made before those of the next ones. */
#define SUM_BYTES ((size_t)1 << 17)

static inline size_t find_group(size_t rows, size_t depth, size_t panels)
{
    const size_t tile = rows * BP_LANES * TILE_PANELS * sizeof(float);
    if (depth <= PART_DEPTH || tile == 0)
        return panels;
    return tile < SUM_BYTES ? SUM_BYTES / tile * TILE_PANELS : TILE_PANELS;
}

/* Weights below this many bytes stay in the second-level cache. */
#define NEAR_BYTES ((size_t)1 << 17)

/* While a panel of weights is in use for row after row, the next one is fetched from farther away:
 * so many lines of it a row. */
static inline size_t lines_ahead(struct part part, size_t rows, size_t panels)
{
    const size_t lines = part.end - part.begin;
    return lines * panels * BP_LANES * sizeof(float) < NEAR_BYTES || rows == 0
               ? 0
               : (lines + rows - 1) / rows;
}

/* Brings lines of the next panels of weights near, as many as fall to these rows. */
ALWAYS_INLINE void fetch_ahead(const float *weights, size_t panel_stride, size_t panels,
                               struct part lines)
{
    for (size_t p = 0; p < panels; p++)
        for (size_t k = lines.begin; k < lines.end; k++)
            PREFETCH_FAR(weights + p * panel_stride + k * BP_LANES);
}

/* The lines of the next panels that fall to rows row ... row + rows - 1 of a tile. */
static inline struct part find_lines(size_t ahead, size_t row, size_t rows, struct part part)
{
    const size_t lines = part.end - part.begin;
    const size_t begin = row * ahead, end = (row + rows) * ahead;
    return (struct part){begin < lines ? begin : lines, end < lines ? end : lines};
}

/* The terms of a part, whose scalars lie in panels of samples. The samples of the tile below are
 * brought nearer on the way. */
ALWAYS_INLINE void accumulate_part(vec sum[TILE_ROWS][TILE_PANELS], size_t rows, size_t panels,
                                   const float *a, size_t a_panel, const float *b, size_t b_panel,
                                   size_t depth)
{
    for (; depth >= BP_LANES; depth -= BP_LANES, a += a_panel, b += BP_LANES * BP_LANES) {
        UNROLLED
        for (size_t r = 0; r < rows; r++)
            PREFETCH_NEAR(a + (r + rows) * BP_LANES);
        ROLLED
        for (size_t k = 0; k < BP_LANES; k += UNROLLED_DEPTH)
            accumulate(sum, rows, panels, a + k, b + k * BP_LANES, b_panel, UNROLLED_DEPTH);
    }
    for (; depth; depth--, a++, b += BP_LANES)
        accumulate(sum, rows, panels, a, b, b_panel, 1);
}

struct forward_part {
    const struct bp_forward_args *args;
    struct part part;
    size_t ahead;
};

ALWAYS_INLINE void forward_tile(const struct forward_part *work, size_t row, size_t rows,
                                size_t panel, size_t panels)
{
    const struct bp_forward_args *args = work->args;
    const struct part part = work->part;
    const size_t panel_stride = (args->in + 1) * BP_LANES;
    const float *weights = args->weights + panel * panel_stride;
    float *value = args->value + panel * args->stride + row * BP_LANES;
    vec sum[TILE_ROWS][TILE_PANELS];
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            sum[r][p] = vec_load(part.begin ? value + p * args->stride + r * BP_LANES
                                            : weights + p * panel_stride);
    }
    if (work->ahead && panel + 2 * panels <= args->panels)
        fetch_ahead(weights + panels * panel_stride + (1 + part.begin) * BP_LANES, panel_stride,
                    panels, find_lines(work->ahead, row, rows, part));
    accumulate_part(sum, rows, panels,
                    args->input + part.begin / BP_LANES * args->input_stride + row * BP_LANES,
                    args->input_stride, weights + (1 + part.begin) * BP_LANES, panel_stride,
                    part.end - part.begin);
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            vec_store(value + p * args->stride + r * BP_LANES, sum[r][p]);
    }
}

TILES(forward, struct forward_part, TILE_ROWS)

/* The finished sums of a panel, still in the first-level cache, become values and slopes: all rows
 * in one loop, since one row alone would wait for each of its operations. */
static void activate_panel(const struct bp_forward_args *args, size_t panel)
{
    float *value = args->value + panel * args->stride;
    float *slope = args->slope ? args->slope + panel * args->stride : NULL;
    activate(args->activation, value, value, slope, args->rows * BP_LANES);
}

/* Panels first ... end - 1. */
static void forward_group(const struct bp_forward_args *args, size_t first, size_t end)
{
    struct part part = {0, 0};
    do {
        part = next_part(part.end, args->in);
        const struct forward_part work = {args, part, lines_ahead(part, args->rows, args->panels)};
        for (size_t panel = first, panels; panel < end; panel += panels) {
            panels = next_panels(end - panel);
            for (size_t row = 0, rows; row < args->rows; row += rows) {
                rows = next_rows(args->rows - row, TILE_ROWS);
                forward_tiles[panels - 1][rows - 1](&work, row, panel);
            }
            for (size_t p = 0; part.end == args->in && p < panels; p++)
                activate_panel(args, panel + p);
        }
    } while (part.end < args->in);
}

static void forward(const struct bp_forward_args *args)
{
    const size_t group = find_group(args->rows, args->in, args->panels);
    for (size_t first = 0, end; first < args->panels; first = end) {
        end = args->panels - first < group ? args->panels : first + group;
        forward_group(args, first, end);
    }
}

struct delta_part {
    const struct bp_delta_args *args;
    struct part part;
    size_t ahead;
};

ALWAYS_INLINE void store_tile(float *to, size_t stride, vec sum[TILE_ROWS][TILE_PANELS],
                              size_t rows, size_t panels)
{
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            vec_store(to + p * stride + r * BP_LANES, sum[r][p]);
    }
}

/* Deltas in place of slopes; `as_printed` is a constant, so that rows overlap. */
ALWAYS_INLINE void store_deltas(float *slope, size_t stride, vec sum[TILE_ROWS][TILE_PANELS],
                                size_t rows, size_t panels, bool as_printed)
{
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++) {
            float *at = slope + p * stride + r * BP_LANES;
            vec_store(at,
                      as_printed ? vec_stored(sum[r][p]) : vec_product(sum[r][p], vec_load(at)));
        }
    }
}

ALWAYS_INLINE void delta_tile(const struct delta_part *work, size_t row, size_t rows, size_t panel,
                              size_t panels)
{
    const struct bp_delta_args *args = work->args;
    const struct part part = work->part;
    float *slope = args->slope + panel * args->slope_stride + row * BP_LANES;
    float *partial = args->partial + panel * args->slope_stride + row * BP_LANES;
    vec sum[TILE_ROWS][TILE_PANELS];
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            sum[r][p] = part.begin ? vec_load(partial + p * args->slope_stride + r * BP_LANES)
                                   : vec_set(0.0f);
    }
    const float *weights = args->weights + panel * args->panel_stride + part.begin * BP_LANES;
    if (work->ahead && panel + 2 * panels <= args->panels)
        fetch_ahead(weights + panels * args->panel_stride, args->panel_stride, panels,
                    find_lines(work->ahead, row, rows, part));
    accumulate_part(sum, rows, panels,
                    args->delta + part.begin / BP_LANES * args->delta_stride + row * BP_LANES,
                    args->delta_stride, weights, args->panel_stride, part.end - part.begin);
    if (part.end != args->out)
        store_tile(partial, args->slope_stride, sum, rows, panels);
    else if (args->as_printed)
        store_deltas(slope, args->slope_stride, sum, rows, panels, true);
    else
        store_deltas(slope, args->slope_stride, sum, rows, panels, false);
}

TILES(delta, struct delta_part, TILE_ROWS)

/* Panels first ... end - 1. */
static void delta_group(const struct bp_delta_args *args, size_t first, size_t end)
{
    struct part part = {0, 0};
    do {
        part = next_part(part.end, args->out);
        const struct delta_part work = {args, part, lines_ahead(part, args->rows, args->panels)};
        for (size_t panel = first, panels; panel < end; panel += panels) {
            panels = next_panels(end - panel);
            for (size_t row = 0, rows; row < args->rows; row += rows) {
                rows = next_rows(args->rows - row, TILE_ROWS);
                delta_tiles[panels - 1][rows - 1](&work, row, panel);
            }
        }
    } while (part.end < args->out);
}

static void delta(const struct bp_delta_args *args)
{
    const size_t group = find_group(args->rows, args->out, args->panels);
    for (size_t first = 0, end; first < args->panels; first = end) {
        end = args->panels - first < group ? args->panels : first + group;
        delta_group(args, first, end);
    }
}
