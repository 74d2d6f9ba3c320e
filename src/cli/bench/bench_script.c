/* Lines of a script. */
#include "cli/bench/bench_script.h"

void bench_script_begin(FILE *script)
{
    fputs("set encoding utf8\n"
          "set terminal svg size 1080,440 noenhanced font \"sans-serif,13\" background \"white\"\n",
          script);
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
