/* A queue of copied messages for each pair of ranks. */
#include "support/thread_ranks.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "support/problem.h"

/* Not taken by any exchange of the library. */
#define OWN_TAG (BP_TAG_MAX + 1)

struct message {
    struct message *next;
    int tag;
    size_t bytes;
    unsigned char data[];
};

struct group {
    size_t count;
    size_t open; /* ranks that have not closed it; under the mutex */
    pthread_mutex_t mutex;
    pthread_cond_t sent;
    struct message **queue; /* count x count: from, to; the first one */
};

struct thread_ranks {
    struct bp_ranks ranks;
    struct group *group;
    void (*fn)(struct bp_ranks *ranks, void *arg);
    void *arg;
};

struct receive {
    void *data;
    size_t bytes;
    size_t from;
    int tag;
};

struct thread_exchange {
    struct bp_exchange exchange;
    size_t room, used; /* transfers, sends too */
    size_t count;
    struct receive receive[];
};

void *(*thread_ranks_malloc)(size_t size) = malloc;

static struct thread_ranks *find_own(const struct bp_ranks *ranks)
{
    return (struct thread_ranks *)(uintptr_t)ranks;
}

static void put(struct thread_ranks *own, const void *data, size_t bytes, size_t to, int tag)
{
    struct message *message = thread_ranks_malloc(sizeof *message + bytes);
    require(message != NULL, "a message");
    *message = (struct message){.tag = tag, .bytes = bytes};
    memcpy(message->data, data, bytes);
    pthread_mutex_lock(&own->group->mutex);
    struct message **end = &own->group->queue[own->ranks.rank * own->group->count + to];
    while (*end)
        end = &(*end)->next;
    *end = message;
    pthread_cond_broadcast(&own->group->sent);
    pthread_mutex_unlock(&own->group->mutex);
}

static void take(struct thread_ranks *own, void *data, size_t bytes, size_t from, int tag)
{
    pthread_mutex_lock(&own->group->mutex);
    struct message **first = &own->group->queue[from * own->group->count + own->ranks.rank];
    struct message **place = first;
    while (!*place || (*place)->tag != tag) {
        if (*place) {
            place = &(*place)->next;
            continue;
        }
        pthread_cond_wait(&own->group->sent, &own->group->mutex);
        place = first;
    }
    struct message *message = *place;
    *place = message->next;
    pthread_mutex_unlock(&own->group->mutex);
    require(message->bytes == bytes, "a message of the size that is expected");
    memcpy(data, message->data, bytes);
    free(message);
}

static void run_broadcast(struct bp_ranks *ranks, void *data, size_t bytes, size_t root)
{
    for (size_t r = 0; ranks->rank == root && r < ranks->count; r++) {
        if (r != root)
            put(find_own(ranks), data, bytes, r, OWN_TAG);
    }
    if (ranks->rank != root)
        take(find_own(ranks), data, bytes, root, OWN_TAG);
}

static void gather(struct bp_ranks *ranks, const void *own, void *all, size_t bytes)
{
    unsigned char *place = all;
    for (size_t r = 0; r < ranks->count; r++) {
        if (r == ranks->rank)
            memcpy(place + r * bytes, own, bytes);
        run_broadcast(ranks, place + r * bytes, bytes, r);
    }
}

static void wait_for_all(struct bp_ranks *ranks)
{
    const int32_t own = 0;
    gather(ranks, &own, ranks->statuses, sizeof own);
}

static bp_status create_exchange(struct bp_exchange **out, struct bp_ranks *ranks, size_t transfers,
                                 bp_error *error)
{
    struct thread_exchange *exchange =
        calloc(1, sizeof *exchange + transfers * sizeof(struct receive));
    if (!exchange)
        return bp_fail_memory(error, "an exchange");
    exchange->exchange.ranks = ranks;
    exchange->room = transfers;
    *out = &exchange->exchange;
    return BP_OK;
}

static void free_exchange(struct bp_exchange *exchange)
{
    free(exchange);
}

static void receive(struct bp_exchange *exchange, void *data, size_t bytes, size_t from, int tag)
{
    struct thread_exchange *own = (struct thread_exchange *)exchange;
    require(own->used++ < own->room, "room for a receive");
    own->receive[own->count++] = (struct receive){data, bytes, from, tag};
}

static void send(struct bp_exchange *exchange, const void *data, size_t bytes, size_t to, int tag)
{
    struct thread_exchange *own = (struct thread_exchange *)exchange;
    require(own->used++ < own->room, "room for a send");
    put(find_own(exchange->ranks), data, bytes, to, tag);
}

static void go_on(struct bp_exchange *exchange)
{
    (void)exchange;
}

static void finish(struct bp_exchange *exchange)
{
    struct thread_exchange *own = (struct thread_exchange *)exchange;
    for (size_t k = 0; k < own->count; k++) {
        const struct receive *r = &own->receive[k];
        take(find_own(exchange->ranks), r->data, r->bytes, r->from, r->tag);
    }
    own->count = own->used = 0;
}

static struct group *make_group(size_t count)
{
    struct group *group = calloc(1, sizeof *group);
    require(group != NULL, "a group of ranks");
    group->count = group->open = count;
    group->queue = calloc(count * count, sizeof *group->queue);
    require(group->queue != NULL, "queues of a group");
    pthread_mutex_init(&group->mutex, NULL);
    pthread_cond_init(&group->sent, NULL);
    return group;
}

/* The last one frees what they share. */
static void leave_group(struct group *group)
{
    pthread_mutex_lock(&group->mutex);
    const bool last = --group->open == 0;
    pthread_mutex_unlock(&group->mutex);
    if (!last)
        return;
    for (size_t k = 0; k < group->count * group->count; k++)
        require(group->queue[k] == NULL, "that nothing is sent which nobody receives");
    pthread_cond_destroy(&group->sent);
    pthread_mutex_destroy(&group->mutex);
    free(group->queue);
    free(group);
}

static void make_rank(struct thread_ranks *own, struct group *group, size_t rank);

/* Rank 0 makes it for all. */
static void first(struct bp_ranks **out, struct bp_ranks *ranks, size_t count)
{
    struct group *group = ranks->rank == 0 ? make_group(count) : NULL;
    run_broadcast(ranks, &group, sizeof group, 0);
    if (ranks->rank >= count)
        return;
    struct thread_ranks *own = calloc(1, sizeof *own);
    require(own != NULL, "a rank of a group");
    make_rank(own, group, ranks->rank);
    *out = &own->ranks;
}

static const char *name_host(const struct bp_ranks *ranks, size_t rank)
{
    (void)ranks;
    (void)rank;
    return "here";
}

static void close_group(struct bp_ranks *ranks)
{
    leave_group(find_own(ranks)->group);
    free(find_own(ranks));
}

static void end(struct bp_ranks *ranks, int code)
{
    (void)ranks;
    exit(code);
}

static const struct bp_ranks_ops ops = {
    .close = close_group,
    .first = first,
    .abort = end,
    .barrier = wait_for_all,
    .broadcast = run_broadcast,
    .gather = gather,
    .exchange_create = create_exchange,
    .exchange_free = free_exchange,
    .receive = receive,
    .send = send,
    .progress = go_on,
    .finish = finish,
};

static void make_rank(struct thread_ranks *own, struct group *group, size_t rank)
{
    own->ranks = (struct bp_ranks){.ops = &ops,
                                   .count = group->count,
                                   .rank = rank,
                                   .host = name_host,
                                   .sharing = group->count};
    own->ranks.statuses = calloc(group->count, sizeof *own->ranks.statuses);
    require(own->ranks.statuses != NULL, "statuses of ranks");
    own->group = group;
    require(create_exchange(&own->ranks.single, &own->ranks, 1, NULL) == BP_OK, "an exchange");
}

static void *run_rank(void *arg)
{
    struct thread_ranks *own = arg;
    own->fn(&own->ranks, own->arg);
    return NULL;
}

void thread_ranks_run(size_t count, void (*fn)(struct bp_ranks *ranks, void *arg), void *arg)
{
    struct group *group = make_group(count);
    struct thread_ranks **rank = calloc(count, sizeof *rank);
    pthread_t *thread = calloc(count, sizeof *thread);
    require(rank && thread, "ranks of a group");
    for (size_t r = 0; r < count; r++) {
        rank[r] = calloc(1, sizeof *rank[r]);
        require(rank[r] != NULL, "a rank of a group");
        make_rank(rank[r], group, r);
        rank[r]->fn = fn;
        rank[r]->arg = arg;
    }
    for (size_t r = 0; r < count; r++)
        require(pthread_create(&thread[r], NULL, run_rank, rank[r]) == 0, "a rank");
    for (size_t r = 0; r < count; r++)
        require(pthread_join(thread[r], NULL) == 0, "the end of a rank");
    for (size_t r = 0; r < count; r++)
        bp_ranks_close(&rank[r]->ranks);
    free(rank);
    free(thread);
}
