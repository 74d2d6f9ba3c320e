/* What is the same for every implementation, and a group of one. */
#include "ranks/ranks.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ranks/hydra.h"

void bp_ranks_gather(struct bp_ranks *ranks, const void *own, void *all, size_t bytes)
{
    if (bp_ranks_several(ranks))
        ranks->ops->gather(ranks, own, all, bytes);
    else
        memcpy(all, own, bytes);
}

bp_status bp_exchange_create(struct bp_exchange **out, struct bp_ranks *ranks, size_t transfers,
                             bp_error *error)
{
    *out = NULL;
    return ranks->ops->exchange_create(out, ranks, transfers, error);
}

void bp_exchange_free(struct bp_exchange *exchange)
{
    if (exchange)
        exchange->ranks->ops->exchange_free(exchange);
}

void bp_exchange_receive(struct bp_exchange *exchange, void *data, size_t bytes, size_t from,
                         int tag)
{
    assert(from != exchange->ranks->rank && from < exchange->ranks->count);
    if (bytes > 0)
        exchange->ranks->ops->receive(exchange, data, bytes, from, tag);
}

void bp_exchange_send(struct bp_exchange *exchange, const void *data, size_t bytes, size_t to,
                      int tag)
{
    assert(to != exchange->ranks->rank && to < exchange->ranks->count);
    if (bytes == 0)
        return;
    exchange->ranks->sent.bytes += bytes;
    exchange->ranks->sent.messages++;
    exchange->ranks->ops->send(exchange, data, bytes, to, tag);
}

void bp_exchange_progress(struct bp_exchange *exchange)
{
    exchange->ranks->ops->progress(exchange);
}

void bp_exchange_finish(struct bp_exchange *exchange)
{
    exchange->ranks->ops->finish(exchange);
}

void bp_ranks_send(struct bp_ranks *ranks, const void *data, size_t bytes, size_t to, int tag)
{
    bp_exchange_send(ranks->single, data, bytes, to, tag);
    bp_exchange_finish(ranks->single);
}

void bp_ranks_receive(struct bp_ranks *ranks, void *data, size_t bytes, size_t from, int tag)
{
    bp_exchange_receive(ranks->single, data, bytes, from, tag);
    bp_exchange_finish(ranks->single);
}

size_t bp_ranks_sum(struct bp_ranks *ranks, size_t own)
{
    size_t sum = 0;
    for (size_t r = 0; r < bp_ranks_count(ranks); r++) {
        size_t value = own;
        bp_ranks_send_all(ranks, &value, sizeof value, r);
        sum += value;
    }
    return sum;
}

size_t bp_ranks_count(const bp_ranks *ranks)
{
    return ranks ? ranks->count : 1;
}

size_t bp_ranks_rank(const bp_ranks *ranks)
{
    return ranks ? ranks->rank : 0;
}

const char *bp_ranks_host(const bp_ranks *ranks, size_t rank)
{
    return ranks && rank < ranks->count ? ranks->host(ranks, rank) : "";
}

void bp_ranks_broadcast(bp_ranks *ranks, void *data, size_t bytes)
{
    bp_ranks_send_all(ranks, data, bytes, 0);
}

void bp_ranks_barrier(bp_ranks *ranks)
{
    if (bp_ranks_several(ranks))
        ranks->ops->barrier(ranks);
}

void bp_ranks_abort(bp_ranks *ranks, int code)
{
    if (ranks)
        ranks->ops->abort(ranks, code);
    else
        bp_hydra_abort(code);
}

bp_status bp_ranks_first(bp_ranks **out, bp_ranks *ranks, size_t count, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    if (count < 1 || count > bp_ranks_count(ranks))
        return bp_fail(error, BP_ERROR_ARGUMENT, "the first %zu ranks: there are %zu", count,
                       bp_ranks_count(ranks));
    if (ranks)
        ranks->ops->first(out, ranks, count);
    return BP_OK;
}

void bp_ranks_close(bp_ranks *ranks)
{
    if (!ranks)
        return;
    bp_exchange_free(ranks->single);
    free(ranks->statuses);
    ranks->ops->close(ranks);
}
