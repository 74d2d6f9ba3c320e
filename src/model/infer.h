/* The forward pass over all samples of a set, in parallel. */
#ifndef BP_MODEL_INFER_H
#define BP_MODEL_INFER_H

#include "data/samples/samples.h"
#include "model/engine.h"
#include "model/model.h"

struct bp_infer;

/* Keeps model, samples and engine. Its memory is bounded whatever the number of samples. Errors:
 * MEMORY. */
bp_status bp_infer_create(struct bp_infer **out, const struct bp_model *model,
                          const struct bp_samples *samples, const struct bp_engine *engine,
                          bp_error *error);
void bp_infer_free(struct bp_infer *infer);

/* Takes the values of the output neurons of samples begin ... end - 1, row by row without gaps, and
 * the loss of each, without its weight (NULL if the samples have no targets). */
typedef void bp_visit_fn(void *arg, size_t begin, size_t end, const float *outputs,
                         const double *losses);

/* From now on the standard deviation of each output over the networks of the model is written to
 * `spread`: samples x outputs, row by row (struct bp_mixture). */
void bp_infer_spread(struct bp_infer *infer, float *spread);

/* Calls `visit` on the calling thread for blocks of samples, in order; allocates nothing. */
void bp_infer_run(struct bp_infer *infer, bp_visit_fn *visit, void *arg);

/* Does all of this once, on an engine of its own. `spread` may be NULL. Errors: ARGUMENT, MEMORY,
 * THREADS. */
bp_status bp_infer_once(const struct bp_model *model, const struct bp_samples *samples,
                        const bp_run_options *options, float *spread, bp_visit_fn *visit, void *arg,
                        bp_error *error);

#endif
