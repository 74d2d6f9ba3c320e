/* A query of SQL that is being written, and the stages of a layer in it. */
#ifndef BP_EXPORT_SQL_LAYER_H
#define BP_EXPORT_SQL_LAYER_H

#include "export/text.h"
#include "export/walk.h"

struct bp_sql_query {
    struct bp_export_text *text;
    const struct bp_exported *exported;
    size_t stage;      /* the last one, from 1; 0: none */
    bool keeps_inputs; /* whether the next stage has those of the one before */
    bool keeps_sums;
    bool ends; /* the last SELECT is being written */
};

/* Up to its own columns, and from these on. */
void bp_sql_begin_stage(struct bp_sql_query *query);
void bp_sql_end_stage(struct bp_sql_query *query);

/* From the inputs x, or the outputs o of the layer before, to outputs o. */
void bp_sql_layer_put(struct bp_sql_query *query, const struct bp_export_layer *layer);

#endif
