/* The limits of a layer, for options and networks alike. */
#include "base/widths.h"

#include "base/status.h"

bp_status bp_widths_check(const size_t *widths, size_t count, bp_error *error)
{
    for (size_t l = 0; l < count; l++) {
        if (widths[l] < 1 || widths[l] > BP_WIDTH_MAX)
            return bp_fail(error, BP_ERROR_ARGUMENT, "a layer has 1 to %d neurons, not %zu",
                           BP_WIDTH_MAX, widths[l]);
    }
    return BP_OK;
}
