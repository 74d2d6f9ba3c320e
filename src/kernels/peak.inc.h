/* How fast the processor can multiply and add at all. Included by a kernel file after
 * tile.inc.h. */

/* Chains that do not depend on one another, one in each accumulator of a tile, in the form in which
 * the products sum. The loops are those of accumulate(), so that a compiler keeps the sums in
 * registers wherever it keeps those of a tile there: tests/kernels/peak_loop.py looks. Factors
 * depend on `rounds`, or a compiler would know them; all lanes begin with numbers of their own: of
 * equal ones it would compute one. No number overflows or becomes subnormal. */
static double peak(size_t rounds)
{
    enum { LANES_OF_TILE = TILE_ROWS * TILE_PANELS * BP_LANES };
    _Alignas(64) float lane[LANES_OF_TILE];
    for (size_t k = 0; k < LANES_OF_TILE; k++)
        lane[k] = (float)k;
    const vec a = vec_set(1.0f / (float)(rounds + 2)), b = vec_set(3.0f / (float)(rounds + 4));
    vec sum[TILE_ROWS][TILE_PANELS];
    UNROLLED
    for (size_t r = 0; r < TILE_ROWS; r++) {
        UNROLLED
        for (size_t p = 0; p < TILE_PANELS; p++)
            sum[r][p] = vec_load(lane + (r * TILE_PANELS + p) * BP_LANES);
    }
    ROLLED
    for (size_t k = 0; k < rounds; k++) {
        UNROLLED
        for (size_t r = 0; r < TILE_ROWS; r++) {
            UNROLLED
            for (size_t p = 0; p < TILE_PANELS; p++)
                sum[r][p] = vec_fma(a, b, sum[r][p]);
        }
    }
    /* Every lane is used, or a compiler would leave it out. */
    UNROLLED
    for (size_t r = 0; r < TILE_ROWS; r++) {
        UNROLLED
        for (size_t p = 0; p < TILE_PANELS; p++)
            vec_store(lane + (r * TILE_PANELS + p) * BP_LANES, sum[r][p]);
    }
    size_t done = 0;
    for (size_t k = 0; k < LANES_OF_TILE; k++)
        done += lane[k] >= 0.0f;
    return 2.0 * (double)done * (double)rounds;
}
