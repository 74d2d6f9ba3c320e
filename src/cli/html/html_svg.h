/* Pictures of gnuplot inside a page. */
#ifndef BP_CLI_HTML_HTML_SVG_H
#define BP_CLI_HTML_HTML_SVG_H

#include "cli/terminal/gnuplot.h"

/* The id of the marker that points refer to. */
#define HTML_SVG_DOT "dot"

struct html_svg {
    const char *id;    /* unique in the page, of letters and digits */
    const char *title; /* read out in place of the picture */
    int width, height; /* the size that the script gives to gnuplot */
};

/* Once in a page, before the first picture: what pictures refer to. */
void html_svg_put_marker(FILE *out);

/* Begins a picture: its root, with title, and an open <desc>, which the caller fills. */
void html_svg_begin(FILE *out, const struct html_svg *svg);

/* Runs the script, which has gnuplot draw as SVG, and writes the drawing after the description.
 * Returns an exit code. */
int html_svg_draw(FILE *out, struct gnuplot *plot);

#endif
