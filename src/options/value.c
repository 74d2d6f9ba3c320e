/* Fields are copied by memcpy(): a row knows where one is and how large, not its type. */
#include "options/value.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number_text.h"
#include "base/signs.h"
#include "base/status.h"
#include "options/layers.h"

#define SEED_MAX INT64_MAX /* what readers of JSON hold as a whole number */

#define SAME_SIZE 1024 /* of two texts that are compared; longer ones are cut */

_Static_assert(sizeof(bp_optimizer) == sizeof(int), "a choice is as large as an int");

static const void *field_of(const bp_option_info *row, const void *options)
{
    return (const char *)options + row->offset;
}

uint64_t bp_option_whole(const bp_option_info *row, const void *options)
{
    size_t whole;
    uint64_t seed;
    memcpy(&whole, field_of(row, options), sizeof whole);
    memcpy(&seed, field_of(row, options), row->kind == BP_OPTION_SEED ? sizeof seed : 0);
    return row->kind == BP_OPTION_SEED ? seed : whole;
}

static bool is_narrow(const bp_option_info *row)
{
    return row->size == sizeof(float);
}

double bp_option_real(const bp_option_info *row, const void *options)
{
    float narrow;
    double wide;
    if (!is_narrow(row)) {
        memcpy(&wide, field_of(row, options), sizeof wide);
        return wide;
    }
    memcpy(&narrow, field_of(row, options), sizeof narrow);
    return (double)narrow;
}

bool bp_option_flag(const bp_option_info *row, const void *options)
{
    char value;
    memcpy(&value, field_of(row, options), sizeof value);
    return row->sign ? value == row->sign : (value != 0) != row->negated;
}

int bp_option_choice(const bp_option_info *row, const void *options)
{
    int value;
    memcpy(&value, field_of(row, options), sizeof value);
    return value;
}

const char *bp_option_text(const bp_option_info *row, const void *options)
{
    const char *text;
    memcpy(&text, field_of(row, options), sizeof text);
    return text;
}

static bp_status store_switch(void *field, const char *text, bp_error *error)
{
    const bool value = strcmp(text, "on") == 0;
    if (!value && strcmp(text, "off") != 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "\"%s\" is neither on nor off", text);
    memcpy(field, &value, sizeof value);
    return BP_OK;
}

static bp_status store_flag(const bp_option_info *row, void *field, const char *text,
                            bp_error *error)
{
    const bool is_true = strcmp(text, "true") == 0;
    const bool value = is_true != row->negated;
    if (!is_true && strcmp(text, "false") != 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "\"%s\" is neither true nor false", text);
    if (!row->sign)
        memcpy(field, &value, sizeof value);
    else if (is_true || *(char *)field == row->sign)
        *(char *)field = is_true ? row->sign : '\0';
    return BP_OK;
}

static bp_status store_whole(const bp_option_info *row, void *field, const char *text,
                             bp_error *error)
{
    uint64_t value;
    bp_error reason;
    const bool seed = row->kind == BP_OPTION_SEED;
    const uint64_t high = seed ? SEED_MAX : (uint64_t)row->high;
    bp_status status = bp_whole_take(text, (uint64_t)row->low, high, row->word, &value, &reason);
    if (status && row->high_word && strcmp(text, row->high_word) == 0) {
        value = row->high_word_value;
        status = BP_OK;
    }
    const size_t whole = (size_t)value;
    if (!status && seed)
        memcpy(field, &value, sizeof value);
    else if (!status)
        memcpy(field, &whole, sizeof whole);
    else if (row->high_word)
        return bp_fail(error, status, "%s or \"%s\"", reason.message, row->high_word);
    else
        return bp_fail(error, status, "%s", reason.message);
    return BP_OK;
}

static bp_status store_real(const bp_option_info *row, void *field, const char *text,
                            bp_error *error)
{
    const struct bp_range range = {row->low, row->high, row->from_low};
    double value;
    const bp_status status = bp_real_take(text, &range, is_narrow(row), row->word, &value, error);
    if (row->word && strcmp(text, row->word) == 0)
        value = row->word_value;
    const float narrow = (float)value;
    if (!status)
        memcpy(field, is_narrow(row) ? (const void *)&narrow : &value, row->size);
    return status;
}

static bp_status store_choice(const bp_option_info *row, void *field, const char *text,
                              bp_error *error)
{
    int value;
    const bp_status status = bp_choice_value(row->choice, text, &value, error);
    if (!status)
        memcpy(field, &value, sizeof value);
    return status;
}

static bp_status store_sign(void *field, const char *text, bp_error *error)
{
    char sign = '\0';
    if (strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0)
        sign = '\t';
    else if (strcmp(text, "space") == 0)
        sign = ' ';
    else if (strlen(text) == 1)
        sign = text[0];
    else if (strcmp(text, "auto") != 0)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "\"%s\" is not one sign such as ; nor tab nor space nor auto", text);
    if (sign && !strchr(BP_SEPARATORS, sign))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "\"%s\" cannot separate fields: give tab, space or a sign such as , ; or |",
                       sign < ' ' ? "?" : text);
    memcpy(field, &sign, sizeof sign);
    return BP_OK;
}

bp_status bp_option_store(const bp_option_info *row, void *options, const char *text,
                          bp_error *error)
{
    void *field = (char *)options + row->offset;
    if (!text)
        text = row->classic;
    if (row->kind != BP_OPTION_TEXT && !text)
        return bp_fail(error, BP_ERROR_INTERNAL, "there is no default");
    switch (row->kind) {
    case BP_OPTION_FLAG:
        return store_flag(row, field, text, error);
    case BP_OPTION_SWITCH:
        return store_switch(field, text, error);
    case BP_OPTION_WHOLE:
    case BP_OPTION_SEED:
        return store_whole(row, field, text, error);
    case BP_OPTION_REAL:
        return store_real(row, field, text, error);
    case BP_OPTION_CHOICE:
        return store_choice(row, field, text, error);
    case BP_OPTION_NAMES:
        return bp_activations_store(options, text, error);
    case BP_OPTION_WIDTHS:
        return bp_widths_store(options, text, error);
    case BP_OPTION_SIGN:
        return store_sign(field, text, error);
    case BP_OPTION_TEXT:
        break;
    }
    if (text && text[0] == '\0')
        return bp_fail(error, BP_ERROR_ARGUMENT, "the value is empty");
    memcpy(field, &text, sizeof text);
    return BP_OK;
}

const char *bp_option_word(const bp_option_info *row, const void *options)
{
    if (row->kind == BP_OPTION_REAL)
        return bp_option_real(row, options) == row->word_value ? row->word : NULL;
    if (row->kind != BP_OPTION_WHOLE && row->kind != BP_OPTION_SEED)
        return NULL;
    const uint64_t whole = bp_option_whole(row, options);
    return whole == 0 ? row->word : whole == row->high_word_value ? row->high_word : NULL;
}

/* What snprintf() would do, which is slower. */
static size_t put_text(char *text, size_t size, const char *value)
{
    const size_t length = strlen(value), kept = length < size ? length : size - 1;
    if (size > 0) {
        memcpy(text, value, kept);
        text[kept] = '\0';
    }
    return length;
}

size_t bp_option_write(const bp_option_info *row, const void *options, char *text, size_t size)
{
    char number[BP_REAL_TEXT_SIZE] = "";
    const char *value = bp_option_word(row, options);
    if (value)
        return put_text(text, size, value);
    value = number;
    switch (row->kind) {
    case BP_OPTION_FLAG:
        value = bp_option_flag(row, options) ? "true" : "false";
        break;
    case BP_OPTION_SWITCH:
        value = bp_option_flag(row, options) ? "on" : "off";
        break;
    case BP_OPTION_WHOLE:
    case BP_OPTION_SEED:
        snprintf(number, sizeof number, "%" PRIu64, bp_option_whole(row, options));
        break;
    case BP_OPTION_REAL:
        bp_real_write(bp_option_real(row, options), is_narrow(row), number);
        break;
    case BP_OPTION_CHOICE:
        value = bp_choice_name(row->choice, bp_option_choice(row, options));
        break;
    case BP_OPTION_NAMES:
        return bp_activations_write(options, text, size);
    case BP_OPTION_WIDTHS:
        return bp_widths_write(options, text, size);
    case BP_OPTION_SIGN:
        number[0] = *(const char *)field_of(row, options);
        value = number[0] == '\0'   ? "auto"
                : number[0] == '\t' ? "tab"
                : number[0] == ' '  ? "space"
                                    : number;
        break;
    case BP_OPTION_TEXT:
        value = bp_option_text(row, options);
        break;
    }
    return put_text(text, size, value ? value : "");
}

static bool is_default(const bp_option_info *row, const void *options, const char *text)
{
    union bp_any_options other;
    memcpy((char *)&other + row->offset, field_of(row, options), row->size);
    const bp_status status = bp_option_store(row, &other, text, NULL);
    assert(!status);
    return !status && memcmp((char *)&other + row->offset, field_of(row, options), row->size) == 0;
}

bool bp_option_is_same(const bp_option_info *row, const void *a, const void *b)
{
    if (row->kind == BP_OPTION_TEXT) {
        const char *left = bp_option_text(row, a), *right = bp_option_text(row, b);
        return left && right ? strcmp(left, right) == 0 : left == right;
    }
    const bool is_list = row->kind == BP_OPTION_NAMES || row->kind == BP_OPTION_WIDTHS;
    if (!is_list && memcmp(field_of(row, a), field_of(row, b), row->size) == 0)
        return true;
    char left[SAME_SIZE], right[SAME_SIZE];
    bp_option_write(row, a, left, sizeof left);
    bp_option_write(row, b, right, sizeof right);
    return strcmp(left, right) == 0;
}

bool bp_option_is_default(const bp_option_info *row, const void *options)
{
    if (is_default(row, options, NULL))
        return true;
    return row->kind != BP_OPTION_CHOICE &&
           ((row->modern && is_default(row, options, row->modern)) ||
            (row->quick && is_default(row, options, row->quick)));
}
