/* Other numerics are other bits. */
#include "train/rank_version.h"

#include <stdio.h>
#include <string.h>

#include "model/model.h"

struct bp_rank_version bp_rank_version_get(void)
{
    struct bp_rank_version version = {.numerics = BP_NUMERICS_VERSION};
    snprintf(version.text, sizeof version.text, "%s", bp_version());
    return version;
}

bp_status bp_rank_version_compare(const struct bp_rank_version *own,
                                  const struct bp_rank_version *first, bp_error *error)
{
    if (strcmp(own->text, first->text) == 0 && own->numerics == first->numerics)
        return BP_OK;
    return bp_fail(error, BP_ERROR_RANKS,
                   "version is %s with numerics %d here, and %s with %d on rank 0", own->text,
                   own->numerics, first->text, first->numerics);
}
