/* Integers of 64 bits in text, exactly. */
#ifndef BP_DATA_TEXT_INTEGER_H
#define BP_DATA_TEXT_INTEGER_H

#include <stddef.h>
#include <stdint.h>

/* Why a number is no integer that can be told from all others. */
enum bp_inexact {
    BP_EXACT,            /* it is one */
    BP_INEXACT_FRACTION, /* it has a fraction */
    BP_INEXACT_SIZE,     /* it is beyond 64 bits */
    BP_INEXACT_MANY      /* there are more different ones than classes may be */
};

/* The integer that a number is, however it is written (17, +17.0, 1.7e1); bp_number_read_with() has
 * read it with this point. MANY is not returned. *value is written for EXACT only. */
enum bp_inexact bp_integer_read(const char *text, size_t length, char point, int64_t *value);

/* The same of a finite number in binary64. */
enum bp_inexact bp_integer_of_double(double number, int64_t *value);

#endif
