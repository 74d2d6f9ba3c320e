/* From a network of another program to a model. */
#ifndef BP_IMPORT_CONVERT_H
#define BP_IMPORT_CONVERT_H

#include "import/foreign.h"

/* `options` is complete. Errors: as bp_model_import(). */
bp_status bp_import_convert(bp_model **out, const struct bp_foreign *foreign,
                            const bp_import_options *options, bp_import_info *info,
                            bp_error *error);

#endif
