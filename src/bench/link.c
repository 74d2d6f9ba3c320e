/* Between the first rank and the last, which are on different machines if any are. */
#include "bench/link.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/doubles.h"
#include "ranks/agree.h"

#define PASSES_MAX  1000
#define PASSES_MIN  5
#define LARGE_BYTES ((size_t)4 << 20)
#define TAG         0

static size_t find_other(const struct bp_ranks *ranks)
{
    return ranks->rank == 0 ? ranks->count - 1 : 0;
}

/* There and back. */
static void send_and_return(struct bp_ranks *ranks, unsigned char *data)
{
    const size_t other = find_other(ranks);
    if (ranks->rank == 0)
        bp_ranks_send(ranks, data, 1, other, TAG);
    bp_ranks_receive(ranks, data, 1, other, TAG);
    if (ranks->rank > 0)
        bp_ranks_send(ranks, data, 1, other, TAG);
}

struct link {
    struct bp_ranks *ranks;
    struct bp_exchange *exchange;
    unsigned char *out, *in;
    double seconds[PASSES_MAX];
};

/* Both ways at the same time, as in a step. */
static void exchange_large(struct link *link)
{
    const size_t other = find_other(link->ranks);
    bp_exchange_receive(link->exchange, link->in, LARGE_BYTES, other, TAG);
    bp_exchange_send(link->exchange, link->out, LARGE_BYTES, other, TAG);
    bp_exchange_finish(link->exchange);
}

/* The median of passes, after one that warms up; both ranks do as many. */
static double time_passes(struct link *link, double seconds, bool large)
{
    size_t count = 0;
    unsigned char goes_on = 1;
    const double begin = bp_clock_seconds();
    for (size_t pass = 0; goes_on; pass++) {
        const double start = bp_clock_seconds();
        if (large)
            exchange_large(link);
        else
            send_and_return(link->ranks, link->out);
        const double end = bp_clock_seconds();
        if (pass > 0)
            link->seconds[count++] = end - start;
        goes_on = count < PASSES_MIN || (count < PASSES_MAX && end - begin < seconds);
        if (link->ranks->rank == 0)
            bp_ranks_send(link->ranks, &goes_on, 1, find_other(link->ranks), TAG);
        else
            bp_ranks_receive(link->ranks, &goes_on, 1, 0, TAG);
    }
    bp_doubles_sort(link->seconds, count);
    return link->seconds[count / 2];
}

static bp_status make(struct link *link, bp_error *error)
{
    link->out = calloc(2, LARGE_BYTES);
    if (!link->out)
        return bp_fail_memory(error, "messages between ranks");
    memset(link->out, 1, 2 * LARGE_BYTES);
    link->in = link->out + LARGE_BYTES;
    return bp_exchange_create(&link->exchange, link->ranks, 2, error);
}

bp_status bp_link_measure(struct bp_ranks *ranks, double seconds, double *latency,
                          double *bandwidth, bp_error *error)
{
    struct link *link = calloc(1, sizeof *link);
    bp_status status = BP_OK;
    if (link) {
        link->ranks = ranks;
        status = make(link, error);
    } else {
        status = bp_fail_memory(error, "times of messages");
    }
    status = bp_ranks_agree(ranks, status, error);
    double found[2] = {0.0, 0.0};
    if (!status && (ranks->rank == 0 || ranks->rank == ranks->count - 1)) {
        found[0] = time_passes(link, seconds / 2, false) / 2;
        found[1] = (double)LARGE_BYTES / time_passes(link, seconds / 2, true);
    }
    if (!status)
        bp_ranks_broadcast(ranks, found, sizeof found);
    *latency = found[0];
    *bandwidth = found[1];
    if (link) {
        bp_exchange_free(link->exchange);
        free(link->out);
    }
    free(link);
    return status;
}
