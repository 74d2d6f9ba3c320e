/* The first failure is that of all. */
#include "ranks/agree.h"

#include <string.h>

/* The first rank that has failed, or the number of ranks. */
static size_t find_first(struct bp_ranks *ranks, bp_status status)
{
    const int32_t own = (int32_t)status;
    bp_ranks_gather(ranks, &own, ranks->statuses, sizeof own);
    size_t first = 0;
    while (first < ranks->count && ranks->statuses[first] == BP_OK)
        first++;
    return first;
}

bp_status bp_ranks_agree(struct bp_ranks *ranks, bp_status status, bp_error *error)
{
    if (!bp_ranks_several(ranks))
        return status;
    const size_t first = find_first(ranks, status);
    if (first == ranks->count)
        return BP_OK;
    const bp_status agreed = (bp_status)ranks->statuses[first];
    char message[BP_ERROR_MESSAGE_SIZE] = "";
    if (ranks->rank == first)
        memcpy(message, error ? error->message : bp_status_text(status),
               error ? sizeof message : strlen(bp_status_text(status)) + 1);
    bp_ranks_send_all(ranks, message, sizeof message, first);
    if (first == 0)
        return bp_fail(error, agreed, "%s", message);
    return bp_fail(error, agreed, "rank %zu on %s: %s", first, bp_ranks_host(ranks, first),
                   message);
}
