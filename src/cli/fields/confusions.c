/* The most frequent confusions of classes. */
#include "cli/fields/confusions.h"

#include <string.h>

void confusions_insert(struct confusion *most, size_t *shown, size_t limit, struct confusion one)
{
    size_t at = *shown;
    while (at > 0 && most[at - 1].count < one.count)
        at--;
    if (at == limit)
        return;
    *shown += *shown < limit;
    memmove(most + at + 1, most + at, (*shown - at - 1) * sizeof *most);
    most[at] = one;
}
