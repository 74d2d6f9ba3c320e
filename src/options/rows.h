/*
 * The table of options: one row for each field of an options struct that a user may choose.
 * Defaults, presets, ranges, the comparison of checkpoints, and the help of the command come from
 * it.
 */
#ifndef BP_OPTIONS_ROWS_H
#define BP_OPTIONS_ROWS_H

#include <math.h>

#include "base/sizes.h"
#include "batchprop/batchprop.h"

/* The rows of one owner, in the order of the help. */
extern const bp_option_info bp_model_rows[], bp_train_rows[], bp_read_rows[], bp_run_rows[],
    bp_ensemble_rows[];
extern const size_t bp_model_rows_count, bp_train_rows_count, bp_read_rows_count, bp_run_rows_count,
    bp_ensemble_rows_count;

/* The same by owner; NULL and 0 if there is no such owner. */
const bp_option_info *bp_option_rows(bp_option_owner owner, size_t *count);

/* The row of that name or field; NULL if there is none. */
const bp_option_info *bp_option_find(bp_option_owner owner, const char *name);

/* The row of the choice on which depends whether the option is read; NULL: none. */
const bp_option_info *bp_option_reader(const bp_option_info *row);

/* Room for any options struct. */
union bp_any_options {
    bp_model_options model;
    bp_train_options train;
    bp_read_options read;
    bp_run_options run;
    bp_ensemble_options ensemble;
};

/* ---- for the files of rows ---- */

#define BP_FIELD(type, member)                                                                     \
    .field = #member, .offset = offsetof(type, member), .size = sizeof(((type *)0)->member)

/* Where the arithmetic runs, for each struct that has these fields. */
#define BP_RUNNING(owner_of, type, member)                                                         \
    .owner = owner_of, .group = "Running", BP_FIELD(type, member)
#define BP_THREADS_ROW(owner_of, type)                                                             \
    {                                                                                              \
        BP_RUNNING(owner_of, type, threads),                                                       \
            .name = "threads", .kind = BP_OPTION_WHOLE, .low = 1, .high = BP_THREADS_MAX,          \
            .word = "auto", .argument = "N", .classic = "auto",                                    \
            .help = "threads; the results are the same for every number",                          \
    }
#define BP_RUNNING_ROWS(owner_of, type)                                                            \
    BP_THREADS_ROW(owner_of, type),                                                                \
        {BP_RUNNING(owner_of, type, backend), .name = "backend",  .kind = BP_OPTION_CHOICE,        \
         .choice = BP_CHOICE_BACKEND,         .argument = "NAME", .classic = "auto",               \
         .help = "how threads are run"},                                                           \
    {                                                                                              \
        BP_RUNNING(owner_of, type, isa), .name = "isa", .kind = BP_OPTION_CHOICE,                  \
                                         .choice = BP_CHOICE_ISA, .argument = "NAME",              \
                                         .classic = "auto", .help = "instruction set",             \
    }

/* Bit sets of values of a choice. */
#define BP_BIT(value)     (UINT64_C(1) << (value))
#define BP_ALL_BUT(value) (~BP_BIT(value))

#define BP_EPOCHS_MAX       1e9
#define BP_MEMBER_FOLDS_MAX 1000
#define BP_COUNT_MAX        4294967295.0 /* of samples */
#define BP_ANY_FINITE       ((double)INFINITY)

#endif
