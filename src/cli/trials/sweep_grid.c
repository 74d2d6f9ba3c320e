/* A cartesian product of values of options. */
#include "cli/trials/sweep_grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/suggestion.h"
#include "cli/terminal/messages.h"

#define COMBINATIONS_MAX 100000
#define NAMES_MAX        128
#define NAME_SIZE        64

static bool is_variable(const struct option *option)
{
    return option->kind != OPTION_LIST;
}

/* The options that may vary: those of the networks, the training, ensembles and the validation. */
static struct option *find_option(struct trials_options *options, const char *name,
                                  const char **names, size_t *count)
{
    struct option *const tables[] = {options->network.table, options->training.table,
                                     options->ensemble.table, options->validation.table};
    *count = 0;
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        for (struct option *option = tables[t]; option->kind != OPTION_END; option++) {
            if (!is_variable(option))
                continue;
            if (strcmp(option->name, name) == 0)
                return option;
            if (*count < NAMES_MAX)
                names[(*count)++] = option->name;
        }
    }
    return NULL;
}

static int find_axis(struct sweep_grid *grid, const char *text, const char *command)
{
    const size_t length = strcspn(text, "=");
    char name[NAME_SIZE] = "";
    if (text[length] != '=' || length == 0)
        return message_usage(command,
                             "--vary: \"%s\" is not NAME=VALUE,VALUE,... such as "
                             "learning-rate=0.1,0.01",
                             text);
    if (length < sizeof name)
        memcpy(name, text, length);
    const char *names[NAMES_MAX];
    size_t count;
    struct option *option = find_option(grid->options, name, names, &count);
    if (!option) {
        const char *nearest = bp_nearest_name(name, names, count);
        char suggestion[BP_SUGGESTION_SIZE];
        bp_suggestion_write("", nearest, suggestion);
        return message_usage(
            command, "--vary: \"%.*s\" is not an option that can vary%s", (int)length, text,
            nearest ? suggestion : ": give one of the network, the training or the validation");
    }
    for (size_t a = 0; a < grid->count; a++) {
        if (grid->axis[a].option == option)
            return message_usage(command,
                                 "--vary: \"%s\" is given twice: list all of its values in "
                                 "one",
                                 name);
    }
    if (option->given)
        return message_usage(command, "--%s is given, and varies as well", name);
    if (grid->count == SWEEP_AXES_MAX)
        return message_usage(command, "--vary: at most %d options can vary", SWEEP_AXES_MAX);
    grid->axis[grid->count++].option = option;
    return EXIT_DONE;
}

/* Each value is tried on the option, so that a wrong one is found before the work. */
static int take_value(struct sweep_axis *axis, const char *text, size_t length, const char *command)
{
    char *value = strndup(text, length);
    bp_error error;
    if (!text_list_take(&axis->values, value))
        return message_no_memory();
    if (length == 0)
        return message_usage(command, "--vary: a value of \"%s\" is empty", axis->option->name);
    if (!option_set(axis->option, value, &error))
        return message_usage(command, "--vary %s: %s", axis->option->name, error.message);
    for (size_t k = 0; k + 1 < axis->values.count; k++) {
        if (strcmp(axis->values.item[k], value) == 0)
            return message_usage(command, "--vary %s: \"%s\" is given twice", axis->option->name,
                                 value);
    }
    return EXIT_DONE;
}

static int take_axis(struct sweep_grid *grid, const char *text, const char *command)
{
    int code = find_axis(grid, text, command);
    if (code != EXIT_DONE)
        return code;
    struct sweep_axis *axis = &grid->axis[grid->count - 1];
    const char *value = strchr(text, '=') + 1;
    const char *mark = strchr(value, ';') ? ";" : ",";
    for (;;) {
        const size_t length = strcspn(value, mark);
        /* "128,64;" is one value with a comma in it. */
        const bool is_end = mark[0] == ';' && length == 0 && !value[0] && axis->values.count > 0;
        code = is_end ? EXIT_DONE : take_value(axis, value, length, command);
        if (code != EXIT_DONE || !value[length])
            return code;
        value += length + 1;
    }
}

int sweep_grid_init(struct sweep_grid *grid, struct trials_options *options,
                    const struct text_list *vary, const char *command)
{
    *grid = (struct sweep_grid){.combinations = 1, .options = options, .given = *options};
    if (vary->count == 0)
        return message_usage(command, "--vary is missing: which option shall take which values?");
    int code = EXIT_DONE;
    for (size_t k = 0; k < vary->count && code == EXIT_DONE; k++)
        code = take_axis(grid, vary->item[k], command);
    *options = grid->given;
    for (size_t a = 0; a < grid->count && code == EXIT_DONE; a++) {
        const size_t values = grid->axis[a].values.count;
        if (values > COMBINATIONS_MAX / grid->combinations)
            return message_usage(command, "--vary: more than %d combinations", COMBINATIONS_MAX);
        grid->combinations *= values;
    }
    return code;
}

void sweep_grid_free(struct sweep_grid *grid)
{
    for (size_t a = 0; a < grid->count; a++)
        text_list_free(&grid->axis[a].values);
    grid->count = 0;
}

const char *sweep_grid_value(const struct sweep_grid *grid, size_t number, size_t axis)
{
    for (size_t a = grid->count - 1; a > axis; a--)
        number /= grid->axis[a].values.count;
    return grid->axis[axis].values.item[number % grid->axis[axis].values.count];
}

int sweep_grid_apply(struct sweep_grid *grid, size_t number, const char *command)
{
    *grid->options = grid->given;
    for (size_t a = 0; a < grid->count; a++) {
        struct option *option = grid->axis[a].option;
        bp_error error;
        option->given = option_set(option, sweep_grid_value(grid, number, a), &error);
        if (option_form(option) == OPTION_FLAG)
            option->given = strcmp(sweep_grid_value(grid, number, a), "true") == 0;
    }
    return trials_options_check(grid->options, command);
}
