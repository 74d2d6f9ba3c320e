/* The values of an IDX file, behind its header. */
#ifndef BP_DATA_IDX_ITEMS_H
#define BP_DATA_IDX_ITEMS_H

#include <stddef.h>
#include <stdint.h>

#include "data/idx_header.h"

/* Each reads rows x width values, of which the file holds neither less nor more, into an array from
 * malloc that grows with what was read. Errors: INPUT, IO, MEMORY; then *out is NULL. */

/* Only BP_IDX_UNSIGNED_BYTE. */
bp_status bp_idx_read_bytes(struct bp_source *source, const struct bp_idx_header *header,
                            uint8_t **out, bp_error *error);

/* Any type, rounded to binary32; what is not finite then is an error. */
bp_status bp_idx_read_floats(struct bp_source *source, const struct bp_idx_header *header,
                             float **out, bp_error *error);

/* Only the four integer types. */
bp_status bp_idx_read_integers(struct bp_source *source, const struct bp_idx_header *header,
                               int32_t **out, bp_error *error);

#endif
