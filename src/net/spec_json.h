/* The shape of a network as JSON, for the metadata of a model file. */
#ifndef BP_NET_SPEC_JSON_H
#define BP_NET_SPEC_JSON_H

#include <jansson.h>

#include "net/network.h"

/* {"widths": [784, 128, 10], "activations": ["logistic", "logistic"], "loss": "mse",
 *  "hidden_delta": "chain-rule"}; NULL if there is no memory. The caller owns the reference. */
json_t *bp_spec_to_json(const struct bp_network_spec *spec);

/* The opposite; every key must be there, be of its type and in its range. Error: INPUT, a sentence
 * that begins with `path`. */
bp_status bp_spec_from_json(const json_t *json, const char *path, struct bp_network_spec *spec,
                            bp_error *error);

#endif
