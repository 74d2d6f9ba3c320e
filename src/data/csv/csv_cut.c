/* Only quotes and ends of lines matter. */
#include "data/csv/csv_cut.h"

#include <stdbool.h>

/* Whether the number of quotes is odd. Without a branch, so that compilers vectorize it. */
static bool has_open_quote(const char *text, const char *end)
{
    unsigned char parity = 0;
    for (; text < end; text++)
        parity ^= *text == '"';
    return parity != 0;
}

/* After the first LF outside of quotes of a text that begins inside of quotes or not; or `end`. */
static const char *find_first(const char *text, const char *end, bool quoted)
{
    while (text < end) {
        char c = *text++;
        quoted ^= c == '"';
        if (c == '\n' && !quoted)
            break;
    }
    return text;
}

/* After the last LF outside of quotes of a text that ends inside of quotes or not; or `text`. */
static const char *find_last(const char *text, const char *end, bool quoted)
{
    for (; end > text; end--) {
        if (end[-1] == '\n' && !quoted)
            break;
        quoted ^= end[-1] == '"';
    }
    return end;
}

const char *bp_csv_row_end(const char *text, const char *end)
{
    return find_first(text, end, false);
}

void bp_csv_cut(const char *text, const char *end, const char **cut, size_t parts)
{
    const size_t step = (size_t)(end - text) / parts;
    bool quoted = false; /* at `counted`: each quote is counted once */
    const char *counted = text;
    cut[0] = text;
    for (size_t k = 1; k < parts; k++) {
        const char *wanted = text + k * step;
        quoted ^= has_open_quote(counted, wanted);
        counted = wanted;
        cut[k] = wanted < cut[k - 1] ? cut[k - 1] : find_first(wanted, end, quoted);
    }
    cut[parts] = find_last(text, end, quoted ^ has_open_quote(counted, end));
    for (size_t k = parts; k > 0 && cut[k - 1] > cut[parts]; k--)
        cut[k - 1] = cut[parts];
}
