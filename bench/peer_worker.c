/* What the workers in C share: arguments, files, the conversation. */
#include "peer_worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void peer_stop(const char *message)
{
    fprintf(stderr, "%s\n", message);
    exit(1);
}

void *peer_alloc(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory)
        peer_stop("out of memory");
    return memory;
}

double peer_clock(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

char *peer_path(const struct peer_problem *problem, const char *name)
{
    const size_t size = strlen(problem->folder) + strlen(name) + 2;
    char *path = peer_alloc(size, 1);
    snprintf(path, size, "%s/%s", problem->folder, name);
    return path;
}

static void *read_file(const struct peer_problem *problem, const char *name, size_t count)
{
    char *path = peer_path(problem, name);
    uint32_t *words = peer_alloc(count, sizeof *words);
    FILE *file = fopen(path, "rb");
    if (!file || fread(words, sizeof *words, count, file) != count)
        peer_stop("a file of the problem cannot be read");
    fclose(file);
    free(path);
    return words;
}

struct peer_problem peer_problem_read(int argc, char **argv)
{
    if (argc != 7)
        peer_stop("usage: PROGRAM FOLDER LAYERS SAMPLES BATCH RATE RECIPE; started by peers.py");
    struct peer_problem problem = {
        .folder = argv[1],
        .samples = strtoul(argv[3], NULL, 10),
        .batch = strtoul(argv[4], NULL, 10),
        .rate = strtod(argv[5], NULL),
        .adam = strcmp(argv[6], "adam") == 0,
    };
    size_t widths = 0;
    for (char *rest = argv[2]; rest && widths <= PEER_LAYERS_MAX; rest = strchr(rest, '-')) {
        rest += *rest == '-';
        problem.widths[widths++] = strtoul(rest, NULL, 10);
    }
    if (!problem.adam && strcmp(argv[6], "sgd") != 0)
        peer_stop("the recipe is not known");
    if (widths < 2 || problem.samples < 1 || problem.batch < 1)
        peer_stop("the network, the samples or the batch make no sense");
    problem.layers = widths - 1;
    problem.inputs = read_file(&problem, "inputs.f32", problem.samples * problem.widths[0]);
    problem.labels = read_file(&problem, "labels.u32", problem.samples);
    return problem;
}

/* False if the command is unknown. */
static int answer(const struct peer *peer, const char *line)
{
    size_t threads = 0, used = 0;
    double seconds = 0;
    if (sscanf(line, "run %zu %lf", &threads, &seconds) == 2) {
        const double speed = peer->run(peer->self, threads, seconds, &used);
        printf("%.9g %zu\n", speed, used);
        return 1;
    }
    if (strncmp(line, "loss", 4) == 0) {
        double losses[PEER_EPOCHS];
        peer->loss(peer->self, losses);
        for (size_t k = 0; k < PEER_EPOCHS; k++)
            printf("%.9g%c", losses[k], k + 1 < PEER_EPOCHS ? ' ' : '\n');
        return 1;
    }
    return 0;
}

void peer_serve(const struct peer *peer)
{
    char line[128];
    printf("ready %s\n", peer->name);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        if (!answer(peer, line))
            peer_stop("unknown command");
        fflush(stdout);
    }
}
