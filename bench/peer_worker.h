/*
 * A worker of bench/peers.py: one system that trains a given network on given data when it is told
 * to. Commands come on stdin and are answered on stdout, a line each:
 *
 *   run THREADS SECONDS [SETTING]
 *                           train for about so long; answer: samples/s, threads used
 *   loss                    EPOCHS epochs from the given weights, in the order of the samples;
 *                           answer: the mean loss in each of them, each batch at the weights
 *                           that it met, or "none" where the system has another loss
 */
#ifndef PEER_WORKER_H
#define PEER_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PEER_EPOCHS     3
#define PEER_LAYERS_MAX 16

struct peer_problem {
    const char *folder;
    size_t layers; /* of weights */
    size_t widths[PEER_LAYERS_MAX + 1];
    size_t samples;
    size_t batch;
    double rate;
    bool adam;        /* the recipe: see peer_problem_read() */
    float *inputs;    /* samples x widths[0]: folder/inputs.f32 */
    uint32_t *labels; /* samples: folder/labels.u32; the targets are 1 for the class, else 0 */
};

/* Reads FOLDER LAYERS SAMPLES BATCH RATE RECIPE, the arguments of a worker, and the files. RECIPE
 * is sgd (logistic neurons, squared error, plain gradient descent) or adam (ReLU, softmax,
 * cross-entropy, Adam with 0.9, 0.999 and 1e-8). Ends the process if anything is wrong. */
struct peer_problem peer_problem_read(int argc, char **argv);

/* Path of a file in the folder of the problem; freed with free(). */
char *peer_path(const struct peer_problem *problem, const char *name);

/* Memory, or the end of the process. */
void *peer_alloc(size_t count, size_t size);

/* Prints `message` to stderr and ends the process. */
_Noreturn void peer_stop(const char *message);

/* What a system has to do; `self` is its own. */
struct peer {
    const char *name; /* and version */
    void *self;
    /* Returns samples/s; sets *used to the number of threads. Threads 0: chosen by the system. */
    double (*run)(void *self, size_t threads, double seconds, size_t *used);
    /* The mean loss of each epoch, as many as PEER_EPOCHS. */
    void (*loss)(void *self, double losses[]);
};

/* Says "ready NAME", then answers commands until stdin ends. */
void peer_serve(const struct peer *peer);

/* Seconds since an arbitrary moment. */
double peer_clock(void);

#endif
