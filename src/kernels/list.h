/*
 * The one list of instruction sets that this build has kernels for. Declarations, selection, tests
 * and benchmarks follow from it, so that no set can go untested.
 */
#ifndef BP_KERNELS_LIST_H
#define BP_KERNELS_LIST_H

#include "kernels/kernels.h"

/* What a processor must have, as bits. */
enum {
    BP_NEEDS_NOTHING = 0,
    BP_NEEDS_FMA = 1,
    BP_NEEDS_AVX2 = 2,
    BP_NEEDS_AVX512F = 4,
};

/*
 * ROW(name, isa, needs, with) for each set, best first. The table is bp_kernels__<name>, made by
 * kernels_<name>.c and compiled with the flags that meson.build gives to <name>; `with` is passed
 * on to each row. NEON belongs to every 64-bit ARM processor.
 */
#if defined(__x86_64__) && defined(__GNUC__)
#define BP_KERNELS_LIST(ROW, with)                                                                 \
    ROW(avx512, BP_ISA_AVX512, BP_NEEDS_AVX512F | BP_NEEDS_FMA, with)                              \
    ROW(avx2, BP_ISA_AVX2, BP_NEEDS_AVX2 | BP_NEEDS_FMA, with)                                     \
    ROW(portable, BP_ISA_PORTABLE, BP_NEEDS_NOTHING, with)
#elif defined(__aarch64__) && defined(__ARM_NEON)
#define BP_KERNELS_LIST(ROW, with)                                                                 \
    ROW(neon, BP_ISA_NEON, BP_NEEDS_NOTHING, with)                                                 \
    ROW(portable, BP_ISA_PORTABLE, BP_NEEDS_NOTHING, with)
#else
#define BP_KERNELS_LIST(ROW, with) ROW(portable, BP_ISA_PORTABLE, BP_NEEDS_NOTHING, with)
#endif

#define BP_KERNELS_DECLARE(name, isa, needs, with)                                                 \
    extern const struct bp_kernels bp_kernels__##name;
BP_KERNELS_LIST(BP_KERNELS_DECLARE, )
#undef BP_KERNELS_DECLARE

/* The tables that this processor runs, best first: NULL gives the first, the last gives NULL.
 *     for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) */
const struct bp_kernels *bp_kernels_next(const struct bp_kernels *previous);

#endif
