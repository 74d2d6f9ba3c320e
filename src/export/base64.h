/* Weights as text that scripts and modules read back. */
#ifndef BP_EXPORT_BASE64_H
#define BP_EXPORT_BASE64_H

#include "export/text.h"

/* The bytes of numbers, low ones first, by the alphabet of RFC 4648 section 4. */
void bp_export_put_base64(struct bp_export_text *text, const float *number, size_t count);

#endif
