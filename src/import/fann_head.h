/* What a network file of FANN says before its neurons. */
#ifndef BP_IMPORT_FANN_HEAD_H
#define BP_IMPORT_FANN_HEAD_H

#include "import/fann_words.h"
#include "import/foreign.h"

struct bp_fann_head {
    size_t layers;                   /* that of the inputs, too; from 2 */
    size_t sizes[BP_LAYERS_MAX + 1]; /* neurons of each, and one more: the bias */
};

/* Reads up to the word "neurons", which is the current one then, and the scaling into `foreign`.
 * Errors: INPUT (also what makes the network none of full layers, with the reason), IO, MEMORY. */
bp_status bp_fann_head_read(struct bp_fann_head *head, struct bp_foreign *foreign,
                            struct bp_fann_words *words, bp_error *error);

#endif
