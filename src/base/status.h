/* How a function of the library reports a failure. */
#ifndef BP_BASE_STATUS_H
#define BP_BASE_STATUS_H

#include "batchprop/batchprop.h"

#if defined(__GNUC__)
#define BP_PRINTF(format_at, first_at) __attribute__((__format__(__printf__, format_at, first_at)))
#else
#define BP_PRINTF(format_at, first_at)
#endif

/* Fills `error` (may be NULL) with `status` and a formatted sentence; returns `status`. A message
 * that does not fit is cut at a character boundary of UTF-8; control characters become '?'. The
 * arguments may include error->message. */
bp_status bp_fail(bp_error *error, bp_status status, const char *format, ...) BP_PRINTF(3, 4);

/* bp_fail() with BP_ERROR_MEMORY and the usual words; `what` could not be held. */
bp_status bp_fail_memory(bp_error *error, const char *what);

/* bp_fail() where the system has refused what the sentence says, for `reason`, a value of errno:
 * with BP_ERROR_IO and the reason after the sentence, or with BP_ERROR_MEMORY if it is ENOMEM. */
bp_status bp_fail_system(bp_error *error, int reason, const char *format, ...) BP_PRINTF(3, 4);

/* bp_fail() with BP_ERROR_ARGUMENT: the pointer called `name` may not be NULL. */
bp_status bp_fail_null(bp_error *error, const char *name);

/* For functions of the public header: returns with bp_fail_null() if `argument` is NULL. */
#define BP_REQUIRE(argument, error)                                                                \
    do {                                                                                           \
        if (!(argument))                                                                           \
            return bp_fail_null((error), #argument);                                               \
    } while (0)

#endif
