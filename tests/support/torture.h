/* A data file in every damaged form. Run under AddressSanitizer and UndefinedBehaviorSanitizer to
 * mean something. */
#ifndef BP_TESTS_TORTURE_H
#define BP_TESTS_TORTURE_H

#include <stdbool.h>
#include <stddef.h>

/* Reads a good file called `name` cut off at every length, then with every bit flipped and every
 * byte replaced by some others. Each reading gives an error with a message, or a dataset whose
 * cells can all be read; where `cuts_fail`, a file that is cut off gives an error. */
void torture_file(const char *name, const void *data, size_t size, bool cuts_fail);

#endif
