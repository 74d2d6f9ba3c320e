/* Ranks may be more than processors: then whoever is waited for needs the processor. */
#include "ranks/patience.h"

#include <sched.h>
#include <time.h>

/* A poll takes about 100 ns: so long messages of small networks take. */
#define BUSY_POLLS 200
/* A turn takes a microsecond if nobody else wants one: sleep after about two milliseconds. */
#define TURNS          2000
#define SLEEP_OF_NANOS 50000

void bp_patience_pause(struct bp_patience *patience)
{
    if (patience->polls < BUSY_POLLS + TURNS)
        patience->polls++;
    if (patience->polls < BUSY_POLLS)
        return;
    if (patience->polls < BUSY_POLLS + TURNS)
        sched_yield();
    else
        nanosleep(&(struct timespec){.tv_nsec = SLEEP_OF_NANOS}, NULL);
}
