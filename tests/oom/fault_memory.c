/*
 * Loaded before a program (LD_PRELOAD): counts its requests for memory, also those of the C library
 * and of all others that it uses, and lets some fail with ENOMEM.
 *   FAULT_AT=N       the request that fails, from 1
 *   FAULT_MODE=after all later ones fail as well; once, the default: it alone
 *   FAULT_COUNT=FILE at the end: the number of requests, and how many of them failed
 *   FAULT_TRACE=FILE a line for each request: a number for the place in the program that asks
 *   FAULT_SHOW=FILE  the calls that led to the first one that fails
 *   FAULT_CLOCK=1    the clocks go on by a millisecond whenever they are read, so that two runs
 *                    write the same times
 * Programs that it starts are left alone.
 */
#define _GNU_SOURCE /* RTLD_NEXT, dladdr */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEPTH 24    /* calls that tell places apart */
#define ARENA 65536 /* for what dlsym() asks for before the functions are known */

/* The functions that do the work: those of the C library, or of a sanitizer. */
static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void (*real_free)(void *);
static void *(*real_aligned_alloc)(size_t, size_t);
static void *(*real_memalign)(size_t, size_t);
static int (*real_posix_memalign)(void **, size_t, size_t);

static _Alignas(16) unsigned char arena[ARENA];
static size_t arena_used;
static bool resolving;

static atomic_size_t requests, failures;
static size_t fails_at; /* 0: none */
static bool fails_after;
static const char *count_path;
static int trace_file = -1, show_file = -1;
static bool has_own_clock;
static atomic_llong milliseconds;
static int (*real_clock_gettime)(clockid_t, struct timespec *);
static _Thread_local bool inside __attribute__((tls_model("initial-exec")));

void *memalign(size_t alignment, size_t size);

static void *find(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static void resolve(void)
{
    if (real_malloc || resolving)
        return;
    resolving = true;
    *(void **)&real_calloc = find("calloc");
    *(void **)&real_realloc = find("realloc");
    *(void **)&real_free = find("free");
    *(void **)&real_aligned_alloc = find("aligned_alloc");
    *(void **)&real_memalign = find("memalign");
    *(void **)&real_posix_memalign = find("posix_memalign");
    *(void **)&real_clock_gettime = find("clock_gettime");
    *(void **)&real_malloc = find("malloc");
    resolving = false;
}

static void *take_from_arena(size_t size)
{
    void *memory = arena + arena_used;
    arena_used += (size + 15) / 16 * 16;
    return arena_used <= ARENA ? memory : NULL;
}

static bool in_arena(const void *memory)
{
    const unsigned char *byte = memory;
    return byte >= arena && byte < arena + ARENA;
}

static int open_output(const char *variable)
{
    const char *path = getenv(variable);
    return path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
}

__attribute__((constructor)) static void begin(void)
{
    resolve();
    const char *at = getenv("FAULT_AT"), *mode = getenv("FAULT_MODE");
    fails_after = mode && strcmp(mode, "after") == 0;
    count_path = getenv("FAULT_COUNT");
    trace_file = open_output("FAULT_TRACE");
    show_file = open_output("FAULT_SHOW");
    has_own_clock = getenv("FAULT_CLOCK") != NULL;
    fails_at = at ? strtoull(at, NULL, 10) : 0;
    unsetenv("LD_PRELOAD");
}

__attribute__((destructor)) static void end(void)
{
    if (!count_path)
        return;
    int file = open(count_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0)
        return;
    dprintf(file, "%zu %zu\n", requests, failures);
    close(file);
}

/* FNV-1a over the calls, each as its file and the distance from where that is loaded. */
static uint64_t hash_calls(void *const *calls, int count)
{
    uint64_t hash = 14695981039346656037u;
    for (int k = 0; k < count; k++) {
        Dl_info info;
        uintptr_t place = (uintptr_t)calls[k];
        if (dladdr(calls[k], &info)) {
            place -= (uintptr_t)info.dli_fbase;
            for (const char *c = info.dli_fname; *c; c++)
                hash = (hash ^ (unsigned char)*c) * 1099511628211u;
        }
        hash = (hash ^ place) * 1099511628211u;
    }
    return hash;
}

/* Whether the request may be met; if not, errno says why. */
static bool may_go_on(void)
{
    if (inside)
        return true;
    const size_t number = ++requests;
    const bool fails = fails_at > 0 && (fails_after ? number >= fails_at : number == fails_at);
    if (trace_file >= 0 || (fails && show_file >= 0)) {
        inside = true;
        void *calls[DEPTH];
        const int count = backtrace(calls, DEPTH);
        if (trace_file >= 0)
            dprintf(trace_file, "%016" PRIx64 "\n", hash_calls(calls, count));
        if (fails && failures == 0 && show_file >= 0)
            backtrace_symbols_fd(calls, count, show_file);
        inside = false;
    }
    if (fails) {
        failures++;
        errno = ENOMEM;
    }
    return !fails;
}

void *malloc(size_t size)
{
    resolve();
    if (!real_malloc)
        return take_from_arena(size);
    return may_go_on() ? real_malloc(size) : NULL;
}

void *calloc(size_t count, size_t size)
{
    resolve();
    if (!real_malloc)
        return take_from_arena(count * size);
    return may_go_on() ? real_calloc(count, size) : NULL;
}

void *realloc(void *memory, size_t size)
{
    resolve();
    if (in_arena(memory)) {
        void *copy = malloc(size);
        if (copy)
            memcpy(copy, memory, size);
        return copy;
    }
    return may_go_on() ? real_realloc(memory, size) : NULL;
}

void free(void *memory)
{
    resolve();
    if (!in_arena(memory) && real_free)
        real_free(memory);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    resolve();
    return may_go_on() ? real_aligned_alloc(alignment, size) : NULL;
}

void *memalign(size_t alignment, size_t size)
{
    resolve();
    return may_go_on() ? real_memalign(alignment, size) : NULL;
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    resolve();
    return may_go_on() ? real_posix_memalign(out, alignment, size) : ENOMEM;
}

#define SOME_DAY 1700000000 /* seconds since 1970 */

int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (!has_own_clock)
        return real_clock_gettime(clock, now);
    const long long passed = ++milliseconds;
    now->tv_sec = (time_t)(SOME_DAY + passed / 1000);
    now->tv_nsec = (long)(passed % 1000) * 1000000;
    return 0;
}

time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}
