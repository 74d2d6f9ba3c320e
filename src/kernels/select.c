/* Which table of kernels a processor can run. */
#include "kernels/list.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct row {
    const struct bp_kernels *table;
    unsigned needs;
};

#define TABLE_ROW(name, isa, needs, with) {&bp_kernels__##name, needs},
static const struct row rows[] = {BP_KERNELS_LIST(TABLE_ROW, )};
#undef TABLE_ROW

/* What this processor has of what a table may need. */
static unsigned processor_features(void)
{
    unsigned features = BP_NEEDS_NOTHING;
#if defined(__x86_64__) && defined(__GNUC__)
    /* These ask the operating system too, whether it saves the wide registers. */
    if (__builtin_cpu_supports("fma"))
        features |= BP_NEEDS_FMA;
    if (__builtin_cpu_supports("avx2"))
        features |= BP_NEEDS_AVX2;
    if (__builtin_cpu_supports("avx512f"))
        features |= BP_NEEDS_AVX512F;
#endif
    return features;
}

const struct bp_kernels *bp_kernels_next(const struct bp_kernels *previous)
{
    const unsigned features = processor_features();
    bool passed = previous == NULL;
    for (size_t k = 0; k < COUNT(rows); k++) {
        if (passed && (rows[k].needs & ~features) == 0)
            return rows[k].table;
        passed = passed || rows[k].table == previous;
    }
    return NULL;
}

const struct bp_kernels *bp_kernels_select(bp_isa isa)
{
    const struct bp_kernels *table = bp_kernels_next(NULL);
    while (table && isa != BP_ISA_AUTO && isa != table->isa)
        table = bp_kernels_next(table);
    return table;
}

bp_isa bp_best_isa(void)
{
    return bp_kernels_select(BP_ISA_AUTO)->isa;
}

bool bp_has_isa(bp_isa isa)
{
    return bp_kernels_select(isa) != NULL;
}
