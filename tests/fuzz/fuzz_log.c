/*
 * Logs of runs, and the page made of them: whatever a log holds, the page is UTF-8 without control
 * characters, and has no element but those that the report writes. Pictures are not drawn: these
 * functions stand in for those of cli/terminal/gnuplot.c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/html/html_report.h"
#include "cli/terminal/gnuplot.h"
#include "cli/terminal/messages.h"
#include "fuzz/fuzz.h"

static FILE *script, *picture;

int gnuplot_check(const char *option)
{
    (void)option;
    return EXIT_DONE;
}

int gnuplot_begin(struct gnuplot *plot)
{
    static char svg[] = "<svg>\n<defs>\n</defs>\n<g id=\"x\">\n</g>\n</svg>\n";
    script = script ? script : fopen("/dev/null", "w");
    picture = picture ? picture : fmemopen(svg, sizeof svg - 1, "r");
    FUZZ_REQUIRE(script && picture);
    rewind(picture);
    *plot = (struct gnuplot){script, picture};
    return EXIT_DONE;
}

int gnuplot_draw(struct gnuplot *plot)
{
    (void)plot;
    return EXIT_DONE;
}

void gnuplot_end(struct gnuplot *plot)
{
    (void)plot;
}

int gnuplot_finish(struct gnuplot *plot, const char *path)
{
    (void)plot;
    (void)path;
    return EXIT_DONE;
}

/* What a log could bring in, were it not escaped. */
static void check_page(const char *page, size_t size)
{
    static const char *const foreign[] = {"<script", "<img", "<iframe", "<a ", "<object"};
    FUZZ_REQUIRE(strlen(page) == size && bp_utf8_check(page, size));
    for (size_t k = 0; k < size; k++)
        FUZZ_REQUIRE((unsigned char)page[k] >= ' ' || page[k] == '\n');
    for (size_t k = 0; k < sizeof foreign / sizeof *foreign; k++)
        FUZZ_REQUIRE(!strstr(page, foreign[k]));
}

static void write_page(struct run_record *runs, size_t count)
{
    char *page = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&page, &size);
    FUZZ_REQUIRE(out != NULL);
    const int code =
        html_report_write(out, &(struct html_report){.runs = runs, .count = count, .title = NULL});
    fclose(out);
    FUZZ_REQUIRE(code == EXIT_DONE);
    check_page(page, size);
    free(page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run_record record;
    message_hold();
    if (run_record_read(&record, fuzz_file(data, size)) == EXIT_DONE) {
        record.path = "run.jsonl";
        write_page(&record, 1);
    }
    run_record_free(&record);
    return 0;
}
