/* Runs one behaviour on every table of kernels in the list, as a test for each; a table that this
 * processor cannot run shows as skipped, with the reason. */
#ifndef BP_TESTS_KERNEL_TABLES_H
#define BP_TESTS_KERNEL_TABLES_H

#include <criterion/criterion.h>

#include "kernels/list.h"
#include "support/emulated_avx512.h"

#define TEST_ON(table, isa, needs, sentence)                                                       \
    Test(kernels_##table, sentence)                                                                \
    {                                                                                              \
        if (!bp_has_isa(isa))                                                                      \
            cr_skip_test("this processor has no " #table);                                         \
        sentence(&bp_kernels__##table);                                                            \
    }

/* The AVX-512 kernels, also on a processor that has no AVX-512. */
#if defined(__x86_64__)
#define TEST_ON_EMULATION(sentence)                                                                \
    Test(kernels_emulated_avx512, sentence)                                                        \
    {                                                                                              \
        sentence(&emulated_avx512_kernels);                                                        \
    }
#else
#define TEST_ON_EMULATION(sentence)
#endif

/* `sentence` is a static function (const struct bp_kernels *). */
#define TEST_ON_EACH_TABLE(sentence)                                                               \
    BP_KERNELS_LIST(TEST_ON, sentence)                                                             \
    TEST_ON_EMULATION(sentence)

#endif
