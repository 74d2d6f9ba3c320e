/* The name that a mistyped word was meant to be. */
#include "base/suggestion.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/sizes.h"
#include "base/status.h"

/* Longer words are not compared: they were not typed by hand. */
#define WORD_MAX 64

/* Comparing two names does not depend on the locale. */
static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t min3(size_t a, size_t b, size_t c)
{
    return bp_size_min(bp_size_min(a, b), c);
}

/* Insertions, deletions, replacements and swaps of neighbours (optimal string alignment) that turn
 * a into b, without regard to case; both have at most WORD_MAX bytes. Row i of the table, kept
 * modulo 3, holds the distances between the first i bytes of a and every beginning of b. */
static size_t measure_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][WORD_MAX + 1];
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            char x = fold(a[i - 1]), y = fold(b[j - 1]);
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == fold(b[j - 2]) && fold(a[i - 2]) == y)
                row[j] = bp_size_min(row[j], above2[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

const char *bp_nearest_name(const char *word, const char *const *names, size_t count)
{
    size_t length = word && names ? strlen(word) : SIZE_MAX;
    if (length > WORD_MAX)
        return NULL;
    /* One slip in every three letters, and one in a short word unless it is all that there is:
     * "mes" means mse, "gpu" does not mean auto, "x" does not mean "y". */
    size_t limit = length < 2 ? 0 : bp_size_max(length / 3, 1);
    const char *nearest = NULL;
    size_t min = limit + 1;
    for (size_t i = 0; i < count; i++) {
        size_t name_length = names[i] ? strlen(names[i]) : SIZE_MAX;
        if (name_length > WORD_MAX || name_length > length + limit || length > name_length + limit)
            continue;
        size_t distance = measure_distance(word, length, names[i], name_length);
        if (distance < min) {
            min = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

const char *bp_suggestion_write(const char *before, const char *nearest,
                                char text[BP_SUGGESTION_SIZE])
{
    text[0] = '\0';
    if (nearest)
        snprintf(text, BP_SUGGESTION_SIZE, "; did you mean \"%s%s\"?", before, nearest);
    return text;
}
