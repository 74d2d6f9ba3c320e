/* Lets the compiler check arguments against a format, as it does for printf(). */
#ifndef BP_CLI_TERMINAL_FORMAT_LIKE_H
#define BP_CLI_TERMINAL_FORMAT_LIKE_H

#if defined(__GNUC__)
#define FORMAT_LIKE_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define FORMAT_LIKE_PRINTF(text, first)
#endif

#endif
