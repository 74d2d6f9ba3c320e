/*
 * Handlers have no other way to say what happened: so this file has state. All that they read is
 * atomic without locks, or written while signals are held back, and all that they call may be
 * called in a handler.
 */
#include "cli/terminal/stop_signal.h"

#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "signal handlers need atomics without locks");

static const struct {
    int number;
    const char *name;
} watched[] = {{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}, {SIGHUP, "SIGHUP"}, {SIGPIPE, "SIGPIPE"}};

#define WATCHED_COUNT (sizeof watched / sizeof watched[0])

/* More than are open at a time. What has no place here is removed by the next run. */
#define GUARDS_MAX STOP_SIGNAL_UNGUARDED

static struct {
    atomic_int used;
    char path[PATH_MAX];
} guards[GUARDS_MAX];

static atomic_int watching;
static atomic_int met;     /* while watching, or 0 */
static atomic_int held;    /* how often */
static atomic_int waiting; /* the signal that came while it was held back, or 0 */

void stop_signal_clean(void)
{
    for (size_t i = 0; atomic_load(&held) == 0 && i < GUARDS_MAX; i++) {
        if (atomic_load(&guards[i].used))
            unlink(guards[i].path);
    }
}

/* The signal itself is what the parent sees. It is blocked until the handler returns. */
static void end(int number)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    stop_signal_clean();
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
    raise(number);
}

static void handle(int number)
{
    int none = 0;
    if (atomic_load(&held) > 0) {
        if (!atomic_compare_exchange_strong(&waiting, &none, number))
            end(number);
    } else if (!atomic_load(&watching) || !atomic_compare_exchange_strong(&met, &none, number))
        end(number);
}

void stop_signal_begin(void)
{
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
    const struct sigaction ignored = {.sa_handler = SIG_IGN};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < WATCHED_COUNT; i++)
        sigaddset(&action.sa_mask, watched[i].number);
    for (size_t i = 0; i < WATCHED_COUNT; i++) {
        struct sigaction old;
        if (sigaction(watched[i].number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(watched[i].number, &action, NULL);
    }
    sigaction(SIGXFSZ, &ignored, NULL);
}

void stop_signal_watch(void)
{
    atomic_store(&met, 0);
    atomic_store(&watching, 1);
}

void stop_signal_release(void)
{
    atomic_store(&watching, 0);
}

int stop_signal_get(void)
{
    return atomic_load(&met);
}

const char *stop_signal_name(int number)
{
    for (size_t i = 0; i < WATCHED_COUNT; i++) {
        if (watched[i].number == number)
            return watched[i].name;
    }
    return "a signal";
}

void stop_signal_hold(void)
{
    atomic_fetch_add(&held, 1);
}

void stop_signal_resume(void)
{
    if (atomic_fetch_sub(&held, 1) > 1)
        return;
    const int number = atomic_exchange(&waiting, 0);
    if (number != 0)
        raise(number);
}

size_t stop_signal_guard(const char *path)
{
    const size_t length = strlen(path);
    size_t place = 0;
    while (place < GUARDS_MAX && atomic_load(&guards[place].used))
        place++;
    if (place == GUARDS_MAX || length >= PATH_MAX)
        return GUARDS_MAX;
    memcpy(guards[place].path, path, length + 1);
    atomic_store(&guards[place].used, 1);
    return place;
}

void stop_signal_forget(size_t place)
{
    if (place < GUARDS_MAX)
        atomic_store(&guards[place].used, 0);
}
