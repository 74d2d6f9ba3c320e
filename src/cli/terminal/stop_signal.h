/* SIGINT and SIGTERM as a request to stop after the current batch. */
#ifndef BP_CLI_TERMINAL_STOP_SIGNAL_H
#define BP_CLI_TERMINAL_STOP_SIGNAL_H

/* From here on the first of the two signals is only noted; the second one ends the process. */
void stop_signal_watch(void);

/* Back to the default: a signal ends the process. */
void stop_signal_release(void);

/* The signal that came while it was watched for, or 0. */
int stop_signal_get(void);

/* "SIGINT" or "SIGTERM". */
const char *stop_signal_name(int number);

#endif
