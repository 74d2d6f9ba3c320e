/* Lines of a script. */
#include "cli/bench/bench_script.h"

#include "cli/terminal/gnuplot.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"

int bench_script_draw(const char *path, void (*write)(FILE *script, const void *what),
                      const void *what)
{
    struct gnuplot plot;
    const int code = gnuplot_begin(&plot);
    if (code != EXIT_DONE)
        return code;
    fputs("set encoding utf8\n"
          "set terminal svg size 1080,440 noenhanced font \"sans-serif,13\" background \"white\"\n",
          plot.script);
    write(plot.script, what);
    fputs("unset multiplot\n", plot.script);
    return gnuplot_finish(&plot, path);
}

void bench_script_begin_title(FILE *script, const struct bench_options *options,
                              const bp_bench_info *info)
{
    char text[NUMBER_TEXT_SIZE];
    fputs("set multiplot layout 1,2 title \"", script);
    for (size_t l = 0; l <= options->shape.layers; l++)
        fprintf(script, "%s%zu", l ? "-" : "", options->shape.widths[l]);
    fprintf(script, ", batches of %s, %s; ", number_group((double)info->batch_size, text),
            bp_choice_name(BP_CHOICE_ISA, (int)info->isa));
}

void bench_script_put_row(FILE *script, size_t x, const struct summary *y)
{
    fprintf(script, "%zu %.6g %.6g %.6g\n", x, y->median, y->min, y->max);
}

void bench_script_put_curve(FILE *script, const char *block, const char *style, const char *colour,
                            const char *title)
{
    fprintf(script, ", %s with %s linecolor \"%s\" title \"%s\"", block, style, colour, title);
}

void bench_script_put_bars(FILE *script, const struct bench_bars *bars)
{
    fprintf(script,
            "unset logscale\nunset grid\nset xtics auto\n"
            "set style data histograms\nset style histogram rowstacked\n"
            "set style fill solid border linecolor \"white\"\nset boxwidth 0.7\n"
            "set xrange [-0.6:%g]\nset yrange [0:%s]\nset ylabel \"%s\"\n"
            "set key outside right center vertical invert noreverse\nplot",
            (double)bars->rows - 0.4, bars->most, bars->axis);
    for (size_t k = 0; k < bars->parts; k++)
        fprintf(script, "%s %s using %zu:xtic(1) linecolor \"%s\" title \"%s\"", k ? "," : "",
                bars->block, k + 2, bars->colours[k], bars->names[k]);
    fputc('\n', script);
}
