/* Small networks for tests. */
#ifndef BP_TESTS_NETS_H
#define BP_TESTS_NETS_H

#include "net/network.h"

/* A logistic network, with an identity output, of widths[0] ... widths[layers]. */
struct bp_network_spec net_spec(size_t layers, const size_t *widths);

/* The network of net_spec() with the initial parameters of `seed`, and thresholds that are not 0.
 */
struct bp_network *net_create(size_t layers, const size_t *widths, uint64_t seed);

#endif
