/* Texts as constants of a script, whatever the page around it is encoded in. */
#ifndef BP_EXPORT_JAVASCRIPT_TEXT_H
#define BP_EXPORT_JAVASCRIPT_TEXT_H

#include "export/text.h"

/* UTF-8 in double quotes and ASCII. No `<` stands in it, so that a script in a page does not end
 * there; a byte that is no character becomes U+FFFD. JSON, too. */
void bp_javascript_put_quoted(struct bp_export_text *text, const char *word);

#endif
