/* Outputs: a file does what base/files/file.h says, memory is taken at once. */
#include "base/files/output.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bp_status bp_output_begin(struct bp_output *output, size_t size, bp_error *error)
{
    if (output->path)
        return bp_file_begin(&output->file, output->path, error);
    output->bytes = malloc(size);
    output->room = size;
    return output->bytes ? BP_OK : bp_fail_memory(error, "the bytes of a file");
}

bp_status bp_output_write(struct bp_output *output, const void *data, size_t size, bp_error *error)
{
    if (output->file)
        return bp_file_write(output->file, data, size, error);
    assert(size <= output->room - output->size);
    if (size > 0)
        memcpy(output->bytes + output->size, data, size);
    output->size += size;
    return BP_OK;
}

bp_status bp_output_commit(struct bp_output *output, bp_error *error)
{
    assert(output->file || output->size == output->room);
    return output->file ? bp_file_commit(output->file, error) : BP_OK;
}

void *bp_output_take(struct bp_output *output, size_t *size)
{
    *size = output->size;
    return output->bytes;
}

void bp_output_abandon(struct bp_output *output)
{
    bp_file_abandon(output->file);
    free(output->bytes);
    *output = (struct bp_output){.path = output->path};
}
