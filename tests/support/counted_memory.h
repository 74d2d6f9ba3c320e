/* Counts the calls by which the program, the library linked into it included, asks for memory. The
 * linker leads malloc and its relatives here (--wrap); those inside shared libraries, such as the
 * runtime of OpenMP, are not seen. */
#ifndef BP_TESTS_COUNTED_MEMORY_H
#define BP_TESTS_COUNTED_MEMORY_H

#include <stddef.h>

/* Calls on any thread since the start of the program. */
size_t counted_allocations(void);

#endif
