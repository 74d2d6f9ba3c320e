/* What pages have in common: their head, with the style sheet, and their end. */
#ifndef BP_CLI_HTML_HTML_PAGE_H
#define BP_CLI_HTML_HTML_PAGE_H

#include <stdio.h>

/* Writes the title of a page, without elements. */
typedef void html_title_fn(FILE *out, const void *arg);

/* Up to the heading, in an open <header>. `nonce`: of the scripts that may run, or NULL: none may.
 */
void html_page_begin(FILE *out, html_title_fn *put_title, const void *arg, const char *nonce);

/* From the end of <main>; `note` is a sentence of HTML. */
void html_page_end(FILE *out, const char *note);

#endif
