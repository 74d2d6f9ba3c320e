/* Copies of readings. */
#include "data/table/reading.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static bool copy_text(char **out, const char *text)
{
    *out = text ? bp_text_copy(text, strlen(text)) : NULL;
    return *out || !text;
}

bp_status bp_reading_copy(struct bp_reading *out, const struct bp_reading *from, bp_error *error)
{
    *out = (struct bp_reading){.separator = from->separator, .decimal = from->decimal};
    if (copy_text(&out->missing_values, from->missing_values) &&
        copy_text(&out->categorical, from->categorical) && copy_text(&out->ignore, from->ignore) &&
        copy_text(&out->id, from->id))
        return BP_OK;
    bp_reading_release(out);
    return bp_fail_memory(error, "how the data are read");
}

void bp_reading_release(struct bp_reading *reading)
{
    free(reading->missing_values);
    free(reading->categorical);
    free(reading->ignore);
    free(reading->id);
    *reading = (struct bp_reading){0};
}
