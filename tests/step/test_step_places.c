/* Where the memory of a step lies, on a machine whose processors are not equally near to all of it:
 * near the thread that first writes to a page. Each worker's own is asked for, and zeroed, on its
 * thread; what all read is written in the update by the threads that share it. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "kernels/list.h"
#include "step/step_inside.h"
#include "support/problem.h"
#include "team/processors.h"

enum { BLOCKS = 4096 };

/* Who asked for a block. */
static struct {
    const void *memory;
    pthread_t thread;
} blocks[BLOCKS];
static atomic_size_t count;

void *__real_bp_aligned_alloc(size_t items, size_t size);
void *__wrap_bp_aligned_alloc(size_t items, size_t size);

void *__wrap_bp_aligned_alloc(size_t items, size_t size)
{
    void *memory = __real_bp_aligned_alloc(items, size);
    const size_t k = count++;
    if (k < BLOCKS) {
        blocks[k].memory = memory;
        blocks[k].thread = pthread_self();
    }
    return memory;
}

/* The thread that asked last for the block at that address. */
static pthread_t owner_of(const void *memory)
{
    for (size_t k = count; k-- > 0;) {
        if (blocks[k].memory == memory)
            return blocks[k].thread;
    }
    cr_assert_fail("nobody asked for a block");
    return pthread_self();
}

static void note_thread(void *arg, size_t t, size_t threads)
{
    (void)threads;
    ((pthread_t *)arg)[t] = pthread_self();
}

Test(step_places, partial_sums_and_workspaces_are_made_by_their_own_thread)
{
    enum { THREADS = 2 };
    static const struct problem problem = {.layers = 2, .widths = {9, 20, 3}, .count = 256};
    if (bp_affine_processors() < THREADS)
        cr_skip_test("one processor runs all workers on one thread");
    struct bp_samples *samples = problem_samples(&problem);
    struct bp_network *network = problem_network(&problem);
    struct bp_step_options options = {.kernels = bp_kernels_select(BP_ISA_AUTO), .batch_size = 256};
    struct bp_step *step;
    pthread_t thread[THREADS];
    cr_assert_eq(bp_team_create(&options.team, BP_BACKEND_PTHREADS, THREADS, NULL), BP_OK);
    bp_team_run_pinned(options.team, note_thread, thread);
    cr_assert(!pthread_equal(thread[0], thread[1]));

    cr_assert_eq(bp_step_create(&step, network, samples, &options, NULL), BP_OK);

    cr_assert_lt(count, BLOCKS);
    for (size_t t = 0; t < THREADS; t++) {
        const struct bp_worker *worker = step->worker[t];
        cr_assert(pthread_equal(owner_of(worker), thread[t]));
        cr_assert(pthread_equal(owner_of(worker->activations.memory), thread[t]));
        cr_assert(pthread_equal(owner_of(worker->scratch), thread[t]));
        cr_assert_gt(worker->buffers, 0);
        for (size_t k = 0; k < worker->buffers; k++)
            cr_assert(pthread_equal(owner_of(worker->gradient[k]), thread[t]));
    }
    bp_step_free(step);
    bp_team_free(options.team);
    bp_network_free(network);
    problem_samples_free(samples);
}
