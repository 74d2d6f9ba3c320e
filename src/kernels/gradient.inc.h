/* The gradient product with the merging of shards. Included by a kernel file after tile.inc.h. */

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

/* After shard number `shard` all subtrees that it completes are merged; after the last one also
 * what still waits, from the lowest level up. */
ALWAYS_INLINE void merge_shard(struct pending *pending, vec sum[TILE_ROWS][TILE_PANELS],
                               size_t rows, size_t panels, size_t shard, bool last)
{
    size_t level = 0;
    for (; shard & 1; shard >>= 1, level++)
        add_tile(sum, pending->sum[level], rows, panels);
    if (last) {
        for (; shard; shard >>= 1, level++)
            if (shard & 1)
                add_tile(sum, pending->sum[level], rows, panels);
        return;
    }
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            pending->sum[level][r][p] = sum[r][p];
    }
}

/* One sample of a gradient: row 0 is that of the bias, whose "input" is 1, if `bias`; the others
 * read the inputs at `a`. */
ALWAYS_INLINE void accumulate_sample(vec sum[TILE_ROWS][TILE_PANELS], size_t rows, size_t panels,
                                     bool bias, const float *a, const float *b, size_t b_panel)
{
    vec lanes[TILE_PANELS];
    UNROLLED
    for (size_t p = 0; p < panels; p++)
        lanes[p] = vec_load(b + p * b_panel);
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        const vec scalar = vec_set(bias && r == 0 ? 0.0f : a[r - bias]);
        UNROLLED
        for (size_t p = 0; p < panels; p++) {
            if (bias && r == 0)
                sum[r][p] = vec_add(sum[r][p], lanes[p]);
            else
                vec_accumulate(&sum[r][p], scalar, lanes[p]);
        }
    }
}

/* Samples of a shard in the panels `a` of inputs and `b` of deltas; UNROLLED_DEPTH of them in a row
 * without a branch.
 */
ALWAYS_INLINE void accumulate_samples(vec sum[TILE_ROWS][TILE_PANELS], size_t rows, size_t panels,
                                      bool bias, const float *a, const float *b, size_t b_panel,
                                      size_t depth)
{
    for (; depth >= UNROLLED_DEPTH;
         depth -= UNROLLED_DEPTH, a += UNROLLED_DEPTH * BP_LANES, b += UNROLLED_DEPTH * BP_LANES) {
        UNROLLED
        for (size_t x = 0; x < UNROLLED_DEPTH; x++)
            accumulate_sample(sum, rows, panels, bias, a + x * BP_LANES, b + x * BP_LANES, b_panel);
    }
    for (; depth; depth--, a += BP_LANES, b += BP_LANES)
        accumulate_sample(sum, rows, panels, bias, a, b, b_panel);
}

/* Where the panels of a tile begin in a gradient: found once, so that rows stand at constant
 * distances from there and need no addresses of their own. */
struct tile_panels {
    const float *at[TILE_PANELS];
};

ALWAYS_INLINE struct tile_panels find_panels(const float *first, size_t stride, size_t panels)
{
    struct tile_panels tile;
    UNROLLED
    for (size_t p = 0; p < panels; p++)
        tile.at[p] = first + p * stride;
    return tile;
}

/* Brings rows of a gradient near, which lies in memory that no cache holds, while the tile to which
 * they are added is made. */
ALWAYS_INLINE void fetch_rows(struct tile_panels gradient, size_t rows, size_t panels)
{
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            PREFETCH_NEAR(gradient.at[p] + r * BP_LANES);
    }
}

ALWAYS_INLINE void load_rows(vec sum[TILE_ROWS][TILE_PANELS], struct tile_panels gradient,
                             size_t rows, size_t panels)
{
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            sum[r][p] = vec_load(gradient.at[p] + r * BP_LANES);
    }
}

ALWAYS_INLINE void add_rows(vec sum[TILE_ROWS][TILE_PANELS], struct tile_panels left, size_t rows,
                            size_t panels)
{
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            sum[r][p] = vec_add(vec_load(left.at[p] + r * BP_LANES), sum[r][p]);
    }
}

/* Rows row ... row + rows - 1 of some panels of a gradient. */
ALWAYS_INLINE void gradient_rows(const struct bp_gradient_args *args, size_t row, size_t rows,
                                 size_t panel, size_t panels, bool bias)
{
    const size_t stride = args->partial_stride;
    const size_t partial_at = panel * stride + (row - args->begin) * BP_LANES;
    const size_t first = row - !bias; /* input */
    const float *a = args->input + first / BP_LANES * args->input_stride + first % BP_LANES;
    const float *b = args->delta + panel * args->delta_stride;
    const float *partial = args->partial;
    struct pending pending;
    vec sum[TILE_ROWS][TILE_PANELS];
    if (args->merges)
        fetch_rows(find_panels(args->merge[0] + partial_at, stride, panels), rows, panels);
    for (size_t k = 0; k < args->fetches; k++)
        fetch_rows(find_panels(args->fetch[k] + partial_at, stride, panels), rows, panels);
    size_t shard = 0, left = args->rows;
    do {
        const size_t depth = left < args->shard_rows ? left : args->shard_rows;
        UNROLLED
        for (size_t r = 0; r < rows; r++) {
            UNROLLED
            for (size_t p = 0; p < panels; p++)
                sum[r][p] = vec_set(0.0f);
        }
        if (partial)
            load_rows(sum, find_panels(partial + partial_at, stride, panels), rows, panels);
        partial = NULL;
        accumulate_samples(sum, rows, panels, bias, a, b, args->delta_stride, depth);
        a += depth * BP_LANES;
        b += depth * BP_LANES;
        left -= depth;
        merge_shard(&pending, sum, rows, panels, shard, left == 0);
        shard++;
    } while (left);
    for (size_t m = 0; m < args->merges; m++)
        add_rows(sum, find_panels(args->merge[m] + partial_at, stride, panels), rows, panels);
    float *to[TILE_PANELS];
    UNROLLED
    for (size_t p = 0; p < panels; p++)
        to[p] =
            args->gradient + (panel + p) * args->gradient_stride + (row - args->begin) * BP_LANES;
    UNROLLED
    for (size_t r = 0; r < rows; r++) {
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            vec_store(to[p] + r * BP_LANES, sum[r][p]);
    }
}

ALWAYS_INLINE void gradient_tile(const struct bp_gradient_args *args, size_t row, size_t rows,
                                 size_t panel, size_t panels)
{
    gradient_rows(args, row, rows, panel, panels, false);
}

/* Half the rows of a panel and that of the bias: 17 are then covered by two tiles. */
#define GRADIENT_ROWS (TILE_ROWS < 9 ? TILE_ROWS : 9)

TILES(gradient, struct bp_gradient_args, GRADIENT_ROWS)

ALWAYS_INLINE void gradient_bias_tile(const struct bp_gradient_args *args, size_t row, size_t rows,
                                      size_t panel, size_t panels)
{
    gradient_rows(args, row, rows, panel, panels, true);
}

TILES(gradient_bias, struct bp_gradient_args, GRADIENT_ROWS)

/* Rows begin ... end - 1 of some panels of a gradient. No tile reaches over two panels of inputs;
 * the first of these also has the row of the bias. */
static void gradient_of_rows(const struct bp_gradient_args *args, size_t begin, size_t end,
                             size_t panel, size_t panels)
{
    size_t stop = begin;
    for (size_t row = begin, rows; row < end; row += rows) {
        if (row == stop) {
            stop = row + BP_LANES + (row == 0);
            stop = stop < end ? stop : end;
        }
        rows = next_rows(stop - row, GRADIENT_ROWS);
        (row == 0 ? gradient_bias_tiles : gradient_tiles)[panels - 1][rows - 1](args, row, panel);
    }
}

/* Bytes of inputs that stay in the second-level cache while panel after panel of deltas is
 * multiplied with them. */
#define INPUT_BYTES ((size_t)1 << 18)

static void gradient(const struct bp_gradient_args *args)
{
    const size_t panel_bytes = (args->rows + 1) * BP_LANES * sizeof(float);
    const size_t group =
        panel_bytes < INPUT_BYTES ? INPUT_BYTES / panel_bytes * BP_LANES : BP_LANES;
    for (size_t begin = args->begin, end; begin < args->end; begin = end) {
        end = begin + group + (begin == 0);
        end = end < args->end ? end : args->end;
        for (size_t panel = 0, panels; panel < args->panels; panel += panels) {
            panels = next_panels(args->panels - panel);
            gradient_of_rows(args, begin, end, panel, panels);
        }
    }
}
