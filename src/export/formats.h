/* The formats: what each writes, and how its files are called. */
#ifndef BP_EXPORT_FORMATS_H
#define BP_EXPORT_FORMATS_H

#include "export/text.h"
#include "export/walk.h"

struct bp_export_writer {
    const char *extension; /* of the file: ".onnx" */
    const char *header;    /* of a second one beside it, or NULL */
    /* Appends the content of the file, and of the second one where `header` is not NULL; one
     * without the other where nobody asks for a second one. Errors: ARGUMENT, MEMORY. */
    bp_status (*write)(const struct bp_exported *exported, struct bp_export_text *text,
                       struct bp_export_text *header, bp_error *error);
};

bp_status bp_export_c(const struct bp_exported *exported, struct bp_export_text *text,
                      struct bp_export_text *header, bp_error *error);

bp_status bp_export_python(const struct bp_exported *exported, struct bp_export_text *text,
                           struct bp_export_text *header, bp_error *error);

/* ARGUMENT: a column has several numbers. */
bp_status bp_export_sql(const struct bp_exported *exported, struct bp_export_text *text,
                        struct bp_export_text *header, bp_error *error);

bp_status bp_export_javascript(const struct bp_exported *exported, struct bp_export_text *text,
                               struct bp_export_text *header, bp_error *error);

/* Built with protobuf-c alone. */
bp_status bp_export_onnx(const struct bp_exported *exported, struct bp_export_text *text,
                         struct bp_export_text *header, bp_error *error);

/* "iris: a network 4-8-3, written by batchprop 0.1.0." */
void bp_export_put_title(struct bp_export_text *text, const struct bp_exported *exported);

/* The row of a format other than AUTO. */
const struct bp_export_writer *bp_export_writer_get(bp_export_format format);

#endif
