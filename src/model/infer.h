/* The forward pass over all samples of a set, in parallel. */
#ifndef BP_MODEL_INFER_H
#define BP_MODEL_INFER_H

#include "data/samples/samples.h"
#include "model/engine.h"
#include "model/model.h"
#include "ranks/ranks.h"

struct bp_infer;

/* Keeps model, samples and engine. Its memory is bounded whatever the number of samples. Errors:
 * MEMORY. */
bp_status bp_infer_create(struct bp_infer **out, const struct bp_model *model,
                          const struct bp_samples *samples, const struct bp_engine *engine,
                          bp_error *error);
void bp_infer_free(struct bp_infer *infer);

/* Takes the values of the output neurons of samples begin ... end - 1, row by row without gaps, on
 * any thread; several threads call it at once, for samples of their own. */
typedef void bp_measure_fn(void *arg, size_t begin, size_t end, const float *outputs);

/* The same, and the loss of each sample, without its weight (NULL if the samples have no targets);
 * on the calling thread, for blocks of samples in order. */
typedef void bp_visit_fn(void *arg, size_t begin, size_t end, const float *outputs,
                         const double *losses);

/* What becomes of the outputs: each function may be NULL; `take` comes after `measure`. */
struct bp_visitor {
    bp_measure_fn *measure;
    bp_visit_fn *take;
    void *arg;
};

/* From now on each of the ranks (kept) goes through a part of every block of samples, and gets the
 * outputs of the others: bp_infer_run() is collective, and does on each rank what it does alone.
 * Nothing where so few products are not worth a message. Errors: MEMORY. */
bp_status bp_infer_share(struct bp_infer *infer, struct bp_ranks *ranks, bp_error *error);

/* From now on the standard deviation of each output over the networks of the model is written to
 * `spread`: samples x outputs, row by row (struct bp_mixture). */
void bp_infer_spread(struct bp_infer *infer, float *spread);

/* Calls the functions of `visitor` for all samples; allocates nothing. */
void bp_infer_run(struct bp_infer *infer, const struct bp_visitor *visitor);

/* The same as bp_infer_create(), with an engine for `options`, which is made; both are to be
 * released, also after an error. Errors: ARGUMENT, MEMORY, THREADS. */
bp_status bp_infer_begin(struct bp_infer **out, struct bp_engine *engine,
                         const struct bp_model *model, const struct bp_samples *samples,
                         const bp_run_options *options, bp_error *error);

/* Does all of this once, on an engine of its own. `spread` may be NULL. Errors: ARGUMENT, MEMORY,
 * THREADS. */
bp_status bp_infer_once(const struct bp_model *model, const struct bp_samples *samples,
                        const bp_run_options *options, float *spread,
                        const struct bp_visitor *visitor, bp_error *error);

#endif
