/* The most frequent confusions of classes. */
#ifndef BP_CLI_FIELDS_CONFUSIONS_H
#define BP_CLI_FIELDS_CONFUSIONS_H

#include <stddef.h>

/* `count` samples of class `truth` were given to class `answer`. */
struct confusion {
    double count;
    size_t truth, answer;
};

/* Inserts one among the most frequent ones, `*shown` of at most `limit`, in descending order; of
 * equals the first stays first. */
void confusions_insert(struct confusion *most, size_t *shown, size_t limit, struct confusion one);

#endif
