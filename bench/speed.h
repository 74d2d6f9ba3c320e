/* What the programs here that measure the library share: they end at the first failure. */
#ifndef SPEED_H
#define SPEED_H

#include <batchprop/batchprop.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Each program says its name: the one word in front of its messages. */
extern const char *const program;

static inline _Noreturn void stop(const char *what)
{
    fprintf(stderr, "%s: %s\n", program, what);
    exit(1);
}

static inline void check(bp_status status, const bp_error *error)
{
    if (status != BP_OK)
        stop(error->message);
}

/* Zeroed; the caller frees it. */
static inline void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory)
        stop("no memory");
    return memory;
}

static inline double get_seconds(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

#endif
