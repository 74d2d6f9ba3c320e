/* A trainer inside: what it trains with, and where the run is. */
#ifndef BP_TRAIN_TRAINER_H
#define BP_TRAIN_TRAINER_H

#include "data/samples/samples.h"
#include "data/samples/weights.h"
#include "model/infer.h"
#include "model/metrics.h"
#include "model/model.h"
#include "train/refit.h"
#include "train/schedule.h"
#include "train/setup/single_batch.h"
#include "train/setup/training_setup.h"

/* Where a run is: what the rest of it depends on besides arrays of numbers. */
struct bp_position {
    size_t epochs;        /* done */
    size_t samples;       /* done in the epoch after them */
    double loss;          /* sum over those samples */
    double last_loss;     /* mean over the last epoch that is done */
    size_t best_epoch;    /* from 1; 0: none yet */
    size_t gain_epoch;    /* the last one that was a gain */
    struct bp_score best; /* of best_epoch */
    struct bp_record record;
    bool ended_early; /* patience ran out */
    struct bp_plateau plateau;
    bool refitting;       /* epochs, samples, losses and plateau are those of the refit */
    size_t first_epochs;  /* done before it */
    size_t updated;       /* samples that bp_trainer_update() trained on */
    size_t other_epochs;  /* of `epochs`, those on the data before bp_trainer_set_data() */
    size_t other_updates; /* of the weights, in them */
};

/* A validation set and what its figures are computed in. */
struct bp_validation {
    struct bp_samples samples;
    struct bp_infer *infer;
    struct bp_metric_accumulator accumulator;
};

struct bp_trainer {
    struct bp_model *model;
    bp_train_options options; /* what auto stood for is put in, the metric if there is a validation
                                 set; the text in it is owned */
    size_t asked_batch;       /* options.batch_size as given */
    struct bp_samples samples;
    struct bp_class_weights class_weights;
    double weight_unit;             /* by which weights of training rows are divided */
    struct bp_training_setup setup; /* its step holds the optimizer */
    struct bp_single_batch batch;   /* of bp_trainer_update() */
    bool is_running;                /* within bp_trainer_run(): the callback may not change it */
    bool is_updated;                /* weights changed so since the run looked at them last */
    uint32_t *order;                /* of the samples in this epoch, of a refit too */
    float *epoch_weights;           /* as network->values, at the begin of this epoch */
    float *best_weights;            /* the same, after position.best_epoch; NULL: not kept */
    bool holds_best;                /* the model has these; epoch_weights are its last ones */
    struct bp_position position;
    bool has_validation;
    struct bp_validation valid;
    struct bp_refit refit;               /* zeroed without options.refit */
    char samples_digest[BP_DIGEST_SIZE]; /* of the samples bound; "" until a checkpoint needs it */
    char valid_digest[BP_DIGEST_SIZE];
    unsigned char *stops;  /* one a rank: whether it wants to stop; NULL for a process alone */
    size_t all_threads;    /* of all ranks */
    struct json_t *recipe; /* of the model once it is trained */
};

/* The model takes the recipe of the trainer, whose weights it has. */
void bp_trainer_note_recipe(struct bp_trainer *trainer);

/* Whether the trainer may be changed. Errors: ARGUMENT (it runs). */
bp_status bp_trainer_check_idle(const struct bp_trainer *trainer, bp_error *error);

/* Fills the digests of the samples that are not there yet. */
void bp_trainer_digest_samples(struct bp_trainer *trainer);

/* Binds training rows; their weights have mean 1 after division by *unit. Releases nothing on
 * failure. Errors: as of bp_samples_bind(), bp_class_weights_fit() and bp_samples_weigh(). */
bp_status bp_trainer_bind_training(const struct bp_trainer *trainer, const bp_dataset *train,
                                   struct bp_samples *samples, struct bp_class_weights *weights,
                                   double *unit, bp_error *error);

/* Updates of the weights in the epochs that are done, but for a refit. */
size_t bp_trainer_count_updates(const struct bp_trainer *trainer);

/* Notes that the weights of now are those of the run, after bp_trainer_update() changed them. */
void bp_trainer_take_updates(struct bp_trainer *trainer);

/* What the training that goes on reads, the first one or the refit. */
const struct bp_samples *bp_trainer_samples(const struct bp_trainer *trainer);
struct bp_step *bp_trainer_step(const struct bp_trainer *trainer);
size_t bp_trainer_batch(const struct bp_trainer *trainer);
size_t bp_trainer_epochs(const struct bp_trainer *trainer);

/* From the end of the first training to the begin of the refit. */
void bp_trainer_begin_refit(struct bp_trainer *trainer);

/* Puts the numbers of the samples into trainer->order for the epoch after position.epochs. */
void bp_trainer_order(struct bp_trainer *trainer);

/* Keeps the weights of now in trainer->epoch_weights. */
void bp_trainer_keep_weights(struct bp_trainer *trainer);

/* Both. */
void bp_trainer_begin_epoch(struct bp_trainer *trainer);

/* The share of the rows that bp_dataset_hold_out() took from `train` to be `valid` (or NULL); 0:
 * none, or they come from elsewhere. */
double bp_trainer_find_fraction(const bp_dataset *train, const bp_dataset *valid);

#endif
