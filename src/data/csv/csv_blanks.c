/* A run becomes a tab once a field follows it. */
#include "data/csv/csv_blanks.h"

size_t bp_csv_blanks_replace(struct bp_csv_blanks *blanks, char *to, const char *text, size_t size)
{
    struct bp_csv_blanks now = *blanks;
    size_t used = 0;
    for (size_t k = 0; k < size; k++) {
        const char c = text[k];
        if (!now.quoted && (c == ' ' || c == '\t')) {
            now.pending = now.in_line;
            continue;
        }
        if (!now.quoted && (c == '\n' || c == '\r')) {
            now.in_line = now.pending = false;
        } else {
            if (now.pending)
                to[used++] = '\t';
            now.pending = false;
            now.in_line = true;
            now.quoted ^= c == '"';
        }
        to[used++] = c;
    }
    *blanks = now;
    return used;
}
