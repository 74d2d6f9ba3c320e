/* An ONNX file that is being written, by the sources onnx_*.c. */
#ifndef BP_EXPORT_ONNX_FILE_H
#define BP_EXPORT_ONNX_FILE_H

#include "export/onnx_graph.h"

struct bp_onnx_file {
    const struct bp_exported *exported;
    struct bp_onnx_graph graph;
    struct bp_onnx_name inputs;  /* neurons: what every network takes */
    struct bp_onnx_name outputs; /* of the last network, and at the end of all of them */
    struct bp_onnx_names parts;  /* several networks: what each adds to the outputs */
    bool shares;                 /* the outputs of a row are from 0 on and add up to 1 */
};

/* From the columns to the input neurons. Error: MEMORY. */
bp_status bp_onnx_put_columns(struct bp_onnx_file *file, bp_error *error);

/* From the input neurons to the output neurons. Error: MEMORY. */
bp_status bp_onnx_put_networks(struct bp_onnx_file *file, bp_error *error);

/* From the output neurons to what a model predicts. */
void bp_onnx_put_answers(struct bp_onnx_file *file);

/* Nodes of an activation other than identity. */
void bp_onnx_put_activation(struct bp_onnx_file *file, const struct bp_export_layer *layer,
                            const char *from, const char *out);

#endif
