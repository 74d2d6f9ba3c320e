/* Fitting schemas in tests. Every function asserts that it works. */
#ifndef BP_TESTS_SCHEMAS_H
#define BP_TESTS_SCHEMAS_H

#include "data/schema/schema.h"

/* Everything chosen automatically, inputs as they are, targets fitted to 0 ... 1. */
struct bp_schema_options schema_options(void);

/* The schema of `dataset`; never NULL. */
struct bp_schema *schema_fit(const bp_dataset *dataset, const struct bp_schema_options *options);

/* That of table_csv(text, true) with schema_options(). */
struct bp_schema *schema_fit_csv(const char *text);

/* Asserts that fitting fails with this status and message; frees `dataset`. */
void schema_fit_fails(bp_dataset *dataset, const struct bp_schema_options *options,
                      bp_status status, const char *message);

#endif
