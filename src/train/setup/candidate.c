/* An engine, and the step on it. */
#include "train/setup/candidate.h"

#include "step/passes/shards.h"

void bp_training_setup_release(struct bp_training_setup *setup)
{
    bp_step_free(setup->step);
    bp_optimizer_free(setup->optimizer);
    bp_engine_release(&setup->engine);
    *setup = (struct bp_training_setup){0};
}

bp_plan bp_setup_job_plan(const struct bp_setup_job *job)
{
    return job->options->train ? job->options->train->plan : BP_PLAN_AUTO;
}

size_t bp_setup_job_shards(const struct bp_setup_job *job)
{
    return bp_shards_at_once(job->options->batch_size, job->options->shard_size);
}

bp_status bp_setup_job_make_step(struct bp_step **out, const struct bp_engine *engine,
                                 const struct bp_setup_job *job, bp_plan plan, bp_error *error)
{
    const bp_train_options *train = job->options->train;
    const struct bp_step_options step = {
        .kernels = engine->kernels,
        .team = engine->team,
        .batch_size = job->options->batch_size,
        .shard_size = job->options->shard_size,
        .plan = plan,
        .ranks = job->options->ranks,
        .optimizer = job->optimizer,
        .dropout = train ? train->dropout : 0.0f,
        .seed = train ? train->seed : 0,
    };
    return bp_step_create(out, job->network, job->samples, &step, error);
}

bp_status bp_candidate_make(struct bp_training_setup *setup, const struct bp_setup_job *job,
                            struct bp_candidate candidate, bp_error *error)
{
    *setup = (struct bp_training_setup){.plan = candidate.plan};
    const struct bp_engine_options engine = {.threads = candidate.threads,
                                             .backend = job->options->backend,
                                             .isa = job->options->isa,
                                             .numa = job->numa};
    bp_status status = bp_engine_make(&setup->engine, &engine, error);
    if (status)
        return status;
    status = bp_setup_job_make_step(&setup->step, &setup->engine, job, candidate.plan, error);
    if (status)
        bp_training_setup_release(setup);
    return status;
}
