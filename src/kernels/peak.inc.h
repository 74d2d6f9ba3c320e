/* How fast the processor can multiply and add at all. Included by a kernel file after
 * tile.inc.h. */

/* Independent chains that fill the accumulators of a tile, with no memory in between. All lanes
 * begin with numbers of their own: of equal ones a compiler would compute one. */
static double peak(size_t rounds)
{
    _Alignas(64) float lane[TILE_ROWS * TILE_PANELS * BP_LANES];
    for (size_t k = 0; k < TILE_ROWS * TILE_PANELS * BP_LANES; k++)
        lane[k] = (float)k;
    const vec factor = vec_set(0.5f), term = vec_set(1.0f);
    vec sum[TILE_ROWS * TILE_PANELS];
    UNROLLED
    for (size_t s = 0; s < TILE_ROWS * TILE_PANELS; s++)
        sum[s] = vec_load(lane + s * BP_LANES);
    for (size_t k = 0; k < rounds; k++) {
        UNROLLED
        for (size_t s = 0; s < TILE_ROWS * TILE_PANELS; s++)
            sum[s] = vec_fma(sum[s], factor, term);
    }
    /* Every lane is used, or a compiler would leave it out. */
    for (size_t s = 0; s < TILE_ROWS * TILE_PANELS; s++)
        vec_store(lane + s * BP_LANES, sum[s]);
    size_t done = 0;
    for (size_t k = 0; k < TILE_ROWS * TILE_PANELS * BP_LANES; k++)
        done += lane[k] >= 0.0f;
    return 2.0 * (double)done * (double)rounds;
}
