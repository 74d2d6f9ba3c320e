/* What to try after a run that is no better than one answer for all rows. */
#include <math.h>
#include <string.h>

#include <criterion/criterion.h>

#include "cli/run/advice.h"

/* What the facts of a case point to. */
struct run {
    bp_quality train, valid;
    bp_model_info model;
    bp_train_options options;
    bp_train_result result;
};

/* Classes, of which "a" has 40 % of the rows, by a network of one logistic layer that says "a" of
 * all: 2,000 updates, the best ones early, the loss that of the baseline. */
static struct run run_of_classes(void)
{
    struct run run = {
        .train = {.metrics = {.samples = 100, .loss = 0.7, .accuracy = 0.4},
                  .baseline = {.samples = 100, .loss = 0.7, .accuracy = 0.4},
                  .classes = 3,
                  .baseline_class = "a"},
        .model = {.task = BP_TASK_CLASSIFY, .layers = 2, .loss = BP_LOSS_MSE},
        .options = bp_train_options_default(),
        .result = {.epochs = 1000, .updates = 2000, .best_epoch = 10, .train_loss = 0.7},
    };
    run.options.learning_rate = 0.1f;
    run.valid = run.train;
    return run;
}

/* Numbers by one layer without hidden ones; no better than the mean. */
static struct run run_of_numbers(void)
{
    struct run run = run_of_classes();
    run.model.task = BP_TASK_REGRESS;
    run.model.layers = 1;
    run.train = (bp_quality){.metrics = {.samples = 100, .loss = 2, .rmse = 2, .mae = 1},
                             .baseline = {.samples = 100, .loss = 2, .rmse = 2, .mae = 1}};
    run.valid = run.train;
    run.result.train_loss = 2;
    return run;
}

/* The loss of the first epoch is twice the last one. */
static struct advice_facts facts_of(const struct run *run)
{
    return (struct advice_facts){.train = &run->train,
                                 .model = &run->model,
                                 .options = &run->options,
                                 .result = &run->result,
                                 .first_loss = 2 * run->result.train_loss};
}

static void expect_remedy(const char *remedy, const struct advice_facts *facts)
{
    const struct advice advice = advice_find(facts);
    cr_expect_neq(advice.problem[0], '\0');
    cr_expect_eq(strncmp(advice.remedy, remedy, strlen(remedy)), 0, "%s", advice.remedy);
}

static void expect_problem(const char *problem, const struct advice_facts *facts)
{
    cr_expect_str_eq(advice_find(facts).problem, problem);
}

/* ---- what is wrong ---- */

Test(cli_advice, classes_are_poor_where_as_many_are_right_as_by_one_answer)
{
    struct run run = run_of_classes();
    const struct advice_facts facts = facts_of(&run);
    expect_problem("accuracy 40.00 % on the training rows, and 40.00 % if all were predicted as "
                   "\"a\"",
                   &facts);
    run.train.metrics.accuracy = 0.41;
    expect_problem("", &facts);
    run.train.metrics.accuracy = 0.39;
    run.train.only_class = "b";
    expect_problem("all training rows are predicted as \"b\"", &facts);
}

Test(cli_advice, a_class_that_all_rows_have_is_learned)
{
    struct run run = run_of_classes();
    const struct advice_facts facts = facts_of(&run);
    run.train.metrics.accuracy = run.train.baseline.accuracy = 1;
    run.train.only_class = "a";
    expect_problem("", &facts);
}

/* Its mean has no error at all, and the outputs are rounded. */
Test(cli_advice, a_number_that_all_rows_have_is_not_judged)
{
    struct run run = run_of_numbers();
    const struct advice_facts facts = facts_of(&run);
    run.train.baseline.rmse = run.train.baseline.mae = 0;
    run.train.metrics.rmse = run.train.metrics.mae = 1e-6;
    expect_problem("", &facts);
}

Test(cli_advice, numbers_are_poor_where_hardly_any_error_of_the_mean_is_gone)
{
    struct run run = run_of_numbers();
    const struct advice_facts facts = facts_of(&run);
    run.train.metrics.rmse = 1.9901;
    expect_problem("rmse 1.99 on the training rows, and 2 if all were predicted as the mean",
                   &facts);
    run.train.metrics.rmse = 1.9899;
    expect_problem("", &facts);
}

Test(cli_advice, losses_that_do_not_aim_at_the_mean_are_judged_by_the_mean_error)
{
    static const bp_loss losses[] = {BP_LOSS_MAE, BP_LOSS_HUBER, BP_LOSS_QUANTILE};
    struct run run = run_of_numbers();
    const struct advice_facts facts = facts_of(&run);
    run.train.metrics.mae = 0.9;
    for (size_t k = 0; k < 3; k++) {
        run.model.loss = losses[k];
        run.model.loss_parameter = 0.5f;
        expect_problem("", &facts);
    }
    run.train.metrics = (bp_metrics){.samples = 100, .loss = 2, .rmse = 1, .mae = 1};
    expect_problem("mae 1 on the training rows, and 1 if all were predicted as the mean", &facts);
}

Test(cli_advice, one_class_for_all_rows_is_the_work_of_a_rate_far_above_the_usual_one)
{
    struct run run = run_of_classes();
    const struct advice_facts facts = facts_of(&run);
    run.train.only_class = "b";
    run.train.metrics.accuracy = 0.3;
    run.options.learning_rate = 1000;
    expect_remedy("--learning-rate 1:", &facts);
    run.options.learning_rate = 5;
    cr_expect_neq(strncmp(advice_find(&facts).remedy, "--learning-rate", 15), 0);
}

/* Also where they lower the mean error, as the median does. */
Test(cli_advice, outputs_that_are_the_same_for_all_rows_are_poor)
{
    struct run run = run_of_numbers();
    struct advice_facts facts = facts_of(&run);
    run.model.loss = BP_LOSS_MAE;
    run.train.metrics.mae = 0.9;
    run.train.constant = 1;
    expect_problem("the outputs are the same for all training rows", &facts);
    run.options.learning_rate = 1000;
    expect_remedy("--learning-rate 1:", &facts);
    run.model.loss = BP_LOSS_QUANTILE;
    run.model.loss_parameter = 0.9f;
    expect_problem("the outputs are the same for all training rows", &facts);
    run.train.baseline.mae = run.train.baseline.rmse = 0;
    expect_problem("", &facts);
}

Test(cli_advice, a_quantile_other_than_the_median_is_not_near_the_mean)
{
    struct run run = run_of_numbers();
    const struct advice_facts facts = facts_of(&run);
    run.model.loss = BP_LOSS_QUANTILE;
    run.model.loss_parameter = 0.9f;
    run.train.metrics.mae = 3;
    expect_problem("", &facts);
}

Test(cli_advice, a_run_of_no_epoch_is_not_judged)
{
    struct run run = run_of_classes();
    const struct advice_facts facts = facts_of(&run);
    run.result.epochs = run.result.updates = 0;
    expect_problem("", &facts);
}

/* The training rows are learned, and those of validation are not. */
Test(cli_advice, ten_validation_rows_are_judged_and_fewer_are_left_to_chance)
{
    struct run run = run_of_classes();
    struct advice_facts facts = facts_of(&run);
    facts.valid = &run.valid;
    run.train.metrics.accuracy = 1;
    run.valid.metrics.samples = 10;
    expect_problem("accuracy 40.00 % on the validation rows, and 40.00 % if all were predicted as "
                   "\"a\"",
                   &facts);
    run.valid.metrics.samples = 9;
    expect_problem("", &facts);
}

/* ---- what to try ---- */

Test(cli_advice, what_is_learned_by_heart_is_for_fewer_neurons)
{
    struct run run = run_of_numbers();
    struct advice_facts facts = facts_of(&run);
    facts.valid = &run.valid;
    run.train.metrics.rmse = 1.89;
    expect_remedy("--weight-decay, --dropout or fewer --hidden neurons: ", &facts);
    run.options.learning_rate = 8;
    facts.first_loss = 7;
    run.train.metrics.loss = 1.8;
    expect_remedy("--weight-decay, --dropout or fewer --hidden neurons: ", &facts);
    run.train.metrics.rmse = 1.91;
    expect_remedy("--epochs, --hidden or --learning-rate of other sizes, if the inputs say",
                  &facts);
}

Test(cli_advice, a_loss_that_stays_above_that_of_one_answer_is_for_a_lower_rate)
{
    struct run run = run_of_classes();
    struct advice_facts facts = facts_of(&run);
    run.train.metrics.loss = 0.72;
    facts.first_loss = 0.71;
    run.options.learning_rate = 0.5f;
    expect_remedy("--learning-rate 0.05: with 0.5 the loss does not fall below", &facts);
    run.options.learning_rate = 8.0f;
    expect_remedy("--learning-rate 1: with 8 ", &facts);
    run.train.metrics.loss = 0.71;
    expect_remedy("--preset modern", &facts);
    run.train.metrics.loss = 0.72;
    facts.first_loss = 0.75;
    expect_remedy("--preset modern", &facts);
    facts.first_loss = 0.71;
    run.result.epochs = 1;
    run.result.best_epoch = 0;
    expect_remedy("--preset modern", &facts);
}

Test(cli_advice, of_numbers_a_first_loss_far_above_is_for_a_lower_rate)
{
    struct run run = run_of_numbers();
    struct advice_facts facts = facts_of(&run);
    facts.first_loss = 6.1;
    run.train.metrics.loss = 2.01;
    expect_remedy("--learning-rate 0.01: with 0.1", &facts);
    run.train.metrics.loss = 2;
    expect_remedy("--epochs, --hidden or --learning-rate", &facts);
    run.train.metrics.loss = 2.01;
    facts.first_loss = 5.9;
    expect_remedy("--epochs, --hidden or --learning-rate", &facts);
    run = run_of_classes();
    facts.first_loss = 6.1;
    expect_remedy("--preset modern or more --hidden neurons", &facts);
}

Test(cli_advice, three_logistic_layers_are_too_deep)
{
    struct run run = run_of_classes();
    struct advice_facts facts = facts_of(&run);
    run.model.layers = 4;
    expect_remedy("--preset modern or fewer --hidden layers: 3 logistic layers", &facts);
    facts.continues = true;
    expect_remedy("a new model with --preset modern or fewer --hidden layers", &facts);
    facts.continues = false;
    run.model.activations[1] = BP_ACTIVATION_RELU;
    expect_remedy("--epochs, --hidden", &facts);
    run.model.activations[1] = BP_ACTIVATION_LOGISTIC;
    run.model.layers = 3;
    expect_remedy("--preset modern or more --hidden neurons", &facts);
}

Test(cli_advice, a_class_of_three_quarters_is_for_class_weights)
{
    struct run run = run_of_classes();
    const struct advice_facts facts = facts_of(&run);
    run.train.baseline.accuracy = run.train.metrics.accuracy = 0.75;
    expect_remedy("--class-weight balanced: \"a\" has 75.0 % of the training rows", &facts);
    run.options.class_weight = "balanced";
    expect_remedy("--preset modern or more", &facts);
    run.options.class_weight = NULL;
    run.train.baseline.accuracy = run.train.metrics.accuracy = 0.74;
    expect_remedy("--preset modern or more", &facts);
}

/* 2 updates an epoch. */
Test(cli_advice, few_updates_are_for_more_epochs_unless_it_was_better_before)
{
    struct run run = run_of_classes();
    const struct advice_facts facts = facts_of(&run);
    run.result.epochs = 400;
    run.result.updates = 800;
    run.result.best_epoch = 0;
    expect_remedy("--epochs 800: 800 updates of the weights are few", &facts);
    run.result.epochs = 100;
    run.result.updates = 200;
    expect_remedy("--epochs 750: 200 updates", &facts);
    run.result.best_epoch = 75;
    expect_remedy("--epochs 750: 200 updates", &facts);
    run.result.best_epoch = 74;
    expect_remedy("--preset modern or more", &facts);
    run.result.best_epoch = 0;
    run.result.epochs = 750;
    run.result.updates = 1500;
    expect_remedy("--preset modern or more", &facts);
}

/* One that was chosen for the table seldom is too strong. */
Test(cli_advice, then_weight_decay_that_was_given_is_lowered)
{
    struct run run = run_of_classes();
    struct advice_facts facts = facts_of(&run);
    run.options.weight_decay = 0.5f;
    expect_remedy("--weight-decay 0.05: 0.5 may keep the weights too small", &facts);
    facts.decay_is_auto = true;
    run.options.optimizer = BP_OPTIMIZER_ADAMW;
    expect_remedy("--epochs, --hidden or --learning-rate of other sizes", &facts);
}

Test(cli_advice, a_model_that_goes_on_keeps_its_network)
{
    struct run run = run_of_classes();
    struct advice_facts facts = facts_of(&run);
    facts.continues = true;
    expect_remedy("--epochs, --hidden or --learning-rate of other sizes", &facts);
    facts.continues = false;
    run.options.optimizer = BP_OPTIMIZER_ADAM;
    expect_remedy("--epochs, --hidden or --learning-rate of other sizes", &facts);
}
