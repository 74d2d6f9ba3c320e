/* The register tile that all three products share. Included by a kernel file after its vector
 * header, which says how many rows (TILE_ROWS) and panels (TILE_PANELS) fit the registers. */

#if defined(__clang__)
#define UNROLLED _Pragma("clang loop unroll(full)")
#define ROLLED   _Pragma("clang loop unroll(disable)")
#elif defined(__GNUC__)
#define UNROLLED _Pragma("GCC unroll 16")
#define ROLLED   _Pragma("GCC unroll 1")
#else
#define UNROLLED
#define ROLLED
#endif

/* Terms of a sum without a branch between them. Builds with sanitizers set it to 1: they
 * take minutes to compile what is unrolled. */
#ifndef UNROLLED_DEPTH
#define UNROLLED_DEPTH 8
#endif

#if defined(__GNUC__)
#define ALWAYS_INLINE          static inline __attribute__((always_inline))
#define NEVER_INLINE           static __attribute__((noinline))
#define PREFETCH_NEAR(address) __builtin_prefetch((address), 0, 3)
#define PREFETCH_FAR(address)  __builtin_prefetch((address), 0, 2)
#else
#define ALWAYS_INLINE          static inline
#define NEVER_INLINE           static
#define PREFETCH_NEAR(address) ((void)(address))
#define PREFETCH_FAR(address)  ((void)(address))
#endif

/* sum[r][p] of lane j: fma(a(r, k), b(k, p, j), sum) for k = 0 ... depth - 1. Scalar a(r, k) stands
 * at a[r * BP_LANES + k], vector b(k, p) at b[k * BP_LANES + p * b_panel]. `rows` and `panels` are
 * constants where this is inlined, so that `sum` lives in registers; a constant `depth` takes no
 * branch. */
ALWAYS_INLINE void accumulate(vec sum[TILE_ROWS][TILE_PANELS], size_t rows, size_t panels,
                              const float *a, const float *b, size_t b_panel, size_t depth)
{
    UNROLLED
    for (size_t k = 0; k < depth; k++) {
        vec lanes[TILE_PANELS];
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            lanes[p] = vec_load(b + k * BP_LANES + p * b_panel);
        UNROLLED
        for (size_t r = 0; r < rows; r++) {
            const vec scalar = vec_set(a[r * BP_LANES + k]);
            UNROLLED
            for (size_t p = 0; p < panels; p++)
                vec_accumulate(&sum[r][p], scalar, lanes[p]);
        }
    }
}

/* The next of the tiles of at most `most` rows that cover `left` rows. They differ by one row at
 * most: a last tile of one row would wait for its own sums. */
static inline size_t next_rows(size_t left, size_t most)
{
    const size_t tiles = (left + most - 1) / most;
    return (left + tiles - 1) / tiles;
}

static inline size_t next_panels(size_t left)
{
    return left < TILE_PANELS ? 1 : TILE_PANELS;
}

/*
 * TILES(name, type, most) compiles the inline function name_tile(args, row, rows, panel, panels)
 * for each size of tile up to `most` rows, as name_RxP, so that `rows` and `panels` are constants
 * in it; name_tiles[P - 1][R - 1] is their table.
 */
#define TILE(name, type, most, r, p)                                                               \
    NEVER_INLINE void name##_##r##x##p(const type *args, size_t row, size_t panel)                 \
    {                                                                                              \
        if ((r) <= (most) && (p) <= TILE_PANELS)                                                   \
            name##_tile(args, row, (r) <= (most) ? (r) : 1, panel, (p) <= TILE_PANELS ? (p) : 1);  \
    }

#define TILES_OF(name, type, most, p)                                                              \
    TILE(name, type, most, 1, p)                                                                   \
    TILE(name, type, most, 2, p)                                                                   \
    TILE(name, type, most, 3, p)                                                                   \
    TILE(name, type, most, 4, p)                                                                   \
    TILE(name, type, most, 5, p)                                                                   \
    TILE(name, type, most, 6, p)                                                                   \
    TILE(name, type, most, 7, p)                                                                   \
    TILE(name, type, most, 8, p)                                                                   \
    TILE(name, type, most, 9, p)                                                                   \
    TILE(name, type, most, 10, p)                                                                  \
    TILE(name, type, most, 11, p)                                                                  \
    TILE(name, type, most, 12, p)                                                                  \
    TILE(name, type, most, 13, p)                                                                  \
    TILE(name, type, most, 14, p)

#define TILE_NAMES(name, p)                                                                        \
    {                                                                                              \
        name##_1x##p, name##_2x##p, name##_3x##p, name##_4x##p, name##_5x##p, name##_6x##p,        \
            name##_7x##p, name##_8x##p, name##_9x##p, name##_10x##p, name##_11x##p, name##_12x##p, \
            name##_13x##p, name##_14x##p                                                           \
    }

_Static_assert(TILE_ROWS <= 14 && TILE_PANELS <= 2, "every size of tile is compiled below");

#define TILES(name, type, most)                                                                    \
    TILES_OF(name, type, most, 1)                                                                  \
    TILES_OF(name, type, most, 2)                                                                  \
    static void (*const name##_tiles[2][14])(const type *, size_t,                                 \
                                             size_t) = {TILE_NAMES(name, 1), TILE_NAMES(name, 2)};
