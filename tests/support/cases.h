/* Long loops over cases that are alike, of which a slow program runs some. */
#ifndef BP_TESTS_CASES_H
#define BP_TESTS_CASES_H

#include <stdbool.h>

/* Whether the next case is left out. One of 11 in a row is run, the first, under an emulator
 * and in builds with FEW_CASES (tests/meson.build), which take many times as long; elsewhere all
 * are. No loop goes round a multiple of 11 times, so that it is another place each time. For one
 * thread. */
bool case_is_left_out(void);

#endif
