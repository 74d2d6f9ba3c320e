/* The one global variable of the command: a handler has no other way to say what happened. */
#include "stop_signal.h"

#include <signal.h>
#include <stddef.h>

static const int watched[] = {SIGINT, SIGTERM};

static volatile sig_atomic_t met;

static void note(int number)
{
    met = number;
}

static void set_handlers(void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++) {
        struct sigaction old;
        /* A shell starts background jobs with SIGINT ignored: leave it so. */
        if (sigaction(watched[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(watched[i], &action, NULL);
    }
}

void stop_signal_watch(void)
{
    met = 0;
    set_handlers(note, (int)SA_RESETHAND | SA_RESTART);
}

void stop_signal_release(void)
{
    set_handlers(SIG_DFL, 0);
}

int stop_signal_get(void)
{
    return met;
}

const char *stop_signal_name(int number)
{
    return number == SIGINT ? "SIGINT" : "SIGTERM";
}
