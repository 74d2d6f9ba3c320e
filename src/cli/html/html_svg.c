/*
 * gnuplot writes a document of its own: a prolog with the addresses of standards, markers with ids
 * that are the same in every picture, a title for every curve. Only the drawing is taken, line by
 * line: groups that hold nothing and all ids are left out, points refer to the marker of the page.
 * Its colours black, gray and white are left to the style sheet, so that a picture follows a dark
 * page.
 */
#include "cli/html/html_svg.h"

#include <stdbool.h>
#include <string.h>

#include "cli/html/html_text.h"
#include "cli/terminal/messages.h"

#define LINE_SIZE 4096

void html_svg_put_marker(FILE *out)
{
    fputs("<svg class=\"marker\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
          "<circle id=\"" HTML_SVG_DOT "\" r=\"1\" fill=\"currentColor\"/></defs></svg>\n",
          out);
}

void html_svg_begin(FILE *out, const struct html_svg *svg)
{
    fprintf(out,
            "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" "
            "aria-labelledby=\"%s-title %s-text\">\n<title id=\"%s-title\">",
            svg->width, svg->height, svg->id, svg->id, svg->id);
    html_put(out, svg->title);
    fprintf(out, "</title><desc id=\"%s-text\">", svg->id);
}

/* Finds the end of the definitions, after which the drawing begins. */
static bool skip_head(FILE *picture)
{
    char line[LINE_SIZE];
    while (fgets(line, sizeof line, picture)) {
        if (strstr(line, "</defs>"))
            return true;
    }
    return false;
}

/* Leaves out of `line` what is from `begin` up to and including the next `end` after it. */
static void cut(char *line, const char *begin, const char *end)
{
    char *from = strstr(line, begin);
    char *to = from ? strstr(from + strlen(begin), end) : NULL;
    if (to)
        memmove(from, to + strlen(end), strlen(to + strlen(end)) + 1);
}

/* Writes a line, with the markers of gnuplot replaced by that of the page. */
static void put_line(FILE *out, char *line)
{
    static const char reference[] = "xlink:href='#";
    cut(line, "<title>", "</title>");
    cut(line, " id=\"", "\"");
    char *at = line, *found;
    while ((found = strstr(at, reference)) != NULL) {
        char *end = strchr(found + sizeof reference - 1, '\'');
        if (!end)
            break;
        fprintf(out, "%.*shref=\"#" HTML_SVG_DOT "\"", (int)(found - at), at);
        at = end + 1;
    }
    fputs(at, out);
}

static void copy_drawing(FILE *out, FILE *picture)
{
    char line[LINE_SIZE], group[LINE_SIZE] = "";
    fputs("<g>\n", out);
    while (fgets(line, sizeof line, picture)) {
        const char *text = line + strspn(line, " \t");
        if (group[0] && strcmp(text, "</g>\n") == 0) {
            group[0] = '\0';
            continue;
        }
        put_line(out, group);
        group[0] = '\0';
        const char *close = strncmp(text, "<g ", 3) == 0 ? strchr(text, '>') : NULL;
        const bool opens = close && !strchr(close, '<');
        if (opens)
            memcpy(group, line, strlen(line) + 1);
        else if (text[0] != '\n')
            put_line(out, line);
    }
    put_line(out, group);
}

int html_svg_draw(FILE *out, struct gnuplot *plot)
{
    int code = gnuplot_draw(plot);
    if (code == EXIT_DONE && !skip_head(plot->picture))
        code = message_failure(EXIT_FAILED, "gnuplot drew nothing; is its terminal svg installed?");
    if (code == EXIT_DONE) {
        fputs("</desc>\n", out);
        copy_drawing(out, plot->picture);
    }
    return code;
}
