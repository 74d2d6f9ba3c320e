/* Options by name and text. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"

#define TEXT_SIZE 1024

/* All structs. */
struct options {
    bp_model_options model;
    bp_train_options train;
    bp_read_options read;
    bp_run_options run;
    bp_ensemble_options ensemble;
};

static struct options make_defaults(void)
{
    return (struct options){bp_model_options_default(), bp_train_options_default(),
                            bp_read_options_default(), bp_run_options_default(),
                            bp_ensemble_options_default()};
}

static bp_status set(struct options *options, bp_option_owner owner, const char *name,
                     const char *text, bp_error *error)
{
    switch (owner) {
    case BP_OPTION_OF_MODEL:
        return bp_model_options_set(&options->model, name, text, error);
    case BP_OPTION_OF_TRAINING:
        return bp_train_options_set(&options->train, name, text, error);
    case BP_OPTION_OF_READING:
        return bp_read_options_set(&options->read, name, text, error);
    case BP_OPTION_OF_ENSEMBLE:
        return bp_ensemble_options_set(&options->ensemble, name, text, error);
    case BP_OPTION_OF_RUNNING:
        break;
    }
    return bp_run_options_set(&options->run, name, text, error);
}

static bp_status get(const struct options *options, bp_option_owner owner, const char *name,
                     char *text, size_t size, bp_error *error)
{
    switch (owner) {
    case BP_OPTION_OF_MODEL:
        return bp_model_options_get(&options->model, name, text, size, error);
    case BP_OPTION_OF_TRAINING:
        return bp_train_options_get(&options->train, name, text, size, error);
    case BP_OPTION_OF_READING:
        return bp_read_options_get(&options->read, name, text, size, error);
    case BP_OPTION_OF_ENSEMBLE:
        return bp_ensemble_options_get(&options->ensemble, name, text, size, error);
    case BP_OPTION_OF_RUNNING:
        break;
    }
    return bp_run_options_get(&options->run, name, text, size, error);
}

/* A text for another value than the default, for every kind. */
static const char *choose_other(const bp_option_info *info, char text[TEXT_SIZE])
{
    switch (info->kind) {
    case BP_OPTION_FLAG:
        return "true";
    case BP_OPTION_SWITCH:
        return strcmp(info->classic, "on") == 0 ? "off" : "on";
    case BP_OPTION_WHOLE:
    case BP_OPTION_SEED:
        return "7";
    case BP_OPTION_REAL:
        return "0.123";
    case BP_OPTION_CHOICE:
        snprintf(text, TEXT_SIZE, "%s",
                 bp_choice_name(info->choice,
                                strcmp(info->classic, bp_choice_name(info->choice, 0)) == 0));
        return text;
    case BP_OPTION_NAMES:
        return "tanh";
    case BP_OPTION_WIDTHS:
        return "3,4";
    case BP_OPTION_SIGN:
        return ";";
    case BP_OPTION_TEXT:
        break;
    }
    return "some text";
}

Test(options_text, every_option_is_what_it_was_set_to)
{
    bp_option_info info;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        struct options options = make_defaults();
        char room[TEXT_SIZE], text[TEXT_SIZE];
        bp_error error = {BP_OK, ""};
        const char *other = choose_other(&info, room);
        cr_assert_eq(set(&options, info.owner, info.name, other, &error), BP_OK, "%s",
                     error.message);
        cr_assert_eq(get(&options, info.owner, info.name, text, sizeof text, &error), BP_OK);
        cr_expect_str_eq(text, other, "%s", info.name);
        const struct options defaults = make_defaults();
        cr_expect_neq(memcmp(&options, &defaults, sizeof options), 0, "%s changes nothing",
                      info.name);
        cr_assert_eq(set(&options, info.owner, info.name, NULL, &error), BP_OK, "%s",
                     error.message);
        cr_assert_eq(get(&options, info.owner, info.name, text, sizeof text, &error), BP_OK);
        struct options again = make_defaults();
        cr_expect(info.kind == BP_OPTION_TEXT ||
                      set(&again, info.owner, info.name, text, &error) == BP_OK,
                  "%s", error.message);
        cr_expect_eq(get(&again, info.owner, info.name, room, sizeof room, &error), BP_OK);
        cr_expect_str_eq(room, text, "NULL gives another value than the default of %s", info.name);
    }
}

Test(options_text, defaults_are_those_of_the_header)
{
    const bp_train_options train = bp_train_options_default();
    cr_assert_eq(train.batch_size, 0);
    cr_assert_eq(train.epochs, 0);
    cr_assert_eq(train.weight_decay, 0.0f);
    cr_assert_eq(train.learning_rate, 0.0f);
    cr_assert_eq(train.momentum, 0.9f);
    cr_assert_eq(train.beta1, 0.9);
    cr_assert_eq(train.beta2, 0.999);
    cr_assert_eq(train.rho, 0.99);
    cr_assert_eq(train.epsilon, 0.0f);
    cr_assert_eq(train.schedule_epochs, 10);
    cr_assert(train.keep_best && train.shuffle && !train.time_phases);
    cr_assert_eq(train.seed, 1);
    cr_assert_null(train.class_weight);
    const bp_model_options model = bp_model_options_default();
    cr_assert_eq(model.hidden_count, 1);
    cr_assert_eq(model.hidden[0], 0);
    cr_assert_eq(model.init_range, 0.5f);
    cr_assert_eq(model.seed, 1);
    const bp_ensemble_options ensemble = bp_ensemble_options_default();
    cr_assert_eq(ensemble.members, 0);
    cr_assert_eq(ensemble.member_rows, BP_MEMBER_ROWS_ALL);
    cr_assert_eq(ensemble.member_folds, 5);
    cr_assert_eq(ensemble.member_weights, BP_MEMBER_WEIGHTS_EQUAL);
    cr_assert_eq(ensemble.seed, 1);
}

static void expect_refused(const char *name, const char *text, const char *message)
{
    bp_train_options options = bp_train_options_default(), before = options;
    bp_error error = {BP_OK, ""};
    cr_expect_eq(bp_train_options_set(&options, name, text, &error), BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, message);
    cr_expect_eq(memcmp(&options, &before, sizeof options), 0, "%s has changed", name);
}

Test(options_text, what_is_wrong_is_told_with_the_name_and_what_is_allowed)
{
    expect_refused(
        "learning-rat", "1",
        "\"learning-rat\" is not an option of training; did you mean \"learning-rate\"?");
    expect_refused("zzzzzz", "1", "\"zzzzzz\" is not an option of training");
    expect_refused("momentum", "1", "momentum: \"1\" is not a number from 0 to below 1");
    expect_refused("learning-rate", "1e-60",
                   "learning-rate: \"1e-60\" is 0 in binary32: give a greater one");
    expect_refused(
        "epochs", "0",
        "epochs: \"0\" is not a whole number from 1 to 1000000000 or \"auto\" or \"few\"");
    expect_refused("epochs", "4294967295", /* the field of "few" */
                   "epochs: \"4294967295\" is not a whole number from 1 to 1000000000 or \"auto\" "
                   "or \"few\"");
    expect_refused("no-shuffle", "1", "no-shuffle: \"1\" is neither true nor false");
    expect_refused("class-weight", "", "class-weight: the value is empty");
    expect_refused(
        "schedule", "cosin",
        "schedule: unknown schedule \"cosin\"; did you mean \"cosine\"? (constant, step, "
        "exponential, cosine, plateau)");
}

Test(options_text, a_separator_is_one_of_the_signs_that_can_be_one)
{
    bp_read_options options = bp_read_options_default();
    bp_error error;
    cr_assert_eq(bp_read_options_set(&options, "separator", ":", &error), BP_OK);
    static const char *const wrong[] = {".", "a", "7", "\"", "  ", "\n", "\x80"};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++)
        cr_expect_eq(bp_read_options_set(&options, "separator", wrong[k], &error),
                     BP_ERROR_ARGUMENT, "%s", wrong[k]);
    cr_assert_eq(options.separator, ':');
}

Test(options_text, a_blank_and_a_tab_have_names)
{
    static const struct {
        const char *text, *name;
        char sign;
    } signs[] = {
        {" ", "space", ' '}, {"space", "space", ' '}, {"\t", "tab", '\t'}, {"tab", "tab", '\t'}};
    for (size_t k = 0; k < sizeof signs / sizeof signs[0]; k++) {
        bp_read_options options = bp_read_options_default();
        char text[TEXT_SIZE];
        cr_assert_eq(bp_read_options_set(&options, "separator", signs[k].text, NULL), BP_OK);
        cr_expect_eq(options.separator, signs[k].sign);
        bp_read_options_get(&options, "separator", text, sizeof text, NULL);
        cr_expect_str_eq(text, signs[k].name);
    }
}

Test(options_text, lists_are_counted_against_the_hidden_layers)
{
    bp_model_options model = bp_model_options_default();
    bp_error error;
    char text[TEXT_SIZE];
    cr_assert_eq(bp_model_options_set(&model, "hidden", "5,6", &error), BP_OK);
    cr_assert_eq(bp_model_options_set(&model, "activation", "relu,tanh,softmax", &error), BP_OK);
    cr_assert_eq(model.activations[0], BP_ACTIVATION_RELU);
    cr_assert_eq(model.activations[1], BP_ACTIVATION_TANH);
    cr_assert_eq(model.output_activation, BP_ACTIVATION_SOFTMAX);
    cr_assert_eq(bp_model_options_get(&model, "activation", text, sizeof text, &error), BP_OK);
    cr_assert_str_eq(text, "relu,tanh");
    cr_assert_eq(bp_model_options_get(&model, "hidden", text, sizeof text, &error), BP_OK);
    cr_assert_str_eq(text, "5,6");
    cr_assert_eq(bp_model_options_set(&model, "activation", "relu,relu,relu,relu", &error),
                 BP_ERROR_ARGUMENT);
    cr_assert_eq(bp_model_options_set(&model, "hidden", "none", &error), BP_OK);
    cr_assert_eq(model.hidden_count, 0);
    cr_assert_eq(bp_model_options_set(&model, "hidden", "0", &error), BP_ERROR_ARGUMENT);
}

Test(options_text, a_text_that_does_not_fit_is_an_error_with_the_size)
{
    const bp_train_options options = bp_train_options_default();
    char text[4];
    bp_error error;
    cr_assert_eq(bp_train_options_get(&options, "schedule", text, sizeof text, &error),
                 BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message, "schedule: the text takes 9 bytes, and there are 4");
    cr_assert_eq(bp_train_options_get(&options, "optimizer", text, sizeof text, &error), BP_OK);
    cr_assert_str_eq(text, "sgd");
}

/* The library leaves the locale alone, and numbers mean the same in every one. */
Test(options_text, numbers_do_not_depend_on_the_locale)
{
    static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "C"};
    for (size_t k = 0; k < 3; k++) {
        setlocale(LC_ALL, locales[k]);
        bp_train_options options = bp_train_options_default();
        char text[TEXT_SIZE];
        cr_expect_eq(options.momentum, 0.9f);
        cr_expect_eq(bp_train_options_set(&options, "learning-rate", "12.5e-3", NULL), BP_OK);
        cr_expect_eq(options.learning_rate, 0.0125f);
        cr_expect_eq(bp_train_options_get(&options, "learning-rate", text, sizeof text, NULL),
                     BP_OK);
        cr_expect_str_eq(text, "0.0125");
    }
}

Test(options_text, presets_are_the_texts_of_the_table)
{
    struct options options = make_defaults();
    bp_option_info info;
    char text[TEXT_SIZE];
    size_t count = 0;
    cr_assert_eq(bp_preset_apply(BP_PRESET_MODERN, &options.model, &options.train, NULL), BP_OK);
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (!info.modern)
            continue;
        cr_assert_eq(get(&options, info.owner, info.name, text, sizeof text, NULL), BP_OK);
        cr_expect_str_eq(text, info.modern, "%s", info.name);
        count++;
    }
    cr_assert_eq(count, 10);
}

Test(options_text, the_preset_quick_is_modern_but_for_its_own_texts)
{
    struct options options = make_defaults();
    bp_option_info info;
    char text[TEXT_SIZE];
    size_t own = 0;
    cr_assert_eq(bp_preset_apply(BP_PRESET_QUICK, &options.model, &options.train, NULL), BP_OK);
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (!info.quick && !info.modern)
            continue;
        cr_assert_eq(get(&options, info.owner, info.name, text, sizeof text, NULL), BP_OK);
        cr_expect_str_eq(text, info.quick ? info.quick : info.modern, "%s", info.name);
        own += info.quick != NULL;
    }
    cr_assert_eq(own, 3);
    cr_expect_eq(options.train.epochs, BP_EPOCHS_FEW);
}

Test(options_text, the_preset_quick_is_all_modern_with_optimizers_that_need_more_epochs)
{
    static const struct {
        bp_option_owner owner;
        const char *name, *quick, *modern;
    } cases[] = {{BP_OPTION_OF_MODEL, "hidden", "64,64", "auto"},
                 {BP_OPTION_OF_TRAINING, "epochs", "few", "auto"},
                 {BP_OPTION_OF_TRAINING, "beta2", "0.98", "0.999"},
                 {BP_OPTION_OF_TRAINING, "dropout", "auto", "auto"}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        for (int optimizer = 0; bp_choice_name(BP_CHOICE_OPTIMIZER, optimizer); optimizer++) {
            const bool adam = optimizer == BP_OPTIMIZER_ADAM || optimizer == BP_OPTIMIZER_ADAMW;
            cr_expect_str_eq(bp_preset_text(BP_PRESET_QUICK, (bp_optimizer)optimizer,
                                            cases[k].owner, cases[k].name),
                             adam ? cases[k].quick : cases[k].modern, "%s", cases[k].name);
        }
    }
}

/* The part of a text that is for kind `kind`. */
static void take_part(const char *text, size_t kind, char part[TEXT_SIZE])
{
    for (size_t k = 0; k < kind && strchr(text, ';'); k++)
        text = strchr(text, ';') + 1;
    snprintf(part, TEXT_SIZE, "%.*s", (int)strcspn(text, ";"), text);
}

Test(options_text, kinds_of_the_preset_ensemble_are_the_texts_of_the_table)
{
    bp_option_info info;
    char text[TEXT_SIZE], part[TEXT_SIZE];
    const size_t kinds = bp_preset_kinds(BP_PRESET_ENSEMBLE);
    cr_assert_eq(kinds, 5);
    for (size_t kind = 0; kind < kinds; kind++) {
        struct options options = make_defaults();
        size_t differ = 0;
        cr_assert_eq(
            bp_preset_apply_kind(BP_PRESET_ENSEMBLE, kind, &options.model, &options.train, NULL),
            BP_OK);
        cr_assert_eq(bp_preset_apply_ensemble(BP_PRESET_ENSEMBLE, &options.ensemble, NULL), BP_OK);
        for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
            const char *wanted = info.ensemble ? info.ensemble : info.modern;
            if (!wanted)
                continue;
            take_part(wanted, kind, part);
            differ += strchr(wanted, ';') != NULL;
            cr_assert_eq(get(&options, info.owner, info.name, text, sizeof text, NULL), BP_OK);
            cr_expect_str_eq(text, part, "%s of kind %zu", info.name, kind);
        }
        cr_expect_eq(differ, 4);
    }
}

Test(options_text, every_text_of_a_preset_has_one_part_or_one_for_each_kind)
{
    bp_option_info info;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        size_t parts = 1;
        for (const char *c = info.ensemble ? info.ensemble : ""; *c; c++)
            parts += *c == ';';
        cr_expect(parts == 1 || parts == bp_preset_kinds(BP_PRESET_ENSEMBLE), "%s", info.name);
    }
}

Test(options_text, other_presets_have_one_kind_and_leave_an_ensemble_alone)
{
    bp_ensemble_options options = bp_ensemble_options_default(), before = options;
    bp_error error;
    cr_expect_eq(bp_preset_kinds(BP_PRESET_CLASSIC), 1);
    cr_expect_eq(bp_preset_kinds(BP_PRESET_MODERN), 1);
    cr_expect_eq(bp_preset_kinds(BP_PRESET_QUICK), 1);
    cr_expect_eq(bp_preset_kinds((bp_preset)4), 0);
    cr_expect_eq(bp_preset_apply_ensemble(BP_PRESET_MODERN, &options, NULL), BP_OK);
    cr_expect_eq(memcmp(&options, &before, sizeof options), 0);
    cr_expect_eq(bp_preset_apply_kind(BP_PRESET_MODERN, 1, NULL, NULL, &error), BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "preset modern has no kind 1 of 1, from 0");
    cr_expect_null(
        bp_preset_text(BP_PRESET_MODERN, BP_OPTIMIZER_SGD, BP_OPTION_OF_ENSEMBLE, "members"));
}

/* ---- texts that mean no number, and the ends of ranges ---- */

static bool is_numeric(const bp_option_info *info)
{
    return info->kind == BP_OPTION_WHOLE || info->kind == BP_OPTION_SEED ||
           info->kind == BP_OPTION_REAL || info->kind == BP_OPTION_WIDTHS;
}

static bool accepts(const bp_option_info *info, const char *text)
{
    struct options options = make_defaults();
    return set(&options, info->owner, info->name, text, NULL) == BP_OK;
}

Test(options_text, what_is_no_number_is_refused_by_all_options_that_take_one)
{
    static const char *const texts[] = {"",  " ",  "5 ",  " 5",   "0x10", "nan", "inf",  "-inf",
                                        ",", "5,", ",5",  "5,,5", "5\n",  "1_0", "--",   "five",
                                        "-", "1e", "1e+", ".",    "5;5",  "5-5", "\xff", "5.0.0"};
    static const char *const fractions[] = {
        "+5", "-1", "1e3", "5.0", "18446744073709551616", "99999999999999999999999999999999999999"};
    bp_option_info info;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (!is_numeric(&info))
            continue;
        for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
            cr_expect_not(accepts(&info, texts[t]), "%s \"%s\"", info.name, texts[t]);
        for (size_t t = 0; t < sizeof fractions / sizeof fractions[0]; t++)
            cr_expect(info.kind == BP_OPTION_REAL || !accepts(&info, fractions[t]), "%s \"%s\"",
                      info.name, fractions[t]);
    }
}

Test(options_text, the_ends_of_a_range_belong_to_it_and_what_is_beyond_does_not)
{
    bp_option_info info;
    char text[TEXT_SIZE];
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (info.kind != BP_OPTION_WHOLE && info.kind != BP_OPTION_WIDTHS)
            continue;
        snprintf(text, sizeof text, "%.0f", info.low);
        cr_expect(accepts(&info, text), "%s %s", info.name, text);
        snprintf(text, sizeof text, "%.0f", info.low - 1);
        cr_expect_not(accepts(&info, text), "%s %s", info.name, text);
        if (info.high > 0x1p53) /* its double is not the whole number */
            continue;
        snprintf(text, sizeof text, "%.0f", info.high);
        cr_expect(accepts(&info, text), "%s %s", info.name, text);
        snprintf(text, sizeof text, "%.0f", info.high + 1);
        cr_expect_not(accepts(&info, text), "%s %s", info.name, text);
    }
}

/* What is taken is given back as a text that means the same. */
Test(options_text, what_is_taken_is_given_back_as_the_same)
{
    static const char *const texts[] = {
        "0",      "1",     "2",   "5",          "+5",
        "-1",     "1e3",   "0.5", "4294967296", "18446744073709551615",
        "1e-300", "1e300", "1,2", "64,64"};
    bp_option_info info;
    char once[TEXT_SIZE], twice[TEXT_SIZE];
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        for (size_t t = 0; is_numeric(&info) && t < sizeof texts / sizeof texts[0]; t++) {
            struct options options = make_defaults();
            if (set(&options, info.owner, info.name, texts[t], NULL) != BP_OK)
                continue;
            cr_assert_eq(get(&options, info.owner, info.name, once, sizeof once, NULL), BP_OK);
            cr_expect_eq(set(&options, info.owner, info.name, once, NULL), BP_OK, "%s %s",
                         info.name, once);
            cr_assert_eq(get(&options, info.owner, info.name, twice, sizeof twice, NULL), BP_OK);
            cr_expect_str_eq(once, twice, "%s", info.name);
        }
    }
}
