/* Text for scdoc, on the standard output. */
#ifndef BP_DOCS_OPTION_TEXT_H
#define BP_DOCS_OPTION_TEXT_H

#include <batchprop/batchprop.h>

/* Text in which the signs of scdoc stand for themselves, and names of options are bold. */
void manual_write_text(const char *text);

/* The entry of an option: how it is written, its help, `about`, the values that it may have and its
 * default. `about`: lines that begin with a tab, or "". */
void manual_write_option(const bp_option_info *option, const char *about);

#endif
