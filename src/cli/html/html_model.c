/* Facts, the model as a script, and the script of the page, which builds controls from it. */
#include "cli/html/html_model.h"

#include <math.h>
#include <string.h>

#include "cli/html/html_page.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"

/* The lines of model_page.js. */
static const char *const script[] = {
#include "cli/html/model_page_js.inc"
};

static void put_title(FILE *out, const void *arg)
{
    const struct html_model *page = arg;
    const char *slash = strrchr(page->path, '/');
    if (page->title) {
        html_put(out, page->title);
        return;
    }
    fputs("Model ", out);
    html_put_short(out, slash && slash[1] ? slash + 1 : page->path, 60);
}

static bp_model_column get_column(const bp_model *model, size_t k)
{
    bp_model_column column = {.name = ""};
    bp_model_get_column(model, k, &column, NULL);
    return column;
}

/* "Predicts species from 4 columns". */
static void put_lead(FILE *out, const struct html_model *page, const bp_model_info *info)
{
    fputs("<p class=\"lead\">Predicts ", out);
    for (size_t j = 0; j < info->target_columns && j < 3; j++) {
        const bp_model_column target = get_column(page->model, info->input_columns + j);
        fputs(j > 0 ? ", " : "", out);
        fputs("<bdi>", out);
        html_put_short(out, target.name, 60);
        fputs("</bdi>", out);
    }
    if (info->target_columns > 3)
        fprintf(out, " and %zu more", info->target_columns - 3);
    fprintf(out, " from %zu column%s</p>\n</header>\n<main>\n", info->input_columns,
            info->input_columns == 1 ? "" : "s");
}

static void begin_card(FILE *out, const char *name)
{
    fprintf(out, "<div class=\"card\"><dt>%s</dt><dd>", name);
}

static void put_facts(FILE *out, const struct html_model *page, const bp_model_info *info)
{
    char text[NUMBER_TEXT_SIZE];
    fputs("<dl class=\"cards\">\n", out);
    if (page->metrics) {
        const bp_metric metric = bp_metric_resolve(BP_METRIC_AUTO, page->model);
        fprintf(out, "<div class=\"card first\"><dt>%s, %s rows of the data</dt><dd>",
                bp_choice_name(BP_CHOICE_METRIC, (int)metric),
                number_group((double)page->metrics->samples, text));
        html_metric_put(out, metric, bp_metrics_get(page->metrics, metric));
        fputs("</dd></div>\n", out);
    }
    if (info->members > 1) {
        begin_card(out, "networks");
        fprintf(out, "%zu</dd></div>\n", info->members);
    } else {
        begin_card(out, "layers");
        for (size_t l = 0; l <= info->layers; l++)
            fprintf(out, "%s%zu", l > 0 ? "-" : "", info->widths[l]);
        fputs("</dd></div>\n", out);
        begin_card(out, "hidden neurons");
        fprintf(out, "%s</dd></div>\n",
                info->layers > 1 ? bp_choice_name(BP_CHOICE_ACTIVATION, (int)info->activations[0])
                                 : HTML_DASH);
    }
    begin_card(out, "output, and loss");
    fprintf(out, "%s<small>%s</small></dd></div>\n",
            bp_choice_name(BP_CHOICE_ACTIVATION, (int)info->output_activation),
            bp_choice_name(BP_CHOICE_LOSS, (int)info->loss));
    begin_card(out, "parameters");
    fprintf(out, "%s</dd></div>\n</dl>\n", number_group((double)info->parameters, text));
    fprintf(out,
            "<dl class=\"facts\">\n<div><dt>weights digest</dt><dd><code>%s</code></dd></div>\n"
            "</dl>\n",
            info->weights_digest);
}

/* [smallest, largest] of the column of the data with that name, or of that number. */
static void put_range(FILE *out, const struct html_model *page, size_t k)
{
    const bp_model_column column = get_column(page->model, k);
    const bp_dataset_info data = bp_dataset_get_info(page->data);
    bp_column_info found = {.kind = BP_COLUMN_CATEGORY};
    for (size_t c = 0; page->data && c < data.columns; c++) {
        bp_column_info info;
        if (bp_dataset_describe(page->data, c, &info, NULL) == BP_OK &&
            (data.has_header ? strcmp(info.name, column.name) == 0 : c == column.position))
            found = info;
    }
    if (column.kind == BP_COLUMN_NUMBER && found.kind == BP_COLUMN_NUMBER && isfinite(found.min) &&
        isfinite(found.max) && found.min < found.max)
        fprintf(out, "[%.17g, %.17g]", found.min, found.max);
    else
        fputs("null", out);
}

static int put_scripts(FILE *out, const struct html_model *page, const bp_model_info *info)
{
    bp_export_options options = bp_export_options_default();
    void *bytes;
    size_t size;
    bp_error error;
    options.format = BP_EXPORT_JAVASCRIPT;
    options.name = "model";
    options.unknown = page->options->unknown;
    if (bp_model_export_save_memory(page->model, &options, &bytes, &size, &error) != BP_OK)
        return message_error(&error);
    fprintf(out, "<script nonce=\"%s\">\n", info->weights_digest);
    fwrite(bytes, 1, size, out);
    bp_memory_free(bytes);
    fputs("const ranges = [", out);
    for (size_t k = 0; k < info->input_columns; k++) {
        fputs(k > 0 ? ", " : "", out);
        put_range(out, page, k);
    }
    fprintf(out, "], probabilities = %s;\n",
            info->output_activation == BP_ACTIVATION_SOFTMAX ? "true" : "false");
    for (size_t k = 0; k < sizeof script / sizeof script[0]; k++)
        fputs(script[k], out);
    fputs("</script>\n", out);
    return EXIT_DONE;
}

int html_model_write(FILE *out, const struct html_model *page)
{
    const bp_model_info info = bp_model_get_info(page->model);
    html_page_begin(out, put_title, page, info.weights_digest);
    put_lead(out, page, &info);
    put_facts(out, page, &info);
    fputs("<section id=\"play\">\n<h2>Move the inputs</h2>\n"
          "<noscript><p>Controls need JavaScript, which is turned off here.</p></noscript>\n"
          "</section>\n",
          out);
    int code = page->data ? html_importance_put(out, page) : EXIT_DONE;
    if (code == EXIT_DONE && page->data)
        code = html_measured_put(out, page);
    if (code == EXIT_DONE)
        code = put_scripts(out, page, &info);
    html_page_end(out, "The numbers of the controls are those of <code>batchprop predict</code>, "
                       "computed in this page.");
    return code;
}
