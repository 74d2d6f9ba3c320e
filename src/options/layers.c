/* Lists are read into a copy, which takes the place of the old one when all of it is right. */
#include "options/layers.h"

#include <stdio.h>
#include <string.h>

#include "base/number_text.h"
#include "base/sizes.h"
#include "base/status.h"

#define NAME_SIZE 64

bool bp_hidden_is_auto(const bp_model_options *options)
{
    return options->hidden_count == 1 && options->hidden[0] == 0;
}

/* The next item of a list by comma, cut to fit; moves `list` on, to NULL after the last. */
static void take_item(const char **list, char item[NAME_SIZE])
{
    const size_t length = strcspn(*list, ",");
    snprintf(item, NAME_SIZE, "%.*s", (int)bp_size_min(length, NAME_SIZE - 1), *list);
    *list = (*list)[length] ? *list + length + 1 : NULL;
}

bp_status bp_widths_store(bp_model_options *options, const char *text, bp_error *error)
{
    size_t widths[BP_LAYERS_MAX], count = 0;
    const bool none = strcmp(text, "none") == 0;
    if (strcmp(text, "auto") == 0) {
        options->hidden_count = 1;
        options->hidden[0] = 0;
        return BP_OK;
    }
    for (const char *list = none ? NULL : text; list; count++) {
        char item[NAME_SIZE];
        uint64_t width;
        take_item(&list, item);
        if (count == BP_LAYERS_MAX - 1 || !bp_whole_parse(item, 1, BP_WIDTH_MAX, &width))
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "\"%s\" is not a list of 1 to %d numbers of neurons such as 128,64 "
                           "(each from 1 to %d), nor auto or none",
                           text, BP_LAYERS_MAX - 1, BP_WIDTH_MAX);
        widths[count] = (size_t)width;
    }
    memcpy(options->hidden, widths, count * sizeof *widths);
    options->hidden_count = count;
    return BP_OK;
}

static bp_status read_names(const char *text, bp_activation names[BP_LAYERS_MAX], size_t *count,
                            bp_error *error)
{
    *count = 0;
    for (const char *list = text; list; ++*count) {
        char item[NAME_SIZE];
        int value;
        if (*count == BP_LAYERS_MAX)
            return bp_fail(error, BP_ERROR_ARGUMENT, "more than %d names", BP_LAYERS_MAX);
        take_item(&list, item);
        const bp_status status = bp_choice_value(BP_CHOICE_ACTIVATION, item, &value, error);
        if (status)
            return status;
        names[*count] = (bp_activation)value;
    }
    return BP_OK;
}

bp_status bp_activations_store(bp_model_options *options, const char *text, bp_error *error)
{
    bp_activation names[BP_LAYERS_MAX];
    const size_t hidden = options->hidden_count;
    size_t count;
    const bp_status status = read_names(text, names, &count, error);
    if (status)
        return status;
    const bool with_outputs = count > 1 && count == hidden + 1;
    if (count != 1 && count != hidden && !with_outputs)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%zu names for %zu hidden layer%s: give one for all of them, one for each, "
                       "or one more for the outputs",
                       count, hidden, hidden == 1 ? "" : "s");
    for (size_t l = 0; l < (count == 1 ? BP_LAYERS_MAX : hidden); l++)
        options->activations[l] = names[count == 1 ? 0 : l];
    if (with_outputs)
        options->output_activation = names[hidden];
    return BP_OK;
}

/* Appends an item to a list; `length` goes on where the text is cut. */
static void put_item(char *text, size_t size, size_t *length, const char *item)
{
    const size_t at = bp_size_min(*length, size);
    *length +=
        (size_t)snprintf(size ? text + at : NULL, size - at, "%s%s", *length ? "," : "", item);
}

size_t bp_widths_write(const bp_model_options *options, char *text, size_t size)
{
    size_t length = 0;
    char item[NAME_SIZE];
    if (bp_hidden_is_auto(options))
        return (size_t)snprintf(text, size, "auto");
    for (size_t l = 0; l < options->hidden_count && l < BP_LAYERS_MAX; l++) {
        snprintf(item, sizeof item, "%zu", options->hidden[l]);
        put_item(text, size, &length, item);
    }
    return length ? length : (size_t)snprintf(text, size, "none");
}

size_t bp_activations_write(const bp_model_options *options, char *text, size_t size)
{
    size_t length = 0, count = 1;
    for (size_t l = 1; l < options->hidden_count && l < BP_LAYERS_MAX; l++) {
        if (options->activations[l] != options->activations[0])
            count = options->hidden_count;
    }
    for (size_t l = 0; l < count && l < BP_LAYERS_MAX; l++) {
        const char *name = bp_choice_name(BP_CHOICE_ACTIVATION, (int)options->activations[l]);
        put_item(text, size, &length, name ? name : "?");
    }
    return length;
}
