/* Requests to stop. */
#include "base/stop.h"

#include <stdlib.h>

#include "base/status.h"

bp_status bp_stop_create(bp_stop **out, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = malloc(sizeof **out);
    if (!*out)
        return bp_fail_memory(error, "a request to stop");
    atomic_init(&(*out)->requested, 0);
    return BP_OK;
}

void bp_stop_free(bp_stop *stop)
{
    free(stop);
}

static void set(bp_stop *stop, int requested)
{
    if (stop)
        atomic_store_explicit(&stop->requested, requested, memory_order_relaxed);
}

void bp_stop_request(bp_stop *stop)
{
    set(stop, 1);
}

void bp_stop_clear(bp_stop *stop)
{
    set(stop, 0);
}

bool bp_stop_requested(const bp_stop *stop)
{
    return bp_stop_is_set(stop);
}
