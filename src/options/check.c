/* Checks of all options of a struct, row by row. */
#include "options/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/choice.h"
#include "base/number_text.h"
#include "base/signs.h"
#include "base/status.h"
#include "base/widths.h"
#include "options/layers.h"
#include "options/value.h"

#define WORDS_SIZE 256

/* What else a field may be: ", or 0 for auto". */
static const char *write_words(const bp_option_info *row, char words[WORDS_SIZE])
{
    words[0] = '\0';
    if (row->high_word && (double)row->high_word_value > row->high)
        snprintf(words, WORDS_SIZE, ", 0 for %s or %" PRIu64 " for %s", row->word,
                 row->high_word_value, row->high_word);
    else if (row->word)
        snprintf(words, WORDS_SIZE, ", or 0 for %s", row->word);
    return words;
}

static bp_status check_whole(const bp_option_info *row, const void *options, bp_error *error)
{
    char words[WORDS_SIZE];
    const uint64_t value = bp_option_whole(row, options), high = (uint64_t)row->high;
    if ((value >= (uint64_t)row->low && value <= high) || bp_option_word(row, options))
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "%s %" PRIu64 ": give a whole number from %.0f to %" PRIu64 "%s", row->name,
                   value, row->low, high, write_words(row, words));
}

/* A NaN fails: it compares as false. */
static bp_status check_real(const bp_option_info *row, const void *options, bp_error *error)
{
    char words[BP_RANGE_WORDS_SIZE];
    const struct bp_range range = {row->low, row->high, row->from_low};
    const double value = bp_option_real(row, options);
    if (bp_range_holds(&range, value) || (row->word && value == row->word_value))
        return BP_OK;
    if (!row->word)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%s %g: give %s", row->name, value,
                       bp_range_words(&range, words));
    return bp_fail(error, BP_ERROR_ARGUMENT, "%s %g: give %s, or %g for %s", row->name, value,
                   bp_range_words(&range, words), row->word_value, row->word);
}

static bp_status check_choice(const bp_option_info *row, const void *options, bp_error *error)
{
    const int value = bp_option_choice(row, options);
    if (bp_choice_name(row->choice, value))
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT, "%s %d does not exist", row->name, value);
}

static bp_status check_widths(const bp_option_info *row, const bp_model_options *options,
                              bp_error *error)
{
    const size_t count = options->hidden_count;
    if (count >= BP_LAYERS_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%s: %zu hidden layers: give at most %d",
                       row->name, count, BP_LAYERS_MAX - 1);
    if (bp_hidden_is_auto(options))
        return BP_OK;
    bp_error reason;
    const bp_status status = bp_widths_check(options->hidden, count, &reason);
    return status ? bp_fail(error, status, "%s: %s", row->name, reason.message) : BP_OK;
}

static bp_status check_sign(const bp_option_info *row, const void *options, bp_error *error)
{
    const char sign = ((const char *)options)[row->offset];
    if (sign == '\0' || strchr(BP_SEPARATORS, sign))
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "%s of code %d: give a tab or a sign such as , ; or |, or 0", row->name,
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

/* Whether the user asked for something by the option. Where nothing reads it, a default is what a
 * binding fills in, and a word or the classic choice says that nothing is wanted. */
static bool is_wanted(const bp_option_info *row, const void *options,
                      const struct bp_options_use *use)
{
    if (bp_option_word(row, options))
        return false;
    for (size_t k = 0; row->kind != BP_OPTION_CHOICE && k < use->given_count; k++) {
        if (strcmp(use->given[k], row->name) == 0)
            return true;
    }
    return !bp_option_is_default(row, options);
}

/* "momentum 0.5", or the name alone of a flag. */
static const char *write_asked(const bp_option_info *row, const void *options,
                               char asked[WORDS_SIZE])
{
    const int length = snprintf(asked, WORDS_SIZE, "%s ", row->name);
    if (row->kind == BP_OPTION_FLAG)
        asked[length - 1] = '\0';
    else
        bp_option_write(row, options, asked + length, WORDS_SIZE - (size_t)length);
    return asked;
}

bool bp_option_is_read(const bp_option_info *row, const void *options)
{
    const bp_option_info *reader = bp_option_reader(row);
    return !reader || row->readers & BP_BIT(bp_option_choice(reader, options));
}

static bp_status check_reader(const bp_option_info *row, const void *options,
                              const struct bp_options_use *use, bp_error *error)
{
    char asked[WORDS_SIZE], words[WORDS_SIZE];
    const bp_option_info *reader = bp_option_reader(row);
    const bool by_validation = row->of_validation && use->validates;
    const bool by_any = row->of_validation ? by_validation : !reader;
    if (by_any || (reader && bp_option_is_read(row, options)) || !is_wanted(row, options, use))
        return BP_OK;
    write_asked(row, options, asked);
    if (row->of_validation)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s needs validation rows: give some (--valid-fraction 0.1)", asked);
    bp_choice_join(row->reader, row->readers, words, sizeof words);
    return bp_fail(error, BP_ERROR_ARGUMENT, "%s has no effect with %s %s: it is for %s", asked,
                   reader->name, bp_choice_name(row->reader, bp_option_choice(reader, options)),
                   words);
}

bp_status bp_options_check_rows(bp_option_owner owner, const void *options,
                                const struct bp_options_use *use, bp_error *error)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(owner, &count);
    bp_status status = BP_OK;
    for (size_t k = 0; k < count && !status; k++)
        status = check_value(&rows[k], options, error);
    for (size_t k = 0; k < count && !status; k++)
        status = check_reader(&rows[k], options, use, error);
    return status;
}
