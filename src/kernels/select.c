/* Which table of kernels a processor can run. */
#include "kernels/tables.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_X86 1
#else
#define HAS_X86 0
#endif

static bool processor_runs(bp_isa isa)
{
#if HAS_X86
    if (isa == BP_ISA_AVX2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (isa == BP_ISA_AVX512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma");
#endif
    return isa == BP_ISA_PORTABLE;
}

/* Best first. */
static const struct bp_kernels *const tables[] = {
#if HAS_X86
    &bp_kernels__avx512,
    &bp_kernels__avx2,
#endif
    &bp_kernels__portable,
};

const struct bp_kernels *bp_kernels_select(bp_isa isa)
{
    for (size_t k = 0; k < sizeof tables / sizeof tables[0]; k++) {
        const struct bp_kernels *table = tables[k];
        if ((isa == BP_ISA_AUTO || isa == table->isa) && processor_runs(table->isa))
            return table;
    }
    return NULL;
}

bp_isa bp_best_isa(void)
{
    return bp_kernels_select(BP_ISA_AUTO)->isa;
}

bool bp_has_isa(bp_isa isa)
{
    return bp_kernels_select(isa) != NULL;
}
