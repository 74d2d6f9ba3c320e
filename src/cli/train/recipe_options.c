/* Fields are copied as the table of options describes them: a new option goes on like others. */
#include "cli/train/recipe_options.h"

#include <stdio.h>
#include <string.h>

#include "cli/terminal/messages.h"

#define NAMES_SIZE 256

static bp_preset get_preset(const struct recipe_options *recipe)
{
    return (bp_preset)recipe->network->preset;
}

/* Whether --preset, given, has a value for the option. */
static bool is_of_preset(const struct recipe_options *recipe, const bp_option_info *row)
{
    return option_is_given(recipe->network->table, "preset") &&
           bp_preset_text(get_preset(recipe), recipe->training->train.optimizer, row->owner,
                          row->name);
}

static bool is_given(const struct recipe_options *recipe, const bp_option_info *row)
{
    const struct option *tables[] = {recipe->network->table, recipe->training->table,
                                     recipe->validation->table};
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        if (option_is_given(tables[t], row->name))
            return true;
    }
    return is_of_preset(recipe, row);
}

/* False: no memory for a copy of a text, which would end with the recipe when training begins. */
static bool copy_field(const struct recipe_options *recipe, void *to, const void *from,
                       const bp_option_info *row)
{
    const char *text = NULL;
    if (row->kind == BP_OPTION_TEXT)
        memcpy(&text, (const char *)from + row->offset, sizeof text);
    if (!text) {
        memcpy((char *)to + row->offset, (const char *)from + row->offset, row->size);
        return true;
    }
    if (!text_list_take(recipe->kept, strdup(text)))
        return false;
    text = recipe->kept->item[recipe->kept->count - 1];
    memcpy((char *)to + row->offset, &text, sizeof text);
    return true;
}

/* The lists, where they are given, are put over this later. */
static bool take_model(const struct recipe_options *recipe, const bp_model_options *said)
{
    struct network_options *network = recipe->network;
    bp_model_options model = *said;
    bp_option_info row;
    for (size_t k = 0; bp_option_get(k, &row, NULL) == BP_OK; k++) {
        const bool is_list = row.kind == BP_OPTION_WIDTHS || row.kind == BP_OPTION_NAMES;
        if (row.owner != BP_OPTION_OF_MODEL || is_list)
            continue;
        const void *from = is_given(recipe, &row) ? &network->model : said;
        if (!copy_field(recipe, &model, from, &row))
            return false;
    }
    network->model = model;
    if (!option_is_given(network->table, "hidden"))
        network->hidden = NULL;
    if (!option_is_given(network->table, "activation") &&
        !option_is_given(network->table, "preset"))
        network->activation = NULL;
    return true;
}

/* Whether a run would read it. */
static bool is_wanted(const struct recipe_options *recipe, const bp_option_info *row,
                      const bp_train_options *said)
{
    const bp_train_options *train = &recipe->training->train;
    const bool read = option_is_read(row, train);
    if (row->of_validation && validation_options_validates(recipe->validation))
        return true;
    if (row->of_validation)
        return row->readers && read;
    if (row->offset == offsetof(bp_train_options, learning_rate))
        return train->optimizer == said->optimizer;
    return read;
}

/* Notes an option of the recipe that needs validation rows. */
static void note_left_out(const bp_option_info *row, const bp_train_options *said,
                          char names[NAMES_SIZE])
{
    const bp_train_options defaults = bp_train_options_default();
    char text[NAMES_SIZE], usual[NAMES_SIZE];
    const size_t length = strlen(names);
    if (bp_train_options_get(said, row->name, text, sizeof text, NULL) ||
        bp_train_options_get(&defaults, row->name, usual, sizeof usual, NULL) ||
        strcmp(text, usual) == 0)
        return;
    const bool is_flag = row->kind == BP_OPTION_FLAG;
    snprintf(names + length, NAMES_SIZE - length, "%s--%s%s%s", length ? ", " : "", row->name,
             is_flag ? "" : " ", is_flag ? "" : text);
}

/* Choices first: on them depends what is read. */
static bool take_training(const struct recipe_options *recipe, const bp_train_options *said,
                          bool choices, char left_out[NAMES_SIZE])
{
    bp_option_info row;
    for (size_t k = 0; bp_option_get(k, &row, NULL) == BP_OK; k++) {
        if (row.owner != BP_OPTION_OF_TRAINING || !row.affects_bits ||
            (row.kind == BP_OPTION_CHOICE) != choices || is_given(recipe, &row))
            continue;
        const bool wanted = is_wanted(recipe, &row, said);
        if (wanted && !copy_field(recipe, &recipe->training->train, said, &row))
            return false;
        if (!wanted && row.of_validation)
            note_left_out(&row, said, left_out);
    }
    return true;
}

static void take_fraction(const struct recipe_options *recipe)
{
    struct validation_options *validation = recipe->validation;
    if (!validation->valid && !option_is_given(validation->table, "valid-fraction"))
        validation->valid_fraction = bp_model_get_info(recipe->model).valid_fraction;
}

/* What the model says. */
static bp_status read_recipe(const struct recipe_options *recipe, bp_model_options *model,
                             bp_train_options *train, bp_error *error)
{
    if (bp_model_members(recipe->model) > 1)
        return bp_model_get_kind(recipe->model, recipe->kind, model, train, error);
    const bp_status status = bp_model_get_options(recipe->model, model, error);
    return status ? status : bp_model_get_train_options(recipe->model, train, error);
}

int recipe_options_take(const struct recipe_options *recipe)
{
    bp_model_options model = bp_model_options_default();
    bp_train_options train = bp_train_options_default();
    char left_out[NAMES_SIZE] = "";
    bp_error error;
    if (read_recipe(recipe, &model, &train, &error) != BP_OK)
        return message_error_in(recipe->path, &error);
    if (!take_model(recipe, &model))
        return message_no_memory();
    if (bp_model_members(recipe->model) == 1 && !bp_model_get_info(recipe->model).has_recipe) {
        message_note("%s does not say how it was trained: options that are not given have their "
                     "defaults",
                     recipe->path);
        return EXIT_DONE;
    }
    take_fraction(recipe);
    if (!take_training(recipe, &train, true, left_out) ||
        !take_training(recipe, &train, false, left_out))
        return message_no_memory();
    if (left_out[0] && recipe->kind == 0 &&
        !option_is_given(recipe->validation->table, "valid-fraction"))
        message_note("%s, of the training of %s, is left out: there are no validation rows "
                     "(--valid-fraction 0.1)",
                     left_out, recipe->path);
    return EXIT_DONE;
}

/* Compares those of one list with every network; `of` is what stands before the name in a
 * message. */
static int check_names(const struct recipe_options *recipe, const char *const *names, size_t count,
                       const char *of)
{
    const bp_model_options model = network_options_get(recipe->network);
    bp_error error;
    bp_status status = BP_OK;
    for (size_t m = 0; status == BP_OK && m < bp_model_members(recipe->model); m++)
        status = bp_model_check_options(bp_model_get_member(recipe->model, m), &model, names, count,
                                        &error);
    if (status == BP_ERROR_ARGUMENT)
        return message_usage(recipe->command, "%s%s (%s)", of, error.message, recipe->path);
    return status ? message_error_in(recipe->path, &error) : EXIT_DONE;
}

int recipe_options_check(const struct recipe_options *recipe)
{
    static const char output[] = "output-activation"; /* may be the last name of a list */
    const char *given[OPTION_ROWS], *of_preset[OPTION_ROWS];
    size_t given_count = 0, preset_count = 0;
    char of[NAMES_SIZE];
    bp_option_info row;
    for (size_t k = 0; bp_option_get(k, &row, NULL) == BP_OK; k++) {
        if (row.owner != BP_OPTION_OF_MODEL)
            continue;
        if (option_is_given(recipe->network->table, row.name))
            given[given_count++] = row.name;
        else if (is_of_preset(recipe, &row))
            of_preset[preset_count++] = row.name;
    }
    if (option_is_given(recipe->network->table, "activation"))
        given[given_count++] = output;
    int code = check_names(recipe, given, given_count, "--");
    snprintf(of, sizeof of,
             "--preset %s: ", bp_choice_name(BP_CHOICE_PRESET, recipe->network->preset));
    return code == EXIT_DONE ? check_names(recipe, of_preset, preset_count, of) : code;
}
