/* Checks of all options of a struct, row by row. */
#include "options/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/choice.h"
#include "base/number_text.h"
#include "base/signs.h"
#include "base/status.h"
#include "options/value.h"

#define WORDS_SIZE 256

/* "learning rate": the field in words. */
static const char *write_noun(const bp_option_info *row, char noun[WORDS_SIZE])
{
    snprintf(noun, WORDS_SIZE, "%s", row->field);
    for (char *c = noun; *c; c++)
        *c = (char)(*c == '_' ? ' ' : *c);
    return noun;
}

/* 0 stands for the default where there is a word for it. */
static bp_status check_whole(const bp_option_info *row, const void *options, bp_error *error)
{
    char noun[WORDS_SIZE];
    const uint64_t value = bp_option_whole(row, options), high = (uint64_t)row->high;
    if ((value >= (uint64_t)row->low && value <= high) || (value == 0 && row->word))
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "%s %" PRIu64 ": give a whole number from %.0f to %" PRIu64 "%s%s",
                   write_noun(row, noun), value, row->low, high, row->word ? ", or 0 for " : "",
                   row->word ? row->word : "");
}

/* A NaN fails: it compares as false. */
static bp_status check_real(const bp_option_info *row, const void *options, bp_error *error)
{
    char noun[WORDS_SIZE], words[BP_RANGE_WORDS_SIZE];
    const struct bp_range range = {row->low, row->high, row->from_low};
    const double value = bp_option_real(row, options);
    if (bp_range_holds(&range, value) || (value == 0 && row->word))
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT, "%s %g: give %s%s%s", write_noun(row, noun), value,
                   bp_range_words(&range, words), row->word ? ", or 0 for " : "",
                   row->word ? row->word : "");
}

static bp_status check_choice(const bp_option_info *row, const void *options, bp_error *error)
{
    const int value = bp_option_choice(row, options);
    if (bp_choice_name(row->choice, value))
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT, "%s %d does not exist", bp_choice_noun(row->choice),
                   value);
}

static bp_status check_widths(const bp_option_info *row, const bp_model_options *options,
                              bp_error *error)
{
    const size_t count = options->hidden_count;
    if (count >= BP_LAYERS_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu hidden layers: give at most %d", count,
                       BP_LAYERS_MAX - 1);
    for (size_t l = 0; l < count; l++) {
        if (options->hidden[l] < (size_t)row->low || options->hidden[l] > (size_t)row->high)
            return bp_fail(error, BP_ERROR_ARGUMENT, "a layer has 1 to %d neurons, not %zu",
                           BP_WIDTH_MAX, options->hidden[l]);
    }
    return BP_OK;
}

static bp_status check_sign(const bp_option_info *row, const void *options, bp_error *error)
{
    const char sign = ((const char *)options)[row->offset];
    if (sign == '\0' || strchr(BP_SEPARATORS, sign))
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "%s of code %d: give a tab or a sign such as , ; or |, or 0", row->field,
                   (unsigned char)sign);
}

static bp_status check_value(const bp_option_info *row, const void *options, bp_error *error)
{
    switch (row->kind) {
    case BP_OPTION_WHOLE:
        return check_whole(row, options, error);
    case BP_OPTION_REAL:
        return check_real(row, options, error);
    case BP_OPTION_CHOICE:
        return check_choice(row, options, error);
    case BP_OPTION_WIDTHS:
        return check_widths(row, options, error);
    case BP_OPTION_SIGN:
        return check_sign(row, options, error);
    case BP_OPTION_FLAG:
    case BP_OPTION_SWITCH:
    case BP_OPTION_SEED:
    case BP_OPTION_NAMES:
    case BP_OPTION_TEXT:
        break;
    }
    return BP_OK;
}

static bp_status check_reader(const bp_option_info *row, const bp_option_info *rows, size_t count,
                              const void *options, bp_error *error)
{
    char noun[WORDS_SIZE], text[WORDS_SIZE], words[WORDS_SIZE];
    const bp_option_info *reader = rows;
    while (reader < rows + count &&
           (reader->kind != BP_OPTION_CHOICE || reader->choice != row->reader))
        reader++;
    if (!row->readers || reader == rows + count ||
        row->readers & BP_BIT(bp_option_choice(reader, options)) ||
        bp_option_is_default(row, options))
        return BP_OK;
    bp_option_write(row, options, text, sizeof text);
    bp_choice_join(row->reader, row->readers, words, sizeof words);
    return bp_fail(error, BP_ERROR_ARGUMENT, "%s %s has no effect with %s %s: it is for %s",
                   write_noun(row, noun), text, bp_choice_noun(row->reader),
                   bp_choice_name(row->reader, bp_option_choice(reader, options)), words);
}

bp_status bp_options_check(bp_option_owner owner, const void *options, bp_error *error)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(owner, &count);
    bp_status status = BP_OK;
    for (size_t k = 0; k < count && !status; k++)
        status = check_value(&rows[k], options, error);
    for (size_t k = 0; k < count && !status; k++)
        status = check_reader(&rows[k], rows, count, options, error);
    return status;
}
