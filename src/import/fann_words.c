/* A word is cut out of a token, which stays where it is. */
#include "import/fann_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/text/number.h"
#include "data/text/text.h"

bp_status bp_fann_next(struct bp_fann_words *words, bp_error *error)
{
    const bp_status status = bp_tokens_next(&words->tokens, error);
    words->text = words->tokens.text;
    words->length = words->tokens.length;
    return status;
}

bool bp_fann_is(const struct bp_fann_words *words, const char *word)
{
    return words->length == strlen(word) && memcmp(words->text, word, words->length) == 0;
}

bool bp_fann_cut(struct bp_fann_words *words, const char *start, bp_status *status, bp_error *error)
{
    const size_t length = strlen(start);
    if (words->length < length || memcmp(words->text, start, length) != 0)
        return false;
    words->text += length;
    words->length -= length;
    *status = words->length == 0 ? bp_fann_next(words, error) : BP_OK;
    return true;
}

bp_status bp_fann_fail(const struct bp_fann_words *words, const char *wanted, bp_error *error)
{
    const struct bp_tokens *tokens = &words->tokens;
    char quoted[BP_EXCERPT_SIZE];
    if (words->length == 0)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file ends where there should be %s",
                       bp_source_path(tokens->source), wanted);
    return bp_fail(error, BP_ERROR_INPUT, "%s:%zu:%zu: %s is not %s",
                   bp_source_path(tokens->source), tokens->line, tokens->field,
                   bp_text_excerpt(quoted, words->text, words->length), wanted);
}

/* What is left of the current word without what is around it. False: that is not around it. */
static bool strip(const struct bp_fann_words *words, const char *before, const char *after,
                  const char **begin, const char **end)
{
    const size_t first = strlen(before), last = strlen(after);
    if (words->length <= first + last || memcmp(words->text, before, first) != 0 ||
        memcmp(words->text + words->length - last, after, last) != 0)
        return false;
    *begin = words->text + first;
    *end = words->text + words->length - last;
    return true;
}

bp_status bp_fann_take_number(struct bp_fann_words *words, const char *before, const char *after,
                              const char *what, double *number, bp_error *error)
{
    const char *begin, *end;
    if (!strip(words, before, after, &begin, &end) ||
        bp_number_read_double(begin, end, '.', number) != end || !isfinite(*number))
        return bp_fann_fail(words, what, error);
    return bp_fann_next(words, error);
}

bp_status bp_fann_take_count(struct bp_fann_words *words, const char *before, const char *after,
                             const struct bp_fann_count *allowed, size_t *count, bp_error *error)
{
    const char *begin, *end;
    uint64_t value = 0;
    bool good = strip(words, before, after, &begin, &end);
    for (; good && begin < end; begin++) {
        good = *begin >= '0' && *begin <= '9';
        value = 10 * value + (uint64_t)(*begin - '0');
        good = good && value <= allowed->high;
    }
    *count = (size_t)value;
    if (good && value >= allowed->low)
        return bp_fann_next(words, error);
    char wanted[160];
    snprintf(wanted, sizeof wanted, "%s, which is from %zu to %zu", allowed->what, allowed->low,
             allowed->high);
    return bp_fann_fail(words, wanted, error);
}
