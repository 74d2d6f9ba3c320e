/* What tells the rows of one dataset from those of another. */
#ifndef BP_DATA_TABLE_TABLE_DIGEST_H
#define BP_DATA_TABLE_TABLE_DIGEST_H

#include "data/table/table.h"

/* XXH3-128 over the columns and the cells of the rows shown, in their order: not over the path, nor
 * what an ID column holds. Cost: one pass over the data. */
void bp_dataset_digest(const bp_dataset *dataset, char digest[BP_DIGEST_SIZE]);

#endif
