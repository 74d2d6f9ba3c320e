/* The target and why it is taken as it is. */
#include "cli/run/target_fields.h"

#include "cli/fields/hint_fields.h"
#include "cli/fields/target_text.h"
#include "cli/terminal/numbers.h"

/* Names of targets that people see. */
#define TARGETS_SHOWN 5

/* Of the first target. */
struct target {
    bp_model_column of_model;
    bp_column_info of_data;
};

static struct target find_target(const struct target_facts *facts)
{
    const bp_model_info info = bp_model_get_info(facts->model);
    struct target target = {.of_model = {.name = ""}};
    bp_model_get_column(facts->model, info.input_columns, &target.of_model, NULL);
    bp_dataset_describe(facts->train, target.of_model.position, &target.of_data, NULL);
    return target;
}

/* Why it is classes or numbers, a key word. */
static const char *find_reason(const struct target_facts *facts, const struct target *target)
{
    if (facts->continues)
        return "model";
    if (facts->task_given)
        return "option";
    if (target->of_data.kind == BP_COLUMN_CATEGORY)
        return bp_dataset_get_info(facts->train).may_have_header ? "text" : "labels";
    return target->of_data.integral ? "integers" : "fractions";
}

static void put_names(struct fields *out, const bp_model *model, const bp_model_info *info)
{
    bp_model_column column;
    fields_array(out, "names");
    for (size_t j = 0; j < info->target_columns; j++) {
        if (bp_model_get_column(model, info->input_columns + j, &column, NULL) != BP_OK)
            break;
        fields_text(out, "", NULL, column.name);
        if (j == 0)
            fields_line(out, "target", "%s", column.name);
        else if (j < TARGETS_SHOWN)
            fields_more(out, ", %s", column.name);
    }
    fields_close(out);
    if (info->target_columns > TARGETS_SHOWN)
        fields_more(out, ", ...");
}

static void put_target(struct fields *out, const struct target_facts *facts)
{
    const struct target target = find_target(facts);
    const bp_model_info info = bp_model_get_info(facts->model);
    char text[TARGET_TEXT_SIZE];
    if (!target_text_write(text, facts->model, facts->train, facts->task_given || facts->continues))
        out->output.failed = true;
    fields_object(out, "target");
    put_names(out, facts->model, &info);
    fields_more(out, ": %s", text);
    fields_choice(out, "task", NULL, BP_CHOICE_TASK, (int)info.task);
    fields_text(out, "reason", NULL, find_reason(facts, &target));
    if (info.task == BP_TASK_CLASSIFY)
        fields_whole(out, "classes", NULL, target.of_model.neurons);
    else
        fields_null(out, "classes");
    fields_close(out);
}

void target_fields_put(struct fields *out, const struct target_facts *facts)
{
    char rows[NUMBER_TEXT_SIZE];
    put_target(out, facts);
    fields_whole(out, "left_out", NULL, facts->left_out);
    if (facts->left_out > 0)
        fields_line(out, "left out", "%s row%s of weight 0",
                    number_group((double)facts->left_out, rows), facts->left_out == 1 ? "" : "s");
    hint_fields_put(out, facts->continues ? NULL : facts->model, facts->train);
}
