/*
 * One file that needs nothing else: no script, no font, no picture from outside. The policy in its
 * head has the browser refuse all of that, whatever a log or a model contains.
 */
#include "cli/html/html_page.h"

#include "batchprop/batchprop.h"
#include "cli/html/html_svg.h"

/* The lines of report.css. */
static const char *const style[] = {
#include "cli/html/report_css.inc"
};

void html_page_begin(FILE *out, html_title_fn *put_title, const void *arg, const char *nonce)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; img-src data:",
          out);
    if (nonce)
        fprintf(out, "; script-src 'nonce-%s'", nonce);
    fputs("\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta name=\"referrer\" content=\"no-referrer\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n<title>",
          out);
    put_title(out, arg);
    fputs("</title>\n<style>\n", out);
    for (size_t k = 0; k < sizeof style / sizeof style[0]; k++)
        fputs(style[k], out);
    fputs("</style>\n</head>\n<body>\n", out);
    html_svg_put_marker(out);
    fputs("<header>\n<h1>", out);
    put_title(out, arg);
    fputs("</h1>\n", out);
}

void html_page_end(FILE *out, const char *note)
{
    fprintf(out,
            "</main>\n<footer><p>Made by <code>batchprop report</code> %s. %s</p></footer>\n"
            "</body>\n</html>\n",
            bp_version(), note);
}
