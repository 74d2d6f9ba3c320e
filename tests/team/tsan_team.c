/* Teams with fewer and more threads than the machine has processors. Workers write plain memory
 * that the caller and other workers read after the run; the exit status says whether everything was
 * seen, and built with -Db_sanitize=thread the program shows data races too. No test framework,
 * since Criterion aborts under ThreadSanitizer. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/random.h"
#include "team/backends.h"

#define MOST 16

static const struct {
    size_t workers, threads, runs;
} cases[] = {{2, 2, 3000}, {3, 2, 3000}, {8, 2, 2000}, {8, 8, 500}, {MOST, 5, 500}};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Each worker adds what all left in the run before to what it left itself. */
struct board {
    size_t run;
    bool delays;
    size_t left[2][MOST]; /* in even and odd runs */
};

static void add_all(void *arg, size_t t, size_t workers)
{
    struct board *board = arg;
    const size_t *before = board->left[board->run % 2];
    size_t sum = t;
    for (size_t k = 0; k < workers; k++)
        sum += before[k];
    board->left[(board->run + 1) % 2][t] = sum;
    if (board->delays && bp_random_bits(1, t, board->run) % 64 == 0)
        nanosleep(&(struct timespec){.tv_nsec = 150000}, NULL);
}

static size_t check(size_t workers, size_t threads, size_t runs)
{
    struct bp_workers *team;
    struct board parallel = {.delays = true}, alone = {.delays = false};
    if (bp_workers_create(&team, workers, threads, NULL, NULL))
        return runs;
    size_t wrong = 0;
    for (size_t run = 0; run < runs; run++) {
        parallel.run = alone.run = run;
        bp_workers_run(team, add_all, &parallel, run % 10 == 0);
        for (size_t t = 0; t < workers; t++)
            add_all(&alone, t, workers);
        for (size_t t = 0; t < workers; t++)
            wrong += parallel.left[(run + 1) % 2][t] != alone.left[(run + 1) % 2][t];
    }
    bp_workers_free(team);
    return wrong;
}

int main(void)
{
    size_t wrong = 0;
    for (size_t k = 0; k < COUNT(cases); k++)
        wrong += check(cases[k].workers, cases[k].threads, cases[k].runs);
    printf("%zu workers left something else than alone\n", wrong);
    return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
