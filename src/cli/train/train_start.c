/* Training goes on as it was done before, unless told otherwise. */
#include "cli/train/train_start.h"

#include "cli/terminal/messages.h"
#include "cli/train/recipe_options.h"
#include "cli/train/train_kinds.h"

/* Whether training can go on from one network, or from several. */
static int check_start(const struct train_options *options)
{
    const size_t networks = bp_model_members(options->start);
    if (networks > 1 && options->kinds > 1)
        return message_usage(TRAIN_COMMAND,
                             "--from %s: the kinds of its networks stay: give each option one "
                             "value, which is for all of them, and no --preset ensemble",
                             options->from);
    if (networks == 1 && options->several)
        return message_usage(TRAIN_COMMAND,
                             "--from %s: the model has one network, and several begin with new "
                             "weights: leave out --from, or --members and the like",
                             options->from);
    return EXIT_DONE;
}

/* They suit the outputs that the model had. */
static void drop_factors(const struct train_options *options)
{
    const bool several = bp_model_members(options->start) > 1;
    bp_error error;
    if (!bp_model_get_info(options->start).has_factors)
        return;
    bp_model_set_factors(options->start, NULL, &error); /* which needs no memory */
    if (options->ensemble.options.decide != BP_DECISION_GREATEST)
        return;
    message_note("--from %s: its factors of classes are left out, which were fitted to the "
                 "network%s as %s: the class with the greatest output is predicted",
                 options->from, several ? "s" : "", several ? "they were" : "it was");
}

int train_start_read(struct train_options *options)
{
    bp_error error;
    if (bp_model_load(&options->start, options->from, &error) != BP_OK)
        return message_error(&error);
    const int code = check_start(options);
    if (code == EXIT_DONE)
        drop_factors(options);
    options->continues = bp_model_members(options->start) > 1;
    options->several = options->several || options->continues;
    return code;
}

static struct recipe_options get_recipe(struct train_options *options, size_t kind)
{
    return (struct recipe_options){.command = TRAIN_COMMAND,
                                   .path = options->from,
                                   .model = options->start,
                                   .kind = kind,
                                   .network = &options->network,
                                   .training = &options->training,
                                   .validation = &options->validation,
                                   .kept = &options->kept};
}

/* Goes on as the networks of a kind were trained, unless told otherwise. */
static int take_recipe(struct train_options *options, size_t kind)
{
    const struct recipe_options recipe = get_recipe(options, kind);
    int code = recipe_options_take(&recipe);
    if (code == EXIT_DONE)
        code = network_options_check(&options->network, TRAIN_COMMAND);
    return code == EXIT_DONE ? recipe_options_check(&recipe) : code;
}

int train_start_take_one(struct train_options *options)
{
    return take_recipe(options, 0);
}

/* What is given is for the kinds that have networks; the others stay as they were. */
static int take_kind(struct train_options *options, size_t k)
{
    struct train_kind *kind = &options->kind[k];
    bp_error error;
    kind->model = bp_model_options_default();
    kind->train = bp_train_options_default();
    if (!kind->used)
        return bp_model_get_kind(options->start, k, &kind->model, &kind->train, &error) == BP_OK
                   ? EXIT_DONE
                   : message_error_in(options->from, &error);
    int code = take_recipe(options, k);
    if (code == EXIT_DONE)
        code = validation_options_check(&options->validation, TRAIN_COMMAND);
    return code == EXIT_DONE ? train_kinds_check(options, k) : code;
}

/* Each kind as it was; the first that has networks is left in the variables. */
static int check_kinds(struct train_options *options)
{
    const struct network_options network = options->network;
    const bp_train_options train = options->training.train;
    int code = EXIT_DONE;
    options->kinds = bp_model_kinds(options->start);
    for (size_t k = 0; k < options->kinds; k++)
        options->kind[k].used = false;
    for (size_t m = 0; m < bp_model_members(options->start); m++)
        options->kind[bp_model_member_kind(options->start, m)].used = true;
    for (size_t k = options->kinds; k-- > 0 && code == EXIT_DONE;) {
        options->network = network;
        options->training.train = train;
        code = take_kind(options, k);
    }
    return code;
}

/* Rows are those of the training before, and weights stay, unless told otherwise. */
static void take_ensemble(struct train_options *options, const bp_ensemble_options *said)
{
    bp_ensemble_options *ensemble = &options->ensemble.options;
    const struct option *table = options->ensemble.table;
    if (!option_is_given(table, "member-rows"))
        ensemble->member_rows = said->member_rows;
    if (!option_is_given(table, "member-folds") && ensemble->member_rows == said->member_rows)
        ensemble->member_folds = said->member_folds;
    if (!option_is_given(table, "member-weights"))
        ensemble->member_weights = said->member_weights;
    ensemble->seed = options->training.train.seed;
}

int train_start_take_several(struct train_options *options)
{
    bp_ensemble_options said = bp_ensemble_options_default();
    bp_error error;
    bp_status status = bp_ensemble_continue_options(options->start, &said, &error);
    if (status == BP_ERROR_ARGUMENT)
        return message_usage(TRAIN_COMMAND, "--from %s: %s", options->from, error.message);
    if (status != BP_OK)
        return message_error_in(options->from, &error);
    const int code = check_kinds(options);
    if (code != EXIT_DONE)
        return code;
    take_ensemble(options, &said);
    status = bp_ensemble_check_continue(options->start, &options->ensemble.options, &error);
    if (status == BP_ERROR_ARGUMENT)
        return message_usage(TRAIN_COMMAND, "--%s", error.message);
    if (status != BP_OK)
        return message_error_in(options->from, &error);
    return ensemble_options_check_rows(&options->ensemble, TRAIN_COMMAND);
}
