/* The options of a model: its network, and what its inputs and outputs mean. */
#include "options/rows.h"

#define ROW(member)                                                                                \
    .owner = BP_OPTION_OF_MODEL, .group = GROUP, BP_FIELD(bp_model_options, member),               \
    .affects_bits = true
#define CHOICE(member, list) ROW(member), .kind = BP_OPTION_CHOICE, .choice = list

#define GROUP "The network"

const bp_option_info bp_model_rows[] = {
    {ROW(hidden), .name = "hidden", .kind = BP_OPTION_WIDTHS, .argument = "WIDTHS",
     .classic = "auto", .quick = "64,64", .ensemble = "auto;none;128;96,96,96;96,96", .low = 1,
     .high = BP_WIDTH_MAX,
     .help = "neurons of each hidden layer, by comma, such as 128,64; none for no hidden layer; "
             "auto is two layers of 96, or one of 32 logistic or tanh neurons"},
    {ROW(activations), .name = "activation", .kind = BP_OPTION_NAMES,
     .choice = BP_CHOICE_ACTIVATION,
     .allowed = BP_ALL_BUT(BP_ACTIVATION_SOFTMAX) & BP_ALL_BUT(BP_ACTIVATION_AUTO),
     .argument = "NAMES", .classic = "logistic", .modern = "gelu",
     .ensemble = "gelu;gelu;gelu;gelu;silu",
     .help = "activation of hidden neurons: one name, or one for each hidden layer, by comma, and "
             "perhaps one more for the outputs"},
    {CHOICE(output_activation, BP_CHOICE_ACTIVATION), .name = "output-activation",
     .argument = "NAME", .classic = "logistic", .modern = "auto",
     .help = "activation of output neurons; auto is softmax for classes and identity for numbers"},
    {CHOICE(loss, BP_CHOICE_LOSS), .name = "loss", .argument = "NAME", .classic = "mse",
     .modern = "auto",
     .help = "what training makes small; auto is cross-entropy with softmax outputs, else mse"},
    {ROW(huber_bend), .name = "huber-bend", .kind = BP_OPTION_REAL, .word = "auto", .argument = "X",
     .classic = "auto",
     .instead =
         "1 where targets are standardized, else an eighth of the range that they are fitted to",
     .high = BP_ANY_FINITE, .reader = BP_CHOICE_LOSS, .readers = BP_BIT(BP_LOSS_HUBER),
     .help = "with --loss huber: the error of an output neuron, in its own units, from which on it "
             "counts as a line"},
    {ROW(quantile_level), .name = "quantile-level", .kind = BP_OPTION_REAL, .argument = "SHARE",
     .classic = "0.5", .high = 1, .reader = BP_CHOICE_LOSS, .readers = BP_BIT(BP_LOSS_QUANTILE),
     .help = "with --loss quantile: the share of targets that is to lie below the outputs"},
    {CHOICE(init, BP_CHOICE_INIT), .name = "init", .argument = "NAME", .classic = "auto",
     .modern = "auto",
     .help = "how first weights are drawn; auto is he for relu, leaky-relu, gelu, silu, elu and "
             "softplus, else glorot"},
    {ROW(init_range), .name = "init-range", .kind = BP_OPTION_REAL, .argument = "X",
     .classic = "0.5", .high = BP_ANY_FINITE, .reader = BP_CHOICE_INIT,
     .readers = BP_BIT(BP_INIT_UNIFORM),
     .help = "with --init uniform: first weights lie between -X and X"},
    {CHOICE(hidden_delta, BP_CHOICE_HIDDEN_DELTA), .name = "hidden-delta", .argument = "RULE",
     .classic = "chain-rule",
     .help = "how the deltas of hidden neurons are formed; as-printed omits the slope"},
    {ROW(thresholds), .name = "thresholds", .kind = BP_OPTION_SWITCH, .argument = "on|off",
     .classic = "on",
     .help = "whether neurons have thresholds; without them they stay 0, as in section 1 of the "
             "text"},
    {CHOICE(scale, BP_CHOICE_SCALE), .name = "scale", .argument = "NAME", .classic = "standard",
     .help = "how input numbers are scaled"},
    {CHOICE(target_scale, BP_CHOICE_TARGET_SCALE), .name = "target-scale", .argument = "NAME",
     .classic = "auto",
     .help = "how number targets are scaled; auto fits them to what output neurons reach, or "
             "standardizes them"},
    {ROW(scaling), .name = "scaling", .kind = BP_OPTION_TEXT, .argument = "LIST",
     .instead = "as the training rows say",
     .help = "columns of numbers whose scaling is given, NAME=SHIFT:SCALE,...: a neuron is "
             "(number - SHIFT) * SCALE"},
    {CHOICE(task, BP_CHOICE_TASK), .name = "task", .argument = "NAME", .classic = "auto",
     .help = "whether the target holds classes or numbers; auto takes text, and integers of a CSV "
             "file that all lie from -1 to 26, as classes"},
    {ROW(target), .name = "target", .kind = BP_OPTION_TEXT, .argument = "COLUMN",
     .instead = "the last", .help = "CSV: the column to predict, by name or number from 1"},
    {ROW(weight), .name = "weight", .kind = BP_OPTION_TEXT, .argument = "COLUMN",
     .instead = "all rows count the same",
     .help = "CSV: the column that says how much each row counts, by name or number from 1"},
    {CHOICE(missing, BP_CHOICE_MISSING), .name = "missing", .argument = "NAME", .classic = "error",
     .help = "CSV: what a missing value of an input counts as: it is an error, or the mean or "
             "median of its column; indicator adds an input that says so to the mean"},
#undef GROUP
#define GROUP "Training"
    {ROW(seed), .name = "seed", .kind = BP_OPTION_SEED, .argument = "N", .classic = "1",
     .help = "of the first weights"},
};

const size_t bp_model_rows_count = sizeof bp_model_rows / sizeof bp_model_rows[0];
