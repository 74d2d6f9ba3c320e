/* Three phases: spinning, for threads that are about to finish; yielding the processor, for a
 * machine with more runnable threads than processors; sleep. */
#ifdef __linux__
#define _GNU_SOURCE /* syscall */
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "team/waiting.h"

#include <sched.h>

#include "base/clock.h"

/* Spinning alone: many times what a cache line takes between two cores (0.1 microseconds), yet
 * short if the thread waited for needs this processor. A yield costs 0.6 microseconds where no
 * other thread wants the processor. With another process at work on one of two processors, steps of
 * 20 microseconds on two threads ran at 0.95 of the speed of one thread with these two times, and
 * at 0.7 with 20 to 100 microseconds of spinning alone. */
#define SPIN_SECONDS 5e-6
/* Spinning and yielding: the time between two runs of small steps, and about the cost of a sleep
 * and a wake under a hypervisor. */
#define AWAKE_SECONDS 100e-6

/* A pause takes 10 cycles on some processors and 140 on others, reading the clock about 60. */
#define PAUSES 16

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#if BP_HAS_FUTEX

void bp_waiter_make(struct bp_waiter *waiter)
{
    atomic_init(&waiter->asleep, 0);
}

void bp_waiter_release(struct bp_waiter *waiter)
{
    (void)waiter;
}

/* Until woken, or at once if asleep is not 1: the kernel compares under the lock that a wake takes.
 * May return early. */
static void sleep_once(struct bp_waiter *waiter)
{
    syscall(SYS_futex, &waiter->asleep, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
}

static void end_sleep(struct bp_waiter *waiter)
{
    syscall(SYS_futex, &waiter->asleep, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

#else

void bp_waiter_make(struct bp_waiter *waiter)
{
    atomic_init(&waiter->asleep, 0);
    pthread_mutex_init(&waiter->mutex, NULL);
    pthread_cond_init(&waiter->woken, NULL);
}

void bp_waiter_release(struct bp_waiter *waiter)
{
    pthread_cond_destroy(&waiter->woken);
    pthread_mutex_destroy(&waiter->mutex);
}

static void sleep_once(struct bp_waiter *waiter)
{
    pthread_mutex_lock(&waiter->mutex);
    if (bp_waiter_sleeps(waiter))
        pthread_cond_wait(&waiter->woken, &waiter->mutex);
    pthread_mutex_unlock(&waiter->mutex);
}

/* Under the mutex: the signal cannot come between the check and the wait of sleep_once(). */
static void end_sleep(struct bp_waiter *waiter)
{
    pthread_mutex_lock(&waiter->mutex);
    pthread_cond_signal(&waiter->woken);
    pthread_mutex_unlock(&waiter->mutex);
}

#endif

/* Acquire: what the other side wrote before it changed the word is then visible too. */
static bool changed(const atomic_size_t *word, size_t value, size_t *now)
{
    *now = atomic_load_explicit(word, memory_order_acquire);
    return *now != value;
}

/* Whether the word changed before the time was over. */
static bool stay_awake(const atomic_size_t *word, size_t value, size_t *now)
{
    for (size_t k = 0; k < PAUSES; k++) {
        if (changed(word, value, now))
            return true;
        relax();
    }
    const double start = bp_clock_seconds();
    for (double waited = 0.0; waited < AWAKE_SECONDS; waited = bp_clock_seconds() - start) {
        if (waited >= SPIN_SECONDS)
            sched_yield();
        for (size_t k = 0; k < PAUSES; k++) {
            if (changed(word, value, now))
                return true;
            relax();
        }
    }
    return false;
}

/* Here `asleep` is set before the last load of the word; the other side stores the word before it
 * loads `asleep`. All four are sequentially consistent, so at least one side sees the store of the
 * other, and no wake is lost. */
size_t bp_wait_while(struct bp_waiter *waiter, const atomic_size_t *word, size_t value)
{
    size_t now;
    if (stay_awake(word, value, &now))
        return now;
    for (;;) {
        atomic_store_explicit(&waiter->asleep, 1, memory_order_seq_cst);
        now = atomic_load_explicit(word, memory_order_seq_cst);
        if (now != value)
            break;
        sleep_once(waiter);
    }
    atomic_store_explicit(&waiter->asleep, 0, memory_order_relaxed);
    return now;
}

bool bp_waiter_sleeps(const struct bp_waiter *waiter)
{
    return atomic_load_explicit(&waiter->asleep, memory_order_seq_cst) == 1;
}

/* Relaxed: the word carries the message. Only one of several wakers pays for the call. */
void bp_waiter_wake(struct bp_waiter *waiter)
{
    if (bp_waiter_sleeps(waiter) &&
        atomic_exchange_explicit(&waiter->asleep, 0, memory_order_relaxed) == 1)
        end_sleep(waiter);
}
