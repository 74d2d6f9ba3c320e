/* Model files that lie: made by hand, or by a change of what the library wrote. Every function
 * asserts that it works. */
#ifndef BP_TESTS_HOSTILE_H
#define BP_TESTS_HOSTILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* A file whose first bytes claim `claimed`, then `length` bytes of header, `data_size` zeros. */
void hostile_put(const char *path, uint64_t claimed, const char *header, size_t length,
                 size_t data_size);

/* Replaces `from`, which the header of a safetensors file holds, by `to`; the header's length is
 * counted again. */
void hostile_edit(const char *path, const char *from, const char *to);

/* Asserts that the file is refused with a sentence that begins with its path and holds `reason`: as
 * a safetensors file, or as a model. */
void hostile_expect_refused(const char *path, bp_status status, const char *reason);
void hostile_expect_no_model(const char *path, const char *reason);

#endif
