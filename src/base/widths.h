/* How wide a layer may be. */
#ifndef BP_BASE_WIDTHS_H
#define BP_BASE_WIDTHS_H

#include "batchprop/batchprop.h"

/* Each of `count` widths is from 1 to BP_WIDTH_MAX. Error: ARGUMENT. */
bp_status bp_widths_check(const size_t *widths, size_t count, bp_error *error);

#endif
