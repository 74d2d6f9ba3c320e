/* The options of an ensemble: its members, and the rows that they see. */
#include "options/rows.h"

#define ROW(member)                                                                                \
    .owner = BP_OPTION_OF_ENSEMBLE, .group = "Several networks",                                   \
    BP_FIELD(bp_ensemble_options, member), .affects_bits = true
#define CHOICE(member, list) ROW(member), .kind = BP_OPTION_CHOICE, .choice = list

const bp_option_info bp_ensemble_rows[] = {
    {ROW(members), .name = "members", .kind = BP_OPTION_WHOLE, .low = 1, .high = BP_MEMBERS_MAX,
     .word = "auto", .argument = "N", .classic = "auto", .ensemble = "auto",
     .instead = "one a kind, or one a kind and fold",
     .help = "networks in the model, whose outputs are averaged; they are of the kinds in turn"},
    {CHOICE(member_rows, BP_CHOICE_MEMBER_ROWS), .name = "member-rows", .argument = "NAME",
     .classic = "all", .ensemble = "folds",
     .help =
         "on which rows a network is trained: all, those but one fold, or as many as there are, "
         "drawn with replacement"},
    {ROW(member_folds), .name = "member-folds", .kind = BP_OPTION_WHOLE, .low = 2,
     .high = BP_MEMBER_FOLDS_MAX, .argument = "K", .classic = "5", .ensemble = "5",
     .reader = BP_CHOICE_MEMBER_ROWS, .readers = BP_BIT(BP_MEMBER_ROWS_FOLDS),
     .help = "with --member-rows folds: parts that the rows are divided into, each class evenly"},
    {CHOICE(member_weights, BP_CHOICE_MEMBER_WEIGHTS), .name = "member-weights", .argument = "NAME",
     .classic = "equal", .ensemble = "out-of-fold",
     .help =
         "what the networks count: the same, or by how well their kinds predict the rows that "
         "they left out, so that some may count nothing and are not saved; or what they do in the "
         "model of --from (kept), which is the default with it"},
    {CHOICE(decide, BP_CHOICE_DECISION), .name = "decide", .argument = "NAME",
     .classic = "greatest",
     .help = "which class is predicted: that of the greatest probability, or of the greatest "
             "probability times a factor of the class, so that on the rows left out macro F1 is "
             "the highest, or so that all classes count the same"},
};

const size_t bp_ensemble_rows_count = sizeof bp_ensemble_rows / sizeof bp_ensemble_rows[0];
