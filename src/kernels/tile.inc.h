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
#else
#define ALWAYS_INLINE static inline
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

/* sum[r][p] of lane j: fma(a(r, k), b(k, p, j), sum) for k = 0 ... depth - 1. `rows` and `panels` are
 * constants where this is inlined, so that `sum` lives in registers. */
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

/* Calls tile(args, first row, rows, first panel, panels) over all rows and panels, with `rows` and
 * `panels` constant in every call, so that each size is compiled on its own. */
#define ROWS_CASE(tile, n, panels)                                                                 \
    case n:                                                                                        \
        if (n <= TILE_ROWS)                                                                        \
            tile(args, row, n <= TILE_ROWS ? n : 1, panel, panels);                                \
        break

#define ROWS_SWITCH(tile, rows, panels)                                                            \
    switch (rows) {                                                                                \
        ROWS_CASE(tile, 1, panels);                                                                \
        ROWS_CASE(tile, 2, panels);                                                                \
        ROWS_CASE(tile, 3, panels);                                                                \
        ROWS_CASE(tile, 4, panels);                                                                \
        ROWS_CASE(tile, 5, panels);                                                                \
        ROWS_CASE(tile, 6, panels);                                                                \
        ROWS_CASE(tile, 7, panels);                                                                \
        ROWS_CASE(tile, 8, panels);                                                                \
        ROWS_CASE(tile, 9, panels);                                                                \
        ROWS_CASE(tile, 10, panels);                                                               \
        ROWS_CASE(tile, 11, panels);                                                               \
        ROWS_CASE(tile, 12, panels);                                                               \
        ROWS_CASE(tile, 13, panels);                                                               \
        ROWS_CASE(tile, 14, panels);                                                               \
    }

#define FOR_EACH_TILE(tile, row_count, panel_count)                                                \
    for (size_t panel = 0, panels; panel < (panel_count); panel += panels) {                       \
        panels = (panel_count) - panel < TILE_PANELS ? 1 : TILE_PANELS;                            \
        for (size_t row = 0, rows; row < (row_count); row += rows) {                               \
            rows = (row_count) - row < TILE_ROWS ? (row_count) - row : TILE_ROWS;                  \
            if (panels == TILE_PANELS) {                                                           \
                ROWS_SWITCH(tile, rows, TILE_PANELS)                                               \
            } else {                                                                               \
                ROWS_SWITCH(tile, rows, 1)                                                         \
            }                                                                                      \
        }                                                                                          \
    }
