/*
 * How fast files are read: CSV of four kinds, NPY, and MNIST from gzip where BATCHPROP_MNIST names
 * its folder; with one thread and with all usable processors, in turns, so that another program on
 * the machine slows both alike.
 *
 *   read_speed [--turns N] [--megabytes N] [--json]      defaults 5 and 32
 *
 * The files are synthetic and lie in a folder under TMPDIR; they have been read once before the
 * first turn, so that what is measured is the reader and not the disk.
 */
#include <batchprop/batchprop.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "speed.h"

#define TURNS_MAX 100
#define PATH_SIZE 4096

struct settings {
    size_t turns;
    size_t bytes; /* of a synthetic file, about */
    bool json;
    char folder[PATH_SIZE];
};

const char *const program = "read_speed";

/* ---- files ---- */

/* A linear congruential generator: only the shape of the files matters. */
static double draw(void)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return (double)(state >> 8) / 16777216.0;
}

/* Each writes one row. */
typedef void write_fn(FILE *file);

static void write_numbers(FILE *file)
{
    for (int c = 0; c < 16; c++)
        fprintf(file, "%.6g,", 20 * draw() - 10);
    fprintf(file, "%d\n", (int)(3 * draw()));
}

static void write_mixed(FILE *file)
{
    fprintf(file, "%.4f,%d,%.8e,name %d,\"kind %d\"\n", draw(), (int)(1e6 * draw()), draw(),
            (int)(500 * draw()), (int)(50 * draw()));
}

/* Mostly 0, as in images. */
static void write_pixels(FILE *file)
{
    for (int c = 0; c < 784; c++)
        fprintf(file, "%d,", draw() < 0.8 ? 0 : (int)(256 * draw()));
    fprintf(file, "%d\n", (int)(10 * draw()));
}

/* Rows that only libcsv reads. */
static void write_quotes(FILE *file)
{
    fprintf(file, "%.4f,%.4f,%.4f,\"the \"\"name\"\" %d\"\n", draw(), draw(), draw(),
            (int)(500 * draw()));
}

/* Appends rows up to the size that is asked for. */
static void write_rows(const struct settings *settings, FILE *file, write_fn *write)
{
    while (ftell(file) >= 0 && (size_t)ftell(file) < settings->bytes)
        write(file);
}

/* 784 numbers a row. */
static void write_npy(const struct settings *settings, FILE *file, const char *type, size_t size)
{
    const size_t rows = settings->bytes / (784 * size);
    fprintf(file,
            "\x93NUMPY%c%c%c%c{'descr': '%s', 'fortran_order': False, 'shape': (%10zu, 784)}%*s", 1,
            0, 118, 0, type, rows, 118 - 68, "\n");
    for (size_t k = 0; k < rows * 784; k++) {
        const double wide = draw();
        const float narrow = (float)wide;
        fwrite(size == sizeof wide ? (const void *)&wide : &narrow, size, 1, file);
    }
}

/* ---- measuring ---- */

struct reading {
    char name[64];
    char path[PATH_SIZE];
    char labels[PATH_SIZE]; /* or "" */
    double bytes;           /* of the file, unpacked */
    double one[TURNS_MAX];  /* seconds of a turn with one thread */
    double core[TURNS_MAX]; /* its processor time */
    double all[TURNS_MAX];  /* with all processors */
    double gain[TURNS_MAX]; /* one / all */
};

static bp_dataset_info read_once(const struct reading *reading, size_t threads)
{
    bp_read_options options = bp_read_options_default();
    bp_dataset *dataset;
    bp_error error;
    options.threads = threads;
    options.labels = reading->labels[0] ? reading->labels : NULL;
    if (bp_dataset_read(&dataset, reading->path, &options, &error) != BP_OK)
        stop(error.message);
    const bp_dataset_info info = bp_dataset_get_info(dataset);
    bp_dataset_free(dataset);
    return info;
}

static void take_turn(struct reading *reading, size_t turn)
{
    const double core = get_seconds(CLOCK_PROCESS_CPUTIME_ID), begin = get_seconds(CLOCK_MONOTONIC);
    read_once(reading, 1);
    const double middle = get_seconds(CLOCK_MONOTONIC);
    reading->core[turn] = get_seconds(CLOCK_PROCESS_CPUTIME_ID) - core;
    read_once(reading, 0);
    reading->one[turn] = middle - begin;
    reading->all[turn] = get_seconds(CLOCK_MONOTONIC) - middle;
    reading->gain[turn] = reading->one[turn] / reading->all[turn];
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double find_median(const double *values, size_t count)
{
    double sorted[TURNS_MAX];
    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, compare);
    return sorted[count / 2];
}

static void print_array(const char *key, const double *values, size_t count, const char *end)
{
    printf("\"%s\": [", key);
    for (size_t k = 0; k < count; k++)
        printf("%s%.6g", k > 0 ? ", " : "", values[k]);
    printf("]%s", end);
}

static void report(const struct settings *settings, const struct reading *reading)
{
    static bool first = true;
    const size_t turns = settings->turns;
    const double megabytes = reading->bytes * 1e-6;
    if (settings->json) {
        printf("%s\n  {\"file\": \"%s\", \"bytes\": %.0f, ", first ? "" : ",", reading->name,
               reading->bytes);
        print_array("one_thread_seconds", reading->one, turns, ", ");
        print_array("one_thread_processor_seconds", reading->core, turns, ", ");
        print_array("all_threads_seconds", reading->all, turns, "}");
        first = false;
        return;
    }
    printf("%-14s %7.1f %9.4f %9.0f %9.0f %9.0f %8.2f\n", reading->name, megabytes,
           find_median(reading->one, turns), megabytes / find_median(reading->core, turns),
           megabytes / find_median(reading->one, turns),
           megabytes / find_median(reading->all, turns), find_median(reading->gain, turns));
    fflush(stdout);
}

static void measure(const struct settings *settings, struct reading *reading)
{
    read_once(reading, 0);
    for (size_t turn = 0; turn < settings->turns; turn++)
        take_turn(reading, turn);
    report(settings, reading);
}

static FILE *begin_file(const struct settings *settings, struct reading *reading, const char *name)
{
    *reading = (struct reading){.bytes = 0};
    snprintf(reading->name, sizeof reading->name, "%s", name);
    if ((size_t)snprintf(reading->path, sizeof reading->path, "%s/%s", settings->folder, name) >=
        sizeof reading->path)
        stop("TMPDIR is too long");
    FILE *file = fopen(reading->path, "wb");
    if (!file)
        stop("a file in TMPDIR cannot be written");
    return file;
}

/* Measures the file and removes it. */
static void end_file(const struct settings *settings, struct reading *reading, FILE *file)
{
    const long size = ftell(file);
    const bool failed = ferror(file) || size < 0;
    if (fclose(file) != 0 || failed) {
        unlink(reading->path);
        stop("a file in TMPDIR cannot be written");
    }
    reading->bytes = (double)size;
    measure(settings, reading);
    unlink(reading->path);
}

static void measure_csv(const struct settings *settings, const char *name, write_fn *write)
{
    struct reading reading;
    FILE *file = begin_file(settings, &reading, name);
    write_rows(settings, file, write);
    end_file(settings, &reading, file);
}

static void measure_npy(const struct settings *settings, const char *name, const char *type,
                        size_t size)
{
    struct reading reading;
    FILE *file = begin_file(settings, &reading, name);
    write_npy(settings, file, type, size);
    end_file(settings, &reading, file);
}

static void measure_mnist(const struct settings *settings)
{
    const char *folder = getenv("BATCHPROP_MNIST");
    struct reading reading = {.name = "mnist (gzip)"};
    if (!folder)
        return;
    const int images =
        snprintf(reading.path, sizeof reading.path, "%s/train-images-idx3-ubyte.gz", folder);
    const int labels =
        snprintf(reading.labels, sizeof reading.labels, "%s/train-labels-idx1-ubyte.gz", folder);
    if (images >= PATH_SIZE || labels >= PATH_SIZE)
        stop("BATCHPROP_MNIST is too long");
    reading.bytes = (double)read_once(&reading, 1).memory;
    measure(settings, &reading);
}

static size_t parse_count(const char *option, const char *text, size_t most)
{
    char *end;
    const unsigned long value = text ? strtoul(text, &end, 10) : 0;
    if (!text || *end || value < 1 || value > most) {
        fprintf(stderr, "read_speed: %s needs a number from 1 to %zu\n", option, most);
        exit(2);
    }
    return value;
}

static struct settings parse_arguments(int argc, char **argv)
{
    struct settings settings = {.turns = 5, .bytes = 32000000};
    for (int k = 1; k < argc; k++) {
        if (strcmp(argv[k], "--json") == 0) {
            settings.json = true;
        } else if (strcmp(argv[k], "--turns") == 0) {
            settings.turns = parse_count("--turns", argv[k + 1], TURNS_MAX);
            k++;
        } else if (strcmp(argv[k], "--megabytes") == 0) {
            settings.bytes = 1000000 * parse_count("--megabytes", argv[k + 1], 1000);
            k++;
        } else {
            fprintf(stderr, "usage: read_speed [--turns N] [--megabytes N] [--json]\n");
            exit(strcmp(argv[k], "--help") == 0 ? 0 : 2);
        }
    }
    return settings;
}

int main(int argc, char **argv)
{
    struct settings settings = parse_arguments(argc, argv);
    const char *parent = getenv("TMPDIR");
    snprintf(settings.folder, sizeof settings.folder, "%s/read-speed-XXXXXX",
             parent ? parent : "/tmp");
    if (!mkdtemp(settings.folder))
        stop("no folder can be made in TMPDIR");
    if (settings.json)
        printf("{\"schema_version\": 1, \"threads\": %zu, \"reads\": [", bp_usable_processors());
    else
        printf("%-14s %7s %9s %9s %9s %9s %8s\n%-14s %7s %9s %9s %9s %6zu th %8s\n", "file", "MB",
               "seconds", "MB/s", "MB/s", "MB/s", "ratio", "", "", "one th", "a core's", "one th",
               bp_usable_processors(), "");
    measure_csv(&settings, "numbers.csv", write_numbers);
    measure_csv(&settings, "mixed.csv", write_mixed);
    measure_csv(&settings, "pixels.csv", write_pixels);
    measure_csv(&settings, "quotes.csv", write_quotes);
    measure_npy(&settings, "floats.npy", "<f4", 4);
    measure_npy(&settings, "doubles.npy", "<f8", 8);
    measure_mnist(&settings);
    if (settings.json)
        printf("\n]}\n");
    rmdir(settings.folder);
    return 0;
}
