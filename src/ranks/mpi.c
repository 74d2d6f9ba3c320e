/* Ranks over MPI: the only file that knows it. Compiled once for each MPI, as a module. */
#include "batchprop/mpi.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ranks/affinity.h"
#include "ranks/module.h"
#include "ranks/patience.h"
#include "ranks/ranks.h"

/* Where a rank runs. */
struct location {
    char host[MPI_MAX_PROCESSOR_NAME];
    unsigned char processors[BP_AFFINITY_BYTES];
};

struct mpi_ranks {
    struct bp_ranks ranks;
    MPI_Comm comm;
    bool begun;                /* MPI, by bp_ranks_open() */
    struct location *location; /* of each rank */
};

struct mpi_exchange {
    struct bp_exchange exchange;
    size_t room, count;
    MPI_Request *request;
};

static struct mpi_ranks *own(struct bp_ranks *ranks)
{
    return (struct mpi_ranks *)ranks;
}

static void end(struct bp_ranks *ranks, int code)
{
    MPI_Abort(own(ranks)->comm, code);
    abort();
}

/* MPI waits by polling without end: here other processes of the machine get their turn. */
static void wait_for(MPI_Request *request, size_t count)
{
    struct bp_patience patience = {0};
    int done = 0;
    while (!done) {
        /* An error ends the job: see make_group(). */
        MPI_Testall((int)count, request, &done, MPI_STATUSES_IGNORE);
        if (!done)
            bp_patience_pause(&patience);
    }
}

/* Numbers of elements are ints. */
static int count_elements(struct bp_ranks *ranks, size_t bytes, MPI_Datatype *type)
{
    const bool large = bytes > INT_MAX && bytes % sizeof(float) == 0;
    const size_t count = large ? bytes / sizeof(float) : bytes;
    *type = large ? MPI_FLOAT : MPI_BYTE;
    if (count <= INT_MAX)
        return (int)count;
    fprintf(stderr, "batchprop: %zu bytes are too many for a message between ranks\n", bytes);
    end(ranks, 6);
    return 0;
}

static void barrier(struct bp_ranks *ranks)
{
    MPI_Request request;
    MPI_Ibarrier(own(ranks)->comm, &request);
    wait_for(&request, 1);
}

/* Of a broadcast, whose length is an int. */
#define PIECE ((size_t)1 << 30)

static void broadcast(struct bp_ranks *ranks, void *data, size_t bytes, size_t root)
{
    unsigned char *next = data;
    for (size_t piece; bytes > 0; next += piece, bytes -= piece) {
        MPI_Request request;
        piece = bytes < PIECE ? bytes : PIECE;
        MPI_Ibcast(next, (int)piece, MPI_BYTE, (int)root, own(ranks)->comm, &request);
        wait_for(&request, 1);
    }
}

static void gather(struct bp_ranks *ranks, const void *data, void *all, size_t bytes)
{
    MPI_Datatype type;
    const int count = count_elements(ranks, bytes, &type);
    MPI_Request request;
    MPI_Iallgather(data, count, type, all, count, type, own(ranks)->comm, &request);
    wait_for(&request, 1);
}

static void exchange_free(struct bp_exchange *exchange)
{
    free(((struct mpi_exchange *)exchange)->request);
    free(exchange);
}

static bp_status exchange_create(struct bp_exchange **out, struct bp_ranks *ranks, size_t transfers,
                                 bp_error *error)
{
    struct mpi_exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange)
        exchange->request = bp_array_alloc(transfers, sizeof *exchange->request);
    if (!exchange || !exchange->request) {
        free(exchange);
        return bp_fail_memory(error, "the transfers between ranks");
    }
    exchange->exchange.ranks = ranks;
    exchange->room = transfers;
    *out = &exchange->exchange;
    return BP_OK;
}

static MPI_Request *next_request(struct bp_exchange *exchange)
{
    struct mpi_exchange *mine = (struct mpi_exchange *)exchange;
    if (mine->count < mine->room)
        return &mine->request[mine->count++];
    fprintf(stderr, "batchprop: more transfers between ranks than expected\n");
    end(exchange->ranks, 1);
    return NULL;
}

static void receive(struct bp_exchange *exchange, void *data, size_t bytes, size_t from, int tag)
{
    MPI_Datatype type;
    const int count = count_elements(exchange->ranks, bytes, &type);
    MPI_Irecv(data, count, type, (int)from, tag, own(exchange->ranks)->comm,
              next_request(exchange));
}

static void send(struct bp_exchange *exchange, const void *data, size_t bytes, size_t to, int tag)
{
    MPI_Datatype type;
    const int count = count_elements(exchange->ranks, bytes, &type);
    MPI_Isend(data, count, type, (int)to, tag, own(exchange->ranks)->comm, next_request(exchange));
}

/* Transfers of MPI go on while somebody calls it. */
static void progress(struct bp_exchange *exchange)
{
    struct mpi_exchange *mine = (struct mpi_exchange *)exchange;
    int done;
    MPI_Testall((int)mine->count, mine->request, &done, MPI_STATUSES_IGNORE);
}

static void finish(struct bp_exchange *exchange)
{
    struct mpi_exchange *mine = (struct mpi_exchange *)exchange;
    wait_for(mine->request, mine->count);
    mine->count = 0;
}

static const char *name_host(const struct bp_ranks *ranks, size_t rank)
{
    return ((const struct mpi_ranks *)ranks)->location[rank].host;
}

static void free_group(struct mpi_ranks *mine)
{
    free(mine->location);
    free(mine);
}

static void close_group(struct bp_ranks *ranks)
{
    struct mpi_ranks *mine = own(ranks);
    MPI_Comm_free(&mine->comm);
    if (mine->begun)
        MPI_Finalize();
    free_group(mine);
}

static void first(struct bp_ranks **out, struct bp_ranks *ranks, size_t count);

static const struct bp_ranks_ops ops = {
    .close = close_group,
    .first = first,
    .abort = end,
    .barrier = barrier,
    .broadcast = broadcast,
    .gather = gather,
    .exchange_create = exchange_create,
    .exchange_free = exchange_free,
    .receive = receive,
    .send = send,
    .progress = progress,
    .finish = finish,
};

static void gather_locations(struct mpi_ranks *mine)
{
    struct location own = {.host = ""};
    int length;
    MPI_Get_processor_name(own.host, &length);
    bp_affinity_get(own.processors);
    gather(&mine->ranks, &own, mine->location, sizeof own);
    for (size_t r = 0; r < mine->ranks.count; r++)
        mine->ranks.sharing += memcmp(&mine->location[r], &own, sizeof own) == 0;
}

/* Takes `comm`. Collective over it. */
static bp_status make_group(struct bp_ranks **out, MPI_Comm comm, bp_error *error)
{
    int count, rank;
    /* Whatever the program has set: half a transfer must not be taken for a whole one. */
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_ARE_FATAL);
    MPI_Comm_size(comm, &count);
    MPI_Comm_rank(comm, &rank);
    struct mpi_ranks *mine = calloc(1, sizeof *mine);
    if (mine) {
        mine->location = calloc((size_t)count, sizeof *mine->location);
        mine->ranks.statuses = calloc((size_t)count, sizeof *mine->ranks.statuses);
    }
    bool made = mine && mine->location && mine->ranks.statuses &&
                exchange_create(&mine->ranks.single, &mine->ranks, 1, NULL) == BP_OK;
    MPI_Allreduce(MPI_IN_PLACE, &made, 1, MPI_C_BOOL, MPI_LAND, comm);
    if (!made) {
        if (mine && mine->ranks.single)
            exchange_free(mine->ranks.single);
        if (mine) {
            free(mine->ranks.statuses);
            free_group(mine);
        }
        return bp_fail_memory(error, "a group of ranks");
    }
    mine->comm = comm;
    mine->ranks.ops = &ops;
    mine->ranks.count = (size_t)count;
    mine->ranks.rank = (size_t)rank;
    mine->ranks.host = name_host;
    gather_locations(mine);
    *out = &mine->ranks;
    return BP_OK;
}

bp_status bp_ranks_from_mpi(bp_ranks **out, MPI_Comm comm, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    int begun = 0, ended = 0, level = MPI_THREAD_SINGLE;
    if (MPI_Initialized(&begun) != MPI_SUCCESS || !begun || MPI_Finalized(&ended) != MPI_SUCCESS ||
        ended)
        return bp_fail(error, BP_ERROR_RANKS, "MPI is not begun, or has ended");
    MPI_Query_thread(&level);
    if (level < MPI_THREAD_FUNNELED)
        return bp_fail(error, BP_ERROR_RANKS,
                       "MPI was begun for a program of a single thread: ask MPI_Init_thread() for "
                       "MPI_THREAD_FUNNELED");
    MPI_Comm own_comm;
    MPI_Comm_dup(comm, &own_comm);
    const bp_status status = make_group(out, own_comm, error);
    if (status)
        MPI_Comm_free(&own_comm);
    return status;
}

/* Those that are not among the first are left by the others. */
static void first(struct bp_ranks **out, struct bp_ranks *ranks, size_t count)
{
    MPI_Comm comm;
    bp_error error;
    const bool inside = ranks->rank < count;
    MPI_Comm_split(own(ranks)->comm, inside ? 0 : MPI_UNDEFINED, (int)ranks->rank, &comm);
    if (!inside || make_group(out, comm, &error) == BP_OK)
        return;
    fprintf(stderr, "batchprop: %s\n", error.message);
    end(ranks, 6);
}

static bp_status open_world(struct bp_ranks **out, bp_error *error)
{
    int begun = 0, level;
    MPI_Initialized(&begun);
    if (!begun)
        MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
    const bp_status status = bp_ranks_from_mpi(out, MPI_COMM_WORLD, error);
    if (!status)
        own(*out)->begun = !begun;
    else if (!begun)
        MPI_Finalize();
    return status;
}

const struct bp_ranks_module *bp_ranks_module(void)
{
    static const struct bp_ranks_module module = {
        .version = BP_RANKS_MODULE_VERSION, .library = BP_MPI_LIBRARY, .open = open_world};
    return &module;
}
