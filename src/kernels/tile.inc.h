/* The register tile that all three products share. Included by a kernel file behind its vector
 * header, which says how many rows (TILE_ROWS) and panels (TILE_PANELS) fit the registers. */

#if defined(__clang__)
#define UNROLLED _Pragma("unroll")
#elif defined(__GNUC__)
#define UNROLLED _Pragma("GCC unroll 16")
#else
#define UNROLLED
#endif

#if defined(__GNUC__)
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define NEVER_INLINE  static __attribute__((noinline))
#else
#define ALWAYS_INLINE static inline
#define NEVER_INLINE  static
#endif

/* The two factors of a product: a is read as scalars, b as panels of sixteen lanes. */
struct factors {
    const float *a;
    size_t a_row;  /* floats between rows of the tile */
    size_t a_step; /* floats between steps of the sum */
    const float *b;
    size_t b_panel; /* floats between panels of the tile */
    size_t b_step;  /* floats between steps of the sum */
};

/* sum[r][p] of lane j: fma(a(r, k), b(k, p, j), sum) for k = 0 ... depth - 1. `rows` and `panels`
 * are constants where this is inlined, so that `sum` lives in registers. */
ALWAYS_INLINE void accumulate(vec sum[TILE_ROWS][TILE_PANELS], size_t rows, size_t panels,
                              struct factors f, size_t depth)
{
    for (size_t k = 0; k < depth; k++) {
        vec b[TILE_PANELS];
        UNROLLED
        for (size_t p = 0; p < panels; p++)
            b[p] = vec_load(f.b + k * f.b_step + p * f.b_panel);
        UNROLLED
        for (size_t r = 0; r < rows; r++) {
            const vec a = vec_set(f.a[r * f.a_row + k * f.a_step]);
            UNROLLED
            for (size_t p = 0; p < panels; p++)
                sum[r][p] = vec_fma(a, b[p], sum[r][p]);
        }
    }
}

/*
 * TILED(name, type) makes of the inline function name_tile(args, row, rows, panel, panels) the
 * function name(args, row_count, panel_count), which covers all rows and panels with tiles. Each
 * size of tile is compiled on its own, as name_RxP, so that `rows` and `panels` are constants in
 * it.
 */
#define TILE(name, type, r, p)                                                                     \
    NEVER_INLINE void name##_##r##x##p(const type *args, size_t row, size_t panel)                 \
    {                                                                                              \
        if ((r) <= TILE_ROWS && (p) <= TILE_PANELS)                                                \
            name##_tile(args, row, (r) <= TILE_ROWS ? (r) : 1, panel,                              \
                        (p) <= TILE_PANELS ? (p) : 1);                                             \
    }

#define TILES(name, type, p)                                                                       \
    TILE(name, type, 1, p)                                                                         \
    TILE(name, type, 2, p)                                                                         \
    TILE(name, type, 3, p)                                                                         \
    TILE(name, type, 4, p)                                                                         \
    TILE(name, type, 5, p)                                                                         \
    TILE(name, type, 6, p)                                                                         \
    TILE(name, type, 7, p)                                                                         \
    TILE(name, type, 8, p)                                                                         \
    TILE(name, type, 9, p)                                                                         \
    TILE(name, type, 10, p)                                                                        \
    TILE(name, type, 11, p)                                                                        \
    TILE(name, type, 12, p)                                                                        \
    TILE(name, type, 13, p)                                                                        \
    TILE(name, type, 14, p)

#define TILE_NAMES(name, p)                                                                        \
    {                                                                                              \
        name##_1x##p, name##_2x##p, name##_3x##p, name##_4x##p, name##_5x##p, name##_6x##p,        \
            name##_7x##p, name##_8x##p, name##_9x##p, name##_10x##p, name##_11x##p, name##_12x##p, \
            name##_13x##p, name##_14x##p                                                           \
    }

#define TILED(name, type)                                                                          \
    TILES(name, type, 1)                                                                           \
    TILES(name, type, 2)                                                                           \
    static void name##_tiled(const type *args, size_t row_count, size_t panel_count)               \
    {                                                                                              \
        static void (*const tiles[2][14])(const type *, size_t, size_t) = {TILE_NAMES(name, 1),    \
                                                                           TILE_NAMES(name, 2)};   \
        for (size_t panel = 0, panels; panel < panel_count; panel += panels) {                     \
            panels = panel_count - panel < TILE_PANELS ? 1 : TILE_PANELS;                          \
            for (size_t row = 0, rows; row < row_count; row += rows) {                             \
                rows = row_count - row < TILE_ROWS ? row_count - row : TILE_ROWS;                  \
                tiles[panels - 1][rows - 1](args, row, panel);                                     \
            }                                                                                      \
        }                                                                                          \
    }
