/* What readers of files ask of a text. */
#include "data/text/text.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

#define EXCERPT_CHARACTERS 40

/* C0 and C1 controls and DEL: a terminal may obey them. */
static bool is_control(const unsigned char *text, size_t length)
{
    return text[0] < 0x20 || text[0] == 0x7F || (length == 2 && text[0] == 0xC2 && text[1] < 0xA0);
}

const char *bp_text_excerpt(char out[BP_EXCERPT_SIZE], const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t used = 0, read = 0;
    out[used++] = '"';
    for (size_t shown = 0; read < length && shown < EXCERPT_CHARACTERS; shown++) {
        size_t step = bp_utf8_measure(text + read, length - read);
        if (step == 0 || is_control(bytes + read, step)) {
            out[used++] = '?';
        } else {
            memcpy(out + used, text + read, step);
            used += step;
        }
        read += step == 0 ? 1 : step;
    }
    strcpy(out + used, read < length ? "...\"" : "\"");
    return out;
}

bool bp_text_looks_missing(const char *text, size_t length)
{
    static const char *const words[] = {"?",    "-",   ".",    "na",   "n/a",  "#n/a",
                                        "<na>", "nan", "-nan", "null", "none", "missing"};
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
        if (strlen(words[k]) == length && strncasecmp(words[k], text, length) == 0)
            return true;
    return false;
}
