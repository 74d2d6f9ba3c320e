/* The clock stands while an event is noted. */
#include "bench/pretended_ranks.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

static void note(struct bp_ranks *ranks, struct bp_rank_event event)
{
    struct bp_pretended_ranks *own = (struct bp_pretended_ranks *)ranks;
    event.gap = bp_clock_seconds() - own->resumed;
    if (own->events == own->room) {
        const size_t room = 2 * own->room + 64;
        struct bp_rank_event *more = realloc(own->event, room * sizeof *more);
        own->failed = own->failed || !more;
        if (!more)
            return;
        own->event = more;
        own->room = room;
    }
    own->event[own->events++] = event;
}

static void resume(struct bp_ranks *ranks)
{
    ((struct bp_pretended_ranks *)ranks)->resumed = bp_clock_seconds();
}

static void receive(struct bp_exchange *exchange, void *data, size_t bytes, size_t from, int tag)
{
    (void)from;
    note(exchange->ranks,
         (struct bp_rank_event){BP_RANK_RECEIVE, exchange, tag, (double)bytes, 0.0});
    memset(data, 0, bytes); /* comes into caches as what arrives does */
    resume(exchange->ranks);
}

static void send(struct bp_exchange *exchange, const void *data, size_t bytes, size_t to, int tag)
{
    (void)data;
    (void)to;
    note(exchange->ranks, (struct bp_rank_event){BP_RANK_SEND, exchange, tag, (double)bytes, 0.0});
    resume(exchange->ranks);
}

static void finish(struct bp_exchange *exchange)
{
    note(exchange->ranks, (struct bp_rank_event){BP_RANK_FINISH, exchange, 0, 0.0, 0.0});
    resume(exchange->ranks);
}

static void go_on(struct bp_exchange *exchange)
{
    (void)exchange;
}

static bp_status exchange_create(struct bp_exchange **out, struct bp_ranks *ranks, size_t transfers,
                                 bp_error *error)
{
    (void)transfers;
    *out = calloc(1, sizeof **out);
    if (!*out)
        return bp_fail_memory(error, "the transfers between ranks");
    (*out)->ranks = ranks;
    return BP_OK;
}

static void exchange_free(struct bp_exchange *exchange)
{
    free(exchange);
}

static void broadcast(struct bp_ranks *ranks, void *data, size_t bytes, size_t root)
{
    (void)ranks;
    (void)data;
    (void)bytes;
    (void)root;
}

/* The others do as this one. */
static void gather(struct bp_ranks *ranks, const void *own, void *all, size_t bytes)
{
    for (size_t r = 0; r < ranks->count; r++)
        memcpy((unsigned char *)all + r * bytes, own, bytes);
}

static void wait_for_nobody(struct bp_ranks *ranks)
{
    (void)ranks;
}

static void end(struct bp_ranks *ranks, int code)
{
    (void)ranks;
    (void)code;
    abort();
}

static const char *name_host(const struct bp_ranks *ranks, size_t rank)
{
    (void)ranks;
    (void)rank;
    return "nowhere";
}

static void close_group(struct bp_ranks *ranks)
{
    free(((struct bp_pretended_ranks *)ranks)->event);
    free(ranks);
}

static void first(struct bp_ranks **out, struct bp_ranks *ranks, size_t count)
{
    (void)ranks;
    (void)count;
    *out = NULL;
}

static const struct bp_ranks_ops ops = {
    .close = close_group,
    .first = first,
    .abort = end,
    .barrier = wait_for_nobody,
    .broadcast = broadcast,
    .gather = gather,
    .exchange_create = exchange_create,
    .exchange_free = exchange_free,
    .receive = receive,
    .send = send,
    .progress = go_on,
    .finish = finish,
};

bp_status bp_pretended_create(struct bp_pretended_ranks **out, size_t count, bp_error *error)
{
    struct bp_pretended_ranks *made = calloc(1, sizeof *made);
    int32_t *statuses = calloc(count, sizeof *statuses);
    *out = made;
    if (made && statuses) {
        made->ranks = (struct bp_ranks){
            .ops = &ops, .count = count, .host = name_host, .statuses = statuses, .sharing = 1};
        return BP_OK;
    }
    free(statuses);
    free(made);
    *out = NULL;
    return bp_fail_memory(error, "a group of ranks");
}

void bp_pretended_begin(struct bp_pretended_ranks *pretended)
{
    pretended->events = 0;
    resume(&pretended->ranks);
}

void bp_pretended_end(struct bp_pretended_ranks *pretended)
{
    note(&pretended->ranks, (struct bp_rank_event){.kind = BP_RANK_END});
}
