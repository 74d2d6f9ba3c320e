/* The mutator of journals: a line that was changed gets the digest that belongs to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "fuzz/mutate.h"

/* {...,"digest":"OLD"} -> {...,"digest":"NEW"} */
static char *put_digest(char *line)
{
    char *tail = strstr(line, ",\"digest\":"), digest[BP_DIGEST_SIZE];
    struct bp_digest state;
    if (!tail)
        return line;
    const size_t length = (size_t)(tail - line), size = length + BP_DIGEST_SIZE + 16;
    bp_digest_begin(&state);
    bp_digest_update(&state, line, length);
    bp_digest_finish(&state, digest);
    char *whole = malloc(size);
    if (whole)
        snprintf(whole, size, "%.*s,\"digest\":\"%s\"}", (int)length, line, digest);
    return whole ? whole : line;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return mutate_lines(data, size, max_size, seed, true, put_digest);
}
