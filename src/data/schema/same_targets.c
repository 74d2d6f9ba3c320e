/* A list of targets that is given again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number_text.h"
#include "data/schema/schema.h"
#include "data/text/list.h"

/* The target of that name, or of that number in the training file where no name is a number;
 * SIZE_MAX: none. */
static size_t find_target(const struct bp_schema *schema, const char *name)
{
    const struct bp_schema_column *target = schema->column + schema->input_columns;
    uint64_t number;
    for (size_t j = 0; j < schema->target_columns; j++) {
        if (strcmp(target[j].name, name) == 0)
            return j;
    }
    const bool is_number = bp_whole_parse(name, 1, schema->file_columns, &number);
    for (size_t j = 0; is_number && j < schema->target_columns; j++) {
        if (target[j].position == number - 1)
            return j;
    }
    return SIZE_MAX;
}

/* Each target once. */
static bool names_all(const struct bp_schema *schema, const struct bp_list *list)
{
    bool *found = calloc(schema->target_columns + 1, sizeof *found);
    size_t count = 0;
    for (size_t k = 0; found && k < list->count; k++) {
        const size_t j = find_target(schema, list->item[k]);
        if (j != SIZE_MAX && !found[j]) {
            found[j] = true;
            count++;
        }
    }
    free(found);
    return count == schema->target_columns && count == list->count;
}

bool bp_schema_has_targets(const struct bp_schema *schema, const char *text)
{
    struct bp_list list;
    if (schema->target_columns == 1 && find_target(schema, text) == 0)
        return true;
    if (bp_list_parse(&list, text, "target", NULL))
        return false;
    const bool all = names_all(schema, &list);
    bp_list_release(&list);
    return all;
}
