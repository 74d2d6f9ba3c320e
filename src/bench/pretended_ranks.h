/*
 * Rank 0 of a group whose others are not there: what it sends goes nowhere, what it receives is 0.
 * So a step runs as it would among them, without their transfers, and tells which there are and
 * what is computed between them.
 */
#ifndef BP_BENCH_PRETENDED_RANKS_H
#define BP_BENCH_PRETENDED_RANKS_H

#include "ranks/ranks.h"

enum bp_rank_event_kind { BP_RANK_RECEIVE, BP_RANK_SEND, BP_RANK_FINISH, BP_RANK_END };

struct bp_rank_event {
    enum bp_rank_event_kind kind;
    const struct bp_exchange *exchange;
    int tag;
    double bytes;
    double gap; /* seconds of computing before it */
};

struct bp_pretended_ranks {
    struct bp_ranks ranks;
    struct bp_rank_event *event; /* of the step since bp_pretended_begin() */
    size_t events, room;
    double resumed; /* when the last event ended */
    bool failed;    /* memory was short */
};

/* Errors: MEMORY. Free by bp_ranks_close(&pretended->ranks). */
bp_status bp_pretended_create(struct bp_pretended_ranks **out, size_t count, bp_error *error);

/* Of one step. */
void bp_pretended_begin(struct bp_pretended_ranks *pretended);
void bp_pretended_end(struct bp_pretended_ranks *pretended);

#endif
