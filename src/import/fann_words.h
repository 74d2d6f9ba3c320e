/* The words of a network file of FANN. It reads them with fscanf, so that ends of lines mean no
 * more than blanks, and what stands after an equals sign may be the next word. */
#ifndef BP_IMPORT_FANN_WORDS_H
#define BP_IMPORT_FANN_WORDS_H

#include "data/text/tokens.h"

struct bp_fann_words {
    struct bp_tokens tokens;
    const char *text; /* the current word, `length` bytes; none at the end of the file */
    size_t length;
};

/* Goes to the next word. Errors: as bp_tokens_next(). */
bp_status bp_fann_next(struct bp_fann_words *words, bp_error *error);

/* Whether the current word is this one. */
bool bp_fann_is(const struct bp_fann_words *words, const char *word);

/* Whether the current word begins with `start`, of which the rest is then the current word; where
 * there is no rest, *status is that of going to the next one. */
bool bp_fann_cut(struct bp_fann_words *words, const char *start, bp_status *status,
                 bp_error *error);

/* The current word with `before` and `after` around it, as a number; then goes to the next word.
 * `what` is what a message calls it. Errors: INPUT with file, line and field; as bp_fann_next(). */
bp_status bp_fann_take_number(struct bp_fann_words *words, const char *before, const char *after,
                              const char *what, double *number, bp_error *error);

/* The same for a whole number from `low` to `high`. */
struct bp_fann_count {
    const char *what;
    size_t low, high;
};
bp_status bp_fann_take_count(struct bp_fann_words *words, const char *before, const char *after,
                             const struct bp_fann_count *allowed, size_t *count, bp_error *error);

/* INPUT: "FILE:LINE:FIELD: "WORD" is not " and these words. */
bp_status bp_fann_fail(const struct bp_fann_words *words, const char *wanted, bp_error *error);

#endif
