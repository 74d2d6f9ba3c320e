/* The lines above the tables: what is trained, and where. */
#include "cli/bench/bench_head.h"

#include "cli/terminal/numbers.h"

/* "gelu", or "gelu, relu": of the hidden layers. */
static void put_activations(struct fields *out, const bp_model_options *model)
{
    bool alike = true;
    for (size_t l = 1; l < model->hidden_count; l++)
        alike = alike && model->activations[l] == model->activations[0];
    fields_array(out, "activations");
    for (size_t l = 0; l < model->hidden_count; l++) {
        const char *name = bp_choice_name(BP_CHOICE_ACTIVATION, (int)model->activations[l]);
        fields_text(out, "", NULL, name);
        if (l == 0 || !alike)
            fields_more(out, "%s%s", l ? ", " : "", name);
    }
    fields_close(out);
}

/* What is trained, and how. */
static void put_training(struct fields *out, const bp_model_options *model,
                         const bp_bench_info *info)
{
    const char *output = bp_choice_name(BP_CHOICE_ACTIVATION, (int)info->output_activation);
    fields_line(out, "neurons", "%s", "");
    put_activations(out, model);
    fields_text(out, "output_activation", NULL, output);
    fields_more(out, "%s%s outputs", model->hidden_count ? "; " : "", output);
    fields_choice(out, "loss", "training", BP_CHOICE_LOSS, (int)info->loss);
    fields_choice(out, "optimizer", NULL, BP_CHOICE_OPTIMIZER, (int)info->optimizer);
    fields_more(out, ", %s", bp_choice_name(BP_CHOICE_OPTIMIZER, (int)info->optimizer));
    fields_real(out, "weight_decay", (double)info->weight_decay);
    fields_real(out, "clip_norm", (double)info->clip_norm);
    fields_real(out, "dropout", (double)info->dropout);
    if (info->weight_decay > 0.0f)
        fields_more(out, ", weight decay %.3g", (double)info->weight_decay);
    if (info->clip_norm > 0.0f)
        fields_more(out, ", clip norm %.3g", (double)info->clip_norm);
    if (info->dropout > 0.0f)
        fields_more(out, ", dropout %.3g", (double)info->dropout);
}

void bench_head_put(struct fields *out, const struct bench_options *options,
                    const bp_bench_info *info)
{
    const bp_bench_options *shape = &options->shape;
    const size_t processors = bp_usable_processors();
    char text[NUMBER_TEXT_SIZE];
    fields_line(out, "network", "%zu", shape->widths[0]);
    fields_array(out, "layers");
    for (size_t l = 0; l <= shape->layers; l++) {
        fields_whole(out, "", NULL, shape->widths[l]);
        if (l > 0)
            fields_more(out, " - %zu", shape->widths[l]);
    }
    fields_close(out);
    fields_whole(out, "parameters", NULL, info->parameters);
    fields_more(out, ", %s parameters", number_group((double)info->parameters, text));
    fields_real(out, "operations_per_sample", info->operations);
    fields_more(out, ", %s operations a sample", number_group(info->operations, text));
    put_training(out, &options->model, info);
    fields_count(out, "batch_size", "batch", shape->batch_size);
    fields_whole(out, "samples", NULL, info->samples);
    fields_more(out, " samples of %s in memory", number_group((double)info->samples, text));
    fields_choice(out, "isa", "kernels", BP_CHOICE_ISA, (int)info->isa);
    fields_whole(out, "processors", NULL, processors);
    fields_more(out, "; %zu usable processor%s", processors, processors == 1 ? "" : "s");
    fields_whole(out, "repetitions", NULL, options->repetitions);
    fields_real(out, "seconds", options->seconds);
    fields_line(out, "figures", "medians of %zu repetition%s of %g s", options->repetitions,
                options->repetitions == 1 ? "" : "s", options->seconds);
}
