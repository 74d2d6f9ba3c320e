/* Reading models of other programs: what a file is says its content. */
#include <stdio.h>
#include <string.h>

#include "base/sized.h"
#include "data/source/source.h"
#include "import/convert.h"

void bp_import_options_init(bp_import_options *options, size_t size)
{
    const bp_import_options defaults = {.format = BP_IMPORT_AUTO};
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

static bp_model_options get_model_defaults(void)
{
    bp_model_options defaults = bp_model_options_default();
    defaults.output_activation = BP_ACTIVATION_AUTO;
    defaults.loss = BP_LOSS_AUTO;
    defaults.scale = BP_SCALE_NONE;
    defaults.target_scale = BP_TARGET_SCALE_NONE;
    return defaults;
}

void bp_import_model_options_init(bp_model_options *options, size_t size)
{
    const bp_model_options defaults = get_model_defaults();
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

static bool begins_with(const unsigned char *bytes, size_t size, const char *text, size_t length)
{
    return size >= length && memcmp(bytes, text, length) == 0;
}

/* A pickle may run any code when it is read. */
#define TORCH_ADVICE                                                                               \
    "which holds code and is not opened: in Python, state = torch.load(\"FILE\") and "             \
    "safetensors.torch.save_file(state, \"FILE.safetensors\") make of a state dict what is read "  \
    "here"

static bp_status find_format(bp_import_format *format, const char *path, const unsigned char *bytes,
                             size_t size, bp_error *error)
{
    *format = BP_IMPORT_AUTO;
    if (begins_with(bytes, size, "FANN_", 5))
        *format = BP_IMPORT_FANN;
    else if (size > 8 && bytes[8] == '{')
        *format = BP_IMPORT_SAFETENSORS;
    if (*format != BP_IMPORT_AUTO)
        return BP_OK;
    if (begins_with(bytes, size, "PK\3\4", 4))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: is a zip file, as PyTorch saves models, " TORCH_ADVICE, path);
    if (size > 1 && bytes[0] == 0x80 && bytes[1] > 0 && bytes[1] < 6)
        return bp_fail(error, BP_ERROR_INPUT, "%s: is a pickle of Python, " TORCH_ADVICE, path);
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: is neither a safetensors file nor a network that FANN has saved "
                   "(FANN_FLO_2.1)",
                   path);
}

/* What stands first in the file. */
static bp_status look(bp_import_format *format, const struct bp_input *input, bp_error *error)
{
    struct bp_source *source;
    size_t size;
    if (!input->path)
        return find_format(format, bp_input_name(input), input->bytes, input->size, error);
    const bp_status status = bp_source_open(&source, input->path, error);
    if (status)
        return status;
    const unsigned char *head = bp_source_head(source, &size);
    const bp_status found = find_format(format, input->path, head, size, error);
    bp_source_close(source);
    return found;
}

static bp_status read_foreign(struct bp_foreign *foreign, const struct bp_import_source *source,
                              const bp_import_options *options, bp_error *error)
{
    bp_import_format format = options->format;
    bp_status status = BP_OK;
    if (format == BP_IMPORT_AUTO)
        status = look(&format, &source->input, error);
    if (status)
        return status;
    foreign->path = bp_input_name(&source->input);
    foreign->format = format;
    if (format == BP_IMPORT_FANN && source->layers)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "layers: %s has its layers in their order: leave it out", foreign->path);
    return format == BP_IMPORT_FANN ? bp_foreign_read_fann(foreign, source, error)
                                    : bp_foreign_read_tensors(foreign, source, error);
}

/* The caller's options over the defaults. */
static bp_status complete(bp_import_options *full, bp_model_options *model,
                          const bp_import_options *options, bp_error *error)
{
    *full = bp_import_options_default();
    *model = get_model_defaults();
    bp_status status = bp_sized_copy(full, sizeof *full, options, "bp_import_options", error);
    if (!status)
        status = bp_sized_copy(model, sizeof *model, full->model, "bp_model_options", error);
    full->model = model;
    if (!status && !bp_choice_name(BP_CHOICE_IMPORT_FORMAT, (int)full->format))
        return bp_fail(error, BP_ERROR_ARGUMENT, "there is no format of a network of number %d",
                       (int)full->format);
    return status;
}

static bp_status import(bp_model **out, const struct bp_input *input,
                        const bp_import_options *options, bp_import_info *info, bp_error *error)
{
    bp_import_options full;
    bp_model_options model;
    bp_import_info unasked;
    struct bp_foreign foreign = {0};
    bp_status status = complete(&full, &model, options, error);
    const struct bp_import_source source = {*input, full.layers};
    if (!status)
        status = read_foreign(&foreign, &source, &full, error);
    if (!status)
        status = bp_import_convert(out, &foreign, &full, info ? info : &unasked, error);
    bp_foreign_release(&foreign);
    return status;
}

bp_status bp_model_import(bp_model **out, const char *path, const bp_import_options *options,
                          bp_import_info *info, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(path, error);
    return import(out, &(struct bp_input){.path = path}, options, info, error);
}

bp_status bp_model_import_memory(bp_model **out, const void *bytes, size_t size,
                                 const bp_import_options *options, bp_import_info *info,
                                 bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(bytes, error);
    return import(out, &(struct bp_input){.bytes = bytes, .size = size}, options, info, error);
}
