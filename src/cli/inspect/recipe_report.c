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

struct recipe_kind {
    bp_model_options model;
    bp_train_options train;
};

/* The options by owner; those of running are no part of a recipe. */
struct recipe {
    struct recipe_kind kind[BP_KINDS_MAX];
    size_t kinds; /* from 1 */
    bool several; /* networks, of which `ensemble` says how they were trained */
    bp_ensemble_options ensemble;
    bp_train_options effective; /* of one network */
    bp_read_options read;
    double valid_fraction; /* 0: none */
    char *text;            /* room for the text of any option */
    size_t size;
};

static const void *get_options(const struct recipe *recipe, bp_option_owner owner, size_t kind)
{
    switch (owner) {
    case BP_OPTION_OF_MODEL:
        return &recipe->kind[kind].model;
    case BP_OPTION_OF_TRAINING:
        return &recipe->kind[kind].train;
    case BP_OPTION_OF_READING:
        return &recipe->read;
    case BP_OPTION_OF_ENSEMBLE:
        return recipe->several ? &recipe->ensemble : NULL;
    case BP_OPTION_OF_RUNNING:
        break;
    }
    return NULL;
}

/* The texts of all kinds, separated by ';', into recipe->text; the only one where they are the
 * same. */
static void write_text(const struct recipe *recipe, const bp_option_info *info)
{
    const bool has_kinds =
        info->owner == BP_OPTION_OF_MODEL || info->owner == BP_OPTION_OF_TRAINING;
    const bool varies = has_kinds && info->kind != BP_OPTION_TEXT && info->kind != BP_OPTION_SEED &&
                        info->kind != BP_OPTION_FLAG;
    const size_t kinds = varies ? recipe->kinds : 1;
    size_t length = 0;
    bool differ = false;
    for (size_t k = 0; k < kinds; k++) {
        char *text = recipe->text + length;
        field_get(info->owner, get_options(recipe, info->owner, k), info->name, text,
                  recipe->size - length);
        const size_t first = strcspn(recipe->text, ";"), own = strlen(text);
        differ = differ || (k > 0 && (own != first || memcmp(recipe->text, text, own) != 0));
        length += own;
        if (k + 1 < kinds)
            recipe->text[length++] = ';';
    }
    if (!differ && kinds > 1)
        recipe->text[strcspn(recipe->text, ";")] = '\0';
}

/* The next option from `index` on that belongs to a recipe; its text is in recipe->text. The seed
 * is that of the training. Whether there is a header, the files of data say themselves. */
static bool next_option(const struct recipe *recipe, size_t *index, bp_option_info *info)
{
    while (bp_option_get((*index)++, info, NULL) == BP_OK) {
        const void *options = get_options(recipe, info->owner, 0);
        const bool of_model = info->owner == BP_OPTION_OF_MODEL;
        if (!options || !info->affects_bits || (of_model && info->kind == BP_OPTION_SEED) ||
            (info->owner == BP_OPTION_OF_READING && strcmp(info->name, "header") == 0))
            continue;
        write_text(recipe, info);
        return true;
    }
    return false;
}

static bool is_default(const struct recipe *recipe, const bp_option_info *info, bp_preset preset)
{
    const char *usual =
        bp_preset_text(preset, recipe->kind[0].train.optimizer, info->owner, info->name);
    if (!usual)
        usual = info->classic ? info->classic : "";
    return strcmp(recipe->text, usual) == 0;
}

/* Whether a kind of networks reads it. */
static bool is_read_by(const struct recipe_kind *kind, const bp_option_info *info)
{
    if (info->owner == BP_OPTION_OF_TRAINING)
        return option_is_read(info, &kind->train);
    return info->kind != BP_OPTION_NAMES || kind->model.hidden_count > 0;
}

/* Whether the option can be given beside the others: something reads it. */
static bool is_read(const struct recipe *recipe, const bp_option_info *info)
{
    const bool is_usual = is_default(recipe, info, BP_PRESET_CLASSIC);
    if (info->owner == BP_OPTION_OF_READING || info->of_validation)
        return !is_usual;
    if (info->owner == BP_OPTION_OF_ENSEMBLE)
        return !info->readers || info->readers >> (int)recipe->ensemble.member_rows & 1;
    for (size_t k = 0; info->owner == BP_OPTION_OF_TRAINING || info->kind == BP_OPTION_NAMES; k++) {
        if (k == recipe->kinds)
            return false;
        if (is_read_by(&recipe->kind[k], info))
            return true;
    }
    return info->readers == 0 || !is_usual;
}

/* Whether a command line with the preset has to have it. */
static bool is_needed(const struct recipe *recipe, const bp_option_info *info, bp_preset preset)
{
    return is_read(recipe, info) && !is_default(recipe, info, preset);
}

static bp_preset choose_preset(const struct recipe *recipe)
{
    static const bp_preset presets[] = {BP_PRESET_CLASSIC, BP_PRESET_MODERN, BP_PRESET_QUICK,
                                        BP_PRESET_ENSEMBLE};
    const size_t count = recipe->several ? 4 : 3;
    size_t needed[4] = {0}, index = 0, best = 0;
    bp_option_info info;
    while (next_option(recipe, &index, &info)) {
        for (size_t p = 0; p < count; p++)
            needed[p] += is_needed(recipe, &info, presets[p]);
    }
    for (size_t p = 1; p < count; p++)
        best = needed[p] < needed[best] ? p : best;
    return presets[best];
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

static bp_status read_single(struct recipe *recipe, const bp_model *model, bp_error *error)
{
    struct recipe_kind *kind = &recipe->kind[0];
    recipe->kinds = 1;
    kind->model = bp_model_options_default();
    kind->train = recipe->effective = bp_train_options_default();
    bp_status status = bp_model_get_options(model, &kind->model, error);
    if (!status)
        status = bp_model_get_train_options(model, &kind->train, error);
    return status ? status : bp_model_get_effective_options(model, &recipe->effective, error);
}

/* Of several networks. */
static bp_status read_kinds(struct recipe *recipe, const bp_model *model, bp_error *error)
{
    bp_status status = BP_OK;
    recipe->several = true;
    recipe->kinds = bp_model_kinds(model);
    recipe->ensemble = bp_ensemble_options_default();
    for (size_t k = 0; !status && k < recipe->kinds; k++) {
        recipe->kind[k].model = bp_model_options_default();
        recipe->kind[k].train = bp_train_options_default();
        status = bp_model_get_kind(model, k, &recipe->kind[k].model, &recipe->kind[k].train, error);
    }
    return status ? status : bp_model_get_ensemble_options(model, &recipe->ensemble, error);
}

/* The longest text, with room for names and numbers. */
static size_t find_size(const struct recipe *recipe)
{
    const char *const texts[] = {recipe->kind[0].model.target,
                                 recipe->kind[0].model.weight,
                                 recipe->kind[0].train.class_weight,
                                 recipe->read.missing_values,
                                 recipe->read.categorical,
                                 recipe->read.ignore,
                                 recipe->read.id};
    size_t size = (size_t)BP_LAYERS_MAX * 32;
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
        size += texts[k] ? strlen(texts[k]) : 0;
    return size * recipe->kinds;
}

void recipe_report_put(struct fields *out, const bp_model *model)
{
    struct recipe recipe = {.size = 0};
    bp_error error;
    const bp_model_info info = bp_model_get_info(model);
    const bool several = bp_model_kinds(model) > 0;
    if (!info.has_recipe && !several) {
        fields_text(out, "recipe", NULL, NULL);
        return;
    }
    recipe.read = bp_model_read_options(model);
    recipe.valid_fraction = info.valid_fraction;
    if (several ? read_kinds(&recipe, model, &error) : read_single(&recipe, model, &error)) {
        fields_line(out, "recipe", "cannot be read: %s", error.message);
        fields_text(out, "recipe", NULL, NULL);
        return;
    }
    recipe.size = find_size(&recipe);
    recipe.text = malloc(recipe.size);
    char *command = recipe.text ? write_command(&recipe) : NULL;
    if (command) {
        fields_text(out, NULL, "recipe", command);
        if (!several)
            put_effective(out, &recipe);
    }
    if (out->json && command)
        put_object(out, &recipe);
    else
        out->output.failed = out->output.failed || !command;
    free(command);
    free(recipe.text);
}
