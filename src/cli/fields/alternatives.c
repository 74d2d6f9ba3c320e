/* Texts separated by ';'. */
#include "cli/fields/alternatives.h"

#include <string.h>

size_t alternatives_count(const char *text)
{
    size_t count = 1;
    for (; (text = strchr(text, ';')); text++)
        count++;
    return count;
}

bool alternatives_take(const char *text, size_t index, char part[ALTERNATIVE_SIZE])
{
    for (; index > 0 && strchr(text, ';'); index--)
        text = strchr(text, ';') + 1;
    const size_t length = strcspn(text, ";");
    const bool fits = length < ALTERNATIVE_SIZE;
    memcpy(part, text, fits ? length : 0);
    part[fits ? length : 0] = '\0';
    return fits;
}
