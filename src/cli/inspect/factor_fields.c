/* People see the first classes; --json has all. */
#include "cli/inspect/factor_fields.h"

#define ROWS_SHOWN 20
#define MORE_SHOWN 8

/* False: all factors are 1. */
static bool find_target(const bp_model *model, bp_model_column *target)
{
    const bp_model_info info = bp_model_get_info(model);
    return info.has_factors &&
           bp_model_get_column(model, info.input_columns, target, NULL) == BP_OK;
}

void factor_fields_put(struct fields *fields, const bp_model *model)
{
    bp_model_column target;
    if (!find_target(model, &target))
        return;
    fields_table(fields, "factors", "\n");
    for (size_t c = 0; c < target.neurons && (fields->json || c < ROWS_SHOWN); c++) {
        fields_row(fields);
        fields_text(fields, "class", "class", target.categories[c]);
        fields_digits(fields, "factor", "factor x output decides", 6,
                      bp_model_get_factor(model, c));
    }
    fields_close(fields);
    if (target.neurons > ROWS_SHOWN)
        fields_say(fields, "... and %zu more classes (--json shows all)\n",
                   target.neurons - ROWS_SHOWN);
}

void factor_fields_more(struct fields *fields, const bp_model *model)
{
    bp_model_column target;
    if (!find_target(model, &target))
        return;
    for (size_t c = 0; c < target.neurons && c < MORE_SHOWN; c++)
        fields_more(fields, "%s %s %.3g", c ? "," : ":", target.categories[c],
                    bp_model_get_factor(model, c));
    if (target.neurons > MORE_SHOWN)
        fields_more(fields, " ...");
}
