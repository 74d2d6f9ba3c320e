/* Names and texts of a query. */
#ifndef BP_EXPORT_SQL_NAMES_H
#define BP_EXPORT_SQL_NAMES_H

#include "export/sql_layer.h"

/* In their quotes. */
void bp_sql_put_name(struct bp_export_text *text, const char *name);
void bp_sql_put_text(struct bp_export_text *text, const char *word);

/* A column of the table that is asked. */
void bp_sql_put_column(const struct bp_sql_query *query, const char *name);

/* The name of an output in the answer: prefix and name, and a number where a column before it is
 * called so. */
void bp_sql_put_output(const struct bp_sql_query *query, const char *prefix, const char *name);

#endif
