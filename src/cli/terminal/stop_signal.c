/* The one global variable of the command: a handler has no other way to say what happened. */
#include "cli/terminal/stop_signal.h"

#include <signal.h>
#include <stddef.h>

static const int watched[] = {SIGINT, SIGTERM};

static volatile sig_atomic_t met;

/* All that is called here may be called in a handler. Both signals wait while it runs. */
static void set_handlers(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++)
        sigaddset(&action.sa_mask, watched[i]);
    for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++) {
        struct sigaction old;
        /* A shell starts background jobs with SIGINT ignored: leave it so. */
        if (sigaction(watched[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(watched[i], &action, NULL);
    }
}

/* From now on either signal ends the process. */
static void note(int number)
{
    met = number;
    set_handlers(SIG_DFL);
}

void stop_signal_watch(void)
{
    met = 0;
    set_handlers(note);
}

void stop_signal_release(void)
{
    set_handlers(SIG_DFL);
}

int stop_signal_get(void)
{
    return met;
}

const char *stop_signal_name(int number)
{
    return number == SIGINT ? "SIGINT" : "SIGTERM";
}
