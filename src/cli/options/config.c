/* --config and --print-config. */
#include "cli/options/config.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggestion.h"
#include "cli/fields/json_file.h"
#include "cli/fields/json_output.h"
#include "cli/options/config_value.h"
#include "cli/options/option_json.h"
#include "cli/options/preset_options.h"
#include "cli/terminal/messages.h"

#define DEFAULTS  "defaults"
#define KINDS     "kinds"
#define NAMES_MAX 256

/* What is read, and into what. */
struct config {
    const char *path;
    const char *command;
    const struct option_group *groups;
    struct text_list *kept;
};

static int report_unknown(const struct config *config, const char *key)
{
    const char *names[NAMES_MAX];
    size_t count = 0;
    for (const struct option_group *group = config->groups; group->title; group++) {
        const struct option *option = group->options;
        for (; option->kind != OPTION_END && count < NAMES_MAX; option++)
            names[count++] = option->name;
    }
    if (strcmp(key, "config") == 0 || strcmp(key, "print-config") == 0 || strcmp(key, "ranks") == 0)
        return message_failure(EXIT_INPUT,
                               "%s: \"%s\" belongs to the command line, not into a file",
                               config->path, key);
    char suggestion[BP_SUGGESTION_SIZE];
    bp_suggestion_write("", bp_nearest_name(key, names, count), suggestion);
    return message_failure(EXIT_INPUT, "%s: \"%s\" is not an option of %s%s", config->path, key,
                           config->command, suggestion);
}

static int report_type(const struct config *config, const struct option *option,
                       const json_t *value)
{
    char wanted[CONFIG_WANTED_SIZE];
    return message_failure(EXIT_INPUT, "%s: \"%s\" is %s, and must be %s", config->path,
                           option->name, config_value_type(value),
                           config_value_wanted(option, wanted));
}

/* One text for an option. */
static int set_text(const struct config *config, struct option *option, char *text)
{
    bp_error error;
    if (!text_list_take(config->kept, text))
        return message_no_memory();
    if (!option_set(option, text, &error))
        return message_failure(EXIT_INPUT, "%s: \"%s\": %s", config->path, option->name,
                               error.message);
    option->given = true;
    return EXIT_DONE;
}

static int set_option(const struct config *config, struct option *option, const json_t *value)
{
    if (!config_value_suits(option, value))
        return report_type(config, option, value);
    bp_error error;
    if (option_form(option) == OPTION_FLAG) {
        option->given = json_is_true(value);
        option_set(option, option->given ? "true" : "false", &error);
        return EXIT_DONE;
    }
    if (!json_is_array(value) || option->kind != OPTION_LIST)
        return set_text(config, option, config_value_text(value));
    int code = EXIT_DONE;
    for (size_t k = 0; k < json_array_size(value) && code == EXIT_DONE; k++)
        code = set_text(config, option, config_value_text(json_array_get(value, k)));
    return code;
}

/* ---- kinds of networks ---- */

/* Appends the text of a value to alternatives, or begins them; false: no memory. */
static bool append_value(struct config_text *joined, const json_t *value)
{
    char *text = config_value_text(value);
    const bool appended = config_text_append(joined, ';', text);
    free(text);
    return appended;
}

static int set_kinds_option(const struct config *config, const json_t *root, const char *key)
{
    const json_t *kinds = json_object_get(root, KINDS);
    struct option *option = option_find(config->groups, key);
    struct config_text joined = {0};
    if (!option)
        return report_unknown(config, key);
    if (!option->varies)
        return message_failure(EXIT_INPUT,
                               "%s: \"%s\" is the same for all kinds of networks: move it out of "
                               "\"" KINDS "\"",
                               config->path, key);
    if (json_object_get(root, key))
        return message_failure(EXIT_INPUT,
                               "%s: \"%s\" is there for all kinds, and in \"" KINDS "\": leave one "
                               "of them out",
                               config->path, key);
    for (size_t k = 0; k < json_array_size(kinds); k++) {
        const json_t *value = json_object_get(json_array_get(kinds, k), key);
        int code = EXIT_DONE;
        if (!value)
            code = message_failure(EXIT_INPUT, "%s: kind %zu has no \"%s\", which others have",
                                   config->path, k + 1, key);
        else if (!config_value_suits(option, value))
            code = report_type(config, option, value);
        else if (!append_value(&joined, value))
            code = message_no_memory();
        if (code != EXIT_DONE) {
            free(joined.text);
            return code;
        }
    }
    if (option->given) {
        free(joined.text);
        return EXIT_DONE;
    }
    return set_text(config, option, joined.text);
}

/* A list of objects, which have the same options: each becomes a list of alternatives. */
static int set_kinds(const struct config *config, const json_t *root)
{
    size_t k;
    json_t *kinds = json_object_get(root, KINDS), *kind, *value;
    const char *key;
    int code = EXIT_DONE;
    if (!json_is_array(kinds) || json_array_size(kinds) == 0)
        return message_failure(EXIT_INPUT, "%s: \"" KINDS "\" is %s, and must be a list of objects",
                               config->path,
                               json_is_array(kinds) ? "empty" : config_value_type(kinds));
    json_array_foreach(kinds, k, kind)
    {
        if (!json_is_object(kind))
            return message_failure(EXIT_INPUT,
                                   "%s: kind %zu is %s, and must be an object of options",
                                   config->path, k + 1, config_value_type(kind));
        json_object_foreach(kind, key, value)
        {
            const bool is_new = k == 0 || !json_object_get(json_array_get(kinds, k - 1), key);
            if (code == EXIT_DONE && is_new)
                code = set_kinds_option(config, root, key);
        }
    }
    return code;
}

/* Whether the command trains several networks. */
static bool has_kinds(const struct config *config)
{
    for (const struct option_group *group = config->groups; group->title; group++) {
        for (const struct option *option = group->options; option->kind != OPTION_END; option++) {
            if (option->varies)
                return true;
        }
    }
    return false;
}

/* Checks a value as set_option() does, and leaves the option as the command line has it. */
static int try_option(const struct config *config, const struct option *option, const json_t *value)
{
    union {
        bool flag;
        const char *text;
        struct text_list list;
        size_t whole;
        double real;
        int choice;
        bp_model_options model;
        bp_train_options train;
        bp_read_options read;
        bp_run_options run;
        bp_ensemble_options ensemble;
    } variable;
    memset(&variable, 0, sizeof variable);
    if (option->kind == OPTION_FIELD)
        memcpy(&variable, option->value, option_field_size(option));
    struct option trial = *option;
    trial.value = &variable;
    const int code = set_option(config, &trial, value);
    if (option->kind == OPTION_LIST)
        text_list_free(&variable.list);
    return code;
}

/* Whether an option that is not given has the value that stands in "defaults". */
static int check_default(const struct config *config, const char *key, const json_t *value)
{
    const struct option *option = option_find(config->groups, key);
    if (!option)
        return report_unknown(config, key);
    if (option->given)
        return EXIT_DONE;
    json_t *here = option_to_json(option);
    if (!here)
        return message_no_memory();
    bool same = json_is_number(value) && json_is_number(here)
                    ? json_number_value(value) == json_number_value(here)
                    : json_equal(value, here);
    json_decref(here);
    if (same)
        return EXIT_DONE;
    return message_failure(EXIT_INPUT,
                           "%s: the default of \"%s\" is not what \"" DEFAULTS
                           "\" says: move it out of there to ask for that value",
                           config->path, key);
}

static int check_defaults(const struct config *config, json_t *defaults)
{
    int code = EXIT_DONE;
    const char *key;
    json_t *value;
    if (defaults && !json_is_object(defaults))
        return message_failure(EXIT_INPUT, "%s: \"" DEFAULTS "\" is %s, and must be an object",
                               config->path, config_value_type(defaults));
    json_object_foreach(defaults, key, value)
    {
        code = check_default(config, key, value);
        if (code != EXIT_DONE)
            return code;
    }
    return EXIT_DONE;
}

static int apply(const struct config *config, json_t *root)
{
    if (!json_is_object(root))
        return message_failure(EXIT_INPUT, "%s: it holds %s, and must hold an object of options",
                               config->path, config_value_type(root));
    int code = EXIT_DONE;
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        struct option *option = option_find(config->groups, key);
        if (strcmp(key, DEFAULTS) == 0)
            continue;
        if (strcmp(key, KINDS) == 0 && has_kinds(config))
            code = set_kinds(config, root);
        else if (!option)
            code = report_unknown(config, key);
        else if (option->given)
            code = try_option(config, option, value);
        else
            code = set_option(config, option, value);
        if (code != EXIT_DONE)
            return code;
    }
    preset_options_resolve(config->groups);
    return check_defaults(config, json_object_get(root, DEFAULTS));
}

int config_read(const char *path, const char *command, const struct option_group *groups,
                struct text_list *kept)
{
    const struct config config = {path, command, groups, kept};
    json_t *root;
    const int code = json_file_read(&root, path, "the configuration");
    if (code != EXIT_DONE)
        return code;
    const int result = apply(&config, root);
    json_decref(root);
    return result;
}

/* Puts the values of the options with `given` into `object`; false: no memory. */
static bool put_options(json_t *object, const struct option_group *groups, bool given)
{
    for (; groups->title; groups++) {
        for (const struct option *option = groups->options; option->kind != OPTION_END; option++) {
            json_t *value = option->given == given ? option_to_json(option) : json_null();
            if (!json_is_null(value) && json_object_set_new(object, option->name, value) != 0)
                return false;
        }
    }
    return true;
}

/* What is printed can be read by --config, and so holds the bytes that were given. */
static int check_texts(const struct option_group *groups)
{
    for (; groups->title; groups++) {
        for (const struct option *option = groups->options; option->kind != OPTION_END; option++) {
            if (!option_is_utf8(option))
                return message_failure(EXIT_USAGE,
                                       "--%s: it has bytes that are not UTF-8, which JSON does not "
                                       "take: give it beside --config",
                                       option->name);
        }
    }
    return EXIT_DONE;
}

int config_print(const struct option_group *groups)
{
    const int code = check_texts(groups);
    if (code != EXIT_DONE)
        return code;
    json_t *root = json_object(), *defaults = json_object();
    bool filled = root && defaults && put_options(root, groups, true) &&
                  put_options(defaults, groups, false) &&
                  json_object_set(root, DEFAULTS, defaults) == 0;
    char *text = filled ? json_output_text(root, JSON_INDENT(2)) : NULL;
    json_decref(defaults);
    json_decref(root);
    if (!text)
        return message_no_memory();
    puts(text);
    free(text);
    return EXIT_DONE;
}
