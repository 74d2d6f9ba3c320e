/*
 * Processes that train one network together: "ranks", as MPI calls them. Each holds all parameters
 * and owns a part of them. One process alone is a NULL pointer, or a group of one, and sends
 * nothing.
 *
 * Every rank calls the collective functions in the same order. All functions are called by one
 * thread, the one that opened the group. A transfer that fails ends the processes of all ranks,
 * with a message: there is no status to look at.
 */
#ifndef BP_RANKS_RANKS_H
#define BP_RANKS_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct bp_ranks;
struct bp_exchange;

/* What carries bytes between ranks. */
struct bp_ranks_ops {
    void (*close)(struct bp_ranks *ranks);
    /* As bp_ranks_first() of several; ends all ranks where memory is short. */
    void (*first)(struct bp_ranks **out, struct bp_ranks *ranks, size_t count);
    void (*abort)(struct bp_ranks *ranks, int code);
    void (*barrier)(struct bp_ranks *ranks);
    void (*broadcast)(struct bp_ranks *ranks, void *data, size_t bytes, size_t root);
    void (*gather)(struct bp_ranks *ranks, const void *own, void *all, size_t bytes);
    bp_status (*exchange_create)(struct bp_exchange **out, struct bp_ranks *ranks, size_t transfers,
                                 bp_error *error);
    void (*exchange_free)(struct bp_exchange *exchange);
    void (*receive)(struct bp_exchange *exchange, void *data, size_t bytes, size_t from, int tag);
    void (*send)(struct bp_exchange *exchange, const void *data, size_t bytes, size_t to, int tag);
    void (*progress)(struct bp_exchange *exchange);
    void (*finish)(struct bp_exchange *exchange);
};

/* By transfers of exchanges, since the group was made. */
struct bp_sent {
    uint64_t bytes;
    uint64_t messages;
};

/* The first member of what an implementation has. */
struct bp_ranks {
    const struct bp_ranks_ops *ops;
    size_t count; /* ranks, from 1 */
    size_t rank;  /* this one, 0 to count - 1 */
    const char *(*host)(const struct bp_ranks *ranks, size_t rank);
    struct bp_exchange *single; /* for one message at a time */
    int32_t *statuses;          /* room for one of each rank: to agree takes no memory */
    size_t sharing; /* ranks of this machine, with this one, that may run on exactly the processors
                       of this one: a launcher gives each its own, or some the same */
    struct bp_sent sent;
};

/* Transfers that go on at the same time. */
struct bp_exchange {
    struct bp_ranks *ranks;
};

/* Nothing for NULL. */
static inline struct bp_sent bp_ranks_sent(const struct bp_ranks *ranks)
{
    return ranks ? ranks->sent : (struct bp_sent){0};
}

static inline bool bp_ranks_several(const struct bp_ranks *ranks)
{
    return ranks && ranks->count > 1;
}

/* Collective: the bytes of `root` for all. */
static inline void bp_ranks_send_all(struct bp_ranks *ranks, void *data, size_t bytes, size_t root)
{
    if (bp_ranks_several(ranks))
        ranks->ops->broadcast(ranks, data, bytes, root);
}

/* One message, from begin to end. */
void bp_ranks_send(struct bp_ranks *ranks, const void *data, size_t bytes, size_t to, int tag);
void bp_ranks_receive(struct bp_ranks *ranks, void *data, size_t bytes, size_t from, int tag);

/* Collective: the sum of what each rank has. */
size_t bp_ranks_sum(struct bp_ranks *ranks, size_t own);

/* Room for up to `transfers` at the same time; what is sent and received then allocates nothing
 * (of this library's). Not collective. Errors: MEMORY. */
bp_status bp_exchange_create(struct bp_exchange **out, struct bp_ranks *ranks, size_t transfers,
                             bp_error *error);
void bp_exchange_free(struct bp_exchange *exchange);

/* Begins a transfer. Of two ranks those with the same tag arrive in the order in which they were
 * sent. Until it is finished the bytes belong to the transfer. tag: 0 to BP_TAG_MAX. */
#define BP_TAG_MAX 32767
void bp_exchange_receive(struct bp_exchange *exchange, void *data, size_t bytes, size_t from,
                         int tag);
void bp_exchange_send(struct bp_exchange *exchange, const void *data, size_t bytes, size_t to,
                      int tag);

/* Lets transfers go on; to be called now and then by who computes meanwhile. */
void bp_exchange_progress(struct bp_exchange *exchange);

/* Returns when all transfers begun since the last call are done. */
void bp_exchange_finish(struct bp_exchange *exchange);

#endif
