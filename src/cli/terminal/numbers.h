/* Numbers as people read them: grouped digits, durations. */
#ifndef BP_CLI_TERMINAL_NUMBERS_H
#define BP_CLI_TERMINAL_NUMBERS_H

#define NUMBER_TEXT_SIZE 48

/* 1234567.8 as "1,234,568"; `text` holds NUMBER_TEXT_SIZE bytes. Returns `text`. */
char *number_group(double value, char *text);

/* Seconds as "0.042 s", "4.2 s", "3:07" (minutes) or "2:03:07" (hours). Returns `text`. */
char *number_duration(double seconds, char *text);

#endif
