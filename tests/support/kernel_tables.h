/* Runs one behaviour on every table of kernels, as a test for each; a table that this machine
 * cannot run shows as skipped, with the reason. */
#ifndef BP_TESTS_KERNEL_TABLES_H
#define BP_TESTS_KERNEL_TABLES_H

#include <criterion/criterion.h>

#include "support/tall_kernels.h"

#define TEST_ON(table_suite, isa, sentence)                                                        \
    Test(table_suite, sentence)                                                                    \
    {                                                                                              \
        if (!bp_kernels_select(isa))                                                               \
            cr_skip_test("this processor has no %s", bp_choice_name(BP_CHOICE_ISA, isa));          \
        sentence(bp_kernels_select(isa));                                                          \
    }

/* `sentence` is a static function (const struct bp_kernels *). */
#define TEST_ON_EACH_TABLE(sentence)                                                               \
    TEST_ON(kernels_portable, BP_ISA_PORTABLE, sentence)                                           \
    TEST_ON(kernels_avx2, BP_ISA_AVX2, sentence)                                                   \
    TEST_ON(kernels_avx512, BP_ISA_AVX512, sentence)                                               \
    Test(kernels_tall_tile, sentence)                                                              \
    {                                                                                              \
        sentence(&tall_kernels);                                                                   \
    }

#endif
