/* Text in HTML. What comes from files and command lines goes through here, whatever it holds. */
#ifndef BP_CLI_HTML_HTML_TEXT_H
#define BP_CLI_HTML_HTML_TEXT_H

#include <stdio.h>

/* Writes `text` as the content of an element or of a quoted attribute: characters that HTML gives a
 * meaning are escaped; bytes that are no UTF-8, control characters and those that turn the
 * direction of writing become U+FFFD. */
void html_put(FILE *out, const char *text);

/* The same, and at most `limit` (from 1) characters, of which the last is an ellipsis if more are
 * there. */
void html_put_short(FILE *out, const char *text, size_t limit);

#endif
