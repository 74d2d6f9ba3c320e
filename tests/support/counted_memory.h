/* Counts the calls by which the program, the library linked into it included, asks for memory, and
 * lets one fail. The linker leads malloc and its relatives here (--wrap); those inside shared
 * libraries, such as the runtime of OpenMP, are not seen. */
#ifndef BP_TESTS_COUNTED_MEMORY_H
#define BP_TESTS_COUNTED_MEMORY_H

#include <stddef.h>

/* Calls on any thread since the start of the program. */
size_t counted_allocations(void);

/* The most bytes that one call has asked for since counted_forget_size(). */
size_t counted_largest(void);
void counted_forget_size(void);

/* Lets call number `number` from now on, from 1, fail, as where there is no memory, and does not
 * set errno. 0: none. */
void counted_fail(size_t number);

/* The same of the calls on this thread. */
void counted_fail_here(size_t number);

/* malloc() that is neither counted nor fails. */
void *counted_malloc(size_t size);

#endif
