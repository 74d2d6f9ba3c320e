/*
 * Signals that end a process: SIGINT, SIGTERM, SIGHUP and SIGPIPE, those of them that are not
 * ignored when it begins, as SIGHUP is under nohup. What one does depends on when it comes:
 *     while it is watched for     it is noted, and the work ends as it does by itself
 *     while it is held back       it is noted, and ends the process when nothing holds it back
 *     else, and the second one    it removes the temporary files that are guarded and ends the
 *                                 process, by the same signal
 */
#ifndef BP_CLI_TERMINAL_STOP_SIGNAL_H
#define BP_CLI_TERMINAL_STOP_SIGNAL_H

#include <stddef.h>

/* Called first in main(). A file that grows over the limit of its size is from here on a write that
 * fails. */
void stop_signal_begin(void);

/* From here on the first signal is only noted. */
void stop_signal_watch(void);

/* From here on a signal ends the process. */
void stop_signal_release(void);

/* The signal that came while it was watched for, or 0. */
int stop_signal_get(void);

/* "SIGINT", ... */
const char *stop_signal_name(int number);

/* From here on the first signal waits for stop_signal_resume(): it may not come between a file and
 * what is noted of it. A second one ends the process, and what is guarded stays. */
void stop_signal_hold(void);

/* What a signal that ends the process does first; for handlers. */
void stop_signal_clean(void);

/* Ends the process if a signal has come. */
void stop_signal_resume(void);

/* Guards a temporary file, whose path is copied: between stop_signal_hold() and
 * stop_signal_resume(). Returns where it is guarded, for stop_signal_forget(). */
#define STOP_SIGNAL_UNGUARDED 4
size_t stop_signal_guard(const char *path);

/* The file is no longer there under that name; as stop_signal_guard(). Nothing for
 * STOP_SIGNAL_UNGUARDED. */
void stop_signal_forget(size_t place);

#endif
