/* A command line has what differs from the defaults of one preset: of that which leaves less. */
#include "cli/inspect/recipe_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number_text.h"
#include "cli/options/field.h"
#include "cli/options/option_library.h"
#include "cli/terminal/shell_word.h"

#define WORDS_SIZE 256

/* The options by owner; those of running are no part of a recipe. */
struct recipe {
    bp_model_options model;
    bp_train_options train;
    bp_train_options effective;
    bp_read_options read;
    double valid_fraction; /* 0: none */
    char *text;            /* room for the text of any option */
    size_t size;
};

static const void *get_options(const struct recipe *recipe, bp_option_owner owner)
{
    switch (owner) {
    case BP_OPTION_OF_MODEL:
        return &recipe->model;
    case BP_OPTION_OF_TRAINING:
        return &recipe->train;
    case BP_OPTION_OF_READING:
        return &recipe->read;
    case BP_OPTION_OF_RUNNING:
    case BP_OPTION_OF_ENSEMBLE:
        break;
    }
    return NULL;
}

/* The next option from `index` on that belongs to a recipe; its text is in recipe->text. The seed
 * is that of the training. Whether there is a header, the files of data say themselves. */
static bool next_option(const struct recipe *recipe, size_t *index, bp_option_info *info)
{
    while (bp_option_get((*index)++, info, NULL) == BP_OK) {
        const void *options = get_options(recipe, info->owner);
        const bool of_model = info->owner == BP_OPTION_OF_MODEL;
        if (!options || !info->affects_bits || (of_model && info->kind == BP_OPTION_SEED) ||
            (info->owner == BP_OPTION_OF_READING && strcmp(info->name, "header") == 0))
            continue;
        field_get(info->owner, options, info->name, recipe->text, recipe->size);
        return true;
    }
    return false;
}

static bool is_default(const struct recipe *recipe, const bp_option_info *info, bp_preset preset)
{
    const char *usual = bp_preset_text(preset, recipe->train.optimizer, info->owner, info->name);
    if (!usual)
        usual = info->classic ? info->classic : "";
    return strcmp(recipe->text, usual) == 0;
}

/* Whether the option can be given beside the others: something reads it. */
static bool is_read(const struct recipe *recipe, const bp_option_info *info)
{
    const bool is_usual = is_default(recipe, info, BP_PRESET_CLASSIC);
    if (info->owner == BP_OPTION_OF_READING || info->of_validation)
        return !is_usual;
    if (info->owner == BP_OPTION_OF_TRAINING)
        return option_is_read(info, &recipe->train);
    if (info->kind == BP_OPTION_NAMES)
        return recipe->model.hidden_count > 0;
    return info->readers == 0 || !is_usual;
}

/* Whether a command line with the preset has to have it. */
static bool is_needed(const struct recipe *recipe, const bp_option_info *info, bp_preset preset)
{
    return is_read(recipe, info) && !is_default(recipe, info, preset);
}

static bp_preset choose_preset(const struct recipe *recipe)
{
    size_t index = 0, classic = 0, modern = 0;
    bp_option_info info;
    while (next_option(recipe, &index, &info)) {
        classic += is_needed(recipe, &info, BP_PRESET_CLASSIC);
        modern += is_needed(recipe, &info, BP_PRESET_MODERN);
    }
    return classic <= modern ? BP_PRESET_CLASSIC : BP_PRESET_MODERN;
}

static void write_option(FILE *file, const bp_option_info *info, const char *text)
{
    fprintf(file, " --%s", info->name);
    if (info->kind == BP_OPTION_FLAG)
        return;
    fputc(text[0] == '-' ? '=' : ' ', file);
    shell_word_put(file, text);
}

/* "batchprop train DATA --out MODEL --epochs 5"; freed with free(), NULL without memory. */
static char *write_command(const struct recipe *recipe)
{
    char *command = NULL, number[BP_REAL_TEXT_SIZE];
    size_t size = 0, index = 0;
    bp_option_info info;
    FILE *file = open_memstream(&command, &size);
    if (!file)
        return NULL;
    const bp_preset preset = choose_preset(recipe);
    fputs("batchprop train DATA --out MODEL", file);
    if (preset != BP_PRESET_CLASSIC)
        fprintf(file, " --preset %s", bp_choice_name(BP_CHOICE_PRESET, (int)preset));
    if (recipe->valid_fraction > 0)
        fprintf(file, " --valid-fraction %s", bp_real_write(recipe->valid_fraction, false, number));
    while (next_option(recipe, &index, &info)) {
        if (is_needed(recipe, &info, preset))
            write_option(file, &info, recipe->text);
    }
    if (fclose(file) == 0)
        return command;
    free(command);
    return NULL;
}

/* "learning-rate 1, epsilon 1e-08": what a word stood for. */
static void put_effective(struct fields *out, const struct recipe *recipe)
{
    char words[WORDS_SIZE] = "", effective[BP_REAL_TEXT_SIZE + WORDS_SIZE];
    size_t index = 0, length = 0;
    bp_option_info info;
    while (next_option(recipe, &index, &info)) {
        if (info.owner != BP_OPTION_OF_TRAINING)
            continue;
        field_get(info.owner, &recipe->effective, info.name, effective, sizeof effective);
        if (info.word && strcmp(effective, recipe->text) != 0 && length < sizeof words)
            length += (size_t)snprintf(words + length, sizeof words - length, "%s%s %s",
                                       length ? ", " : "", info.name, effective);
    }
    if (words[0])
        fields_line(out, "auto", "%s", words);
}

static json_t *to_json(const bp_option_info *info, const char *text)
{
    uint64_t whole;
    double real;
    if (info->kind == BP_OPTION_FLAG)
        return json_boolean(strcmp(text, "true") == 0);
    if (info->kind == BP_OPTION_WHOLE || info->kind == BP_OPTION_SEED)
        return bp_whole_parse(text, 0, UINT64_MAX, &whole) ? json_output_whole(whole)
                                                           : json_string(text);
    if (info->kind == BP_OPTION_REAL && bp_real_parse(text, &real))
        return json_real(real);
    return json_string(text);
}

/* Texts that were not given are left out. */
static void put_object(struct fields *out, const struct recipe *recipe)
{
    size_t index = 0;
    bp_option_info info;
    fields_object(out, "recipe");
    while (next_option(recipe, &index, &info)) {
        if (recipe->text[0] && is_read(recipe, &info))
            json_output_add(&out->output, info.name, to_json(&info, recipe->text));
    }
    if (recipe->valid_fraction > 0)
        fields_real(out, "valid-fraction", recipe->valid_fraction);
    fields_close(out);
}

static bp_status read_recipe(struct recipe *recipe, const bp_model *model, bp_error *error)
{
    recipe->model = bp_model_options_default();
    recipe->train = recipe->effective = bp_train_options_default();
    recipe->read = bp_model_read_options(model);
    recipe->valid_fraction = bp_model_get_info(model).valid_fraction;
    bp_status status = bp_model_get_options(model, &recipe->model, error);
    if (!status)
        status = bp_model_get_train_options(model, &recipe->train, error);
    return status ? status : bp_model_get_effective_options(model, &recipe->effective, error);
}

/* The longest text, with room for names and numbers. */
static size_t find_size(const struct recipe *recipe)
{
    const char *const texts[] = {recipe->model.target,
                                 recipe->model.weight,
                                 recipe->train.class_weight,
                                 recipe->read.missing_values,
                                 recipe->read.categorical,
                                 recipe->read.ignore,
                                 recipe->read.id};
    size_t size = (size_t)BP_LAYERS_MAX * 32;
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
        size += texts[k] ? strlen(texts[k]) : 0;
    return size;
}

void recipe_report_put(struct fields *out, const bp_model *model)
{
    struct recipe recipe = {.size = 0};
    bp_error error;
    if (!bp_model_get_info(model).has_recipe) {
        fields_text(out, "recipe", NULL, NULL);
        return;
    }
    if (read_recipe(&recipe, model, &error)) {
        fields_line(out, "recipe", "cannot be read: %s", error.message);
        fields_text(out, "recipe", NULL, NULL);
        return;
    }
    recipe.size = find_size(&recipe);
    recipe.text = malloc(recipe.size);
    char *command = recipe.text ? write_command(&recipe) : NULL;
    if (command) {
        fields_text(out, NULL, "recipe", command);
        put_effective(out, &recipe);
    }
    if (out->json && command)
        put_object(out, &recipe);
    else
        out->output.failed = out->output.failed || !command;
    free(command);
    free(recipe.text);
}
