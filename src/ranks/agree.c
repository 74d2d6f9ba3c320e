/* The first failure is that of all. */
#include "ranks/agree.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The first rank that has failed, or the number of ranks. `all` has room for one status of each. */
static size_t find_first(struct bp_ranks *ranks, bp_status status, int32_t *all)
{
    const int32_t own = (int32_t)status;
    bp_ranks_gather(ranks, &own, all, sizeof own);
    size_t first = 0;
    while (first < ranks->count && all[first] == BP_OK)
        first++;
    return first;
}

bp_status bp_ranks_agree(struct bp_ranks *ranks, bp_status status, bp_error *error)
{
    if (!bp_ranks_several(ranks))
        return status;
    int32_t *all = malloc(ranks->count * sizeof *all);
    if (!all) /* the others wait for this one */
        bp_ranks_abort(ranks, (int)BP_ERROR_MEMORY / 10);
    const size_t first = find_first(ranks, status, all);
    const bp_status agreed = first < ranks->count ? (bp_status)all[first] : BP_OK;
    free(all);
    if (!agreed)
        return BP_OK;
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
