/* The words of a text file, separated by blanks and ends of lines, each with its place. */
#ifndef BP_DATA_TEXT_TOKENS_H
#define BP_DATA_TEXT_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "data/source/source.h"

#define BP_TOKEN_MAX 4096

struct bp_tokens {
    struct bp_source *source;
    char *block;     /* bytes read */
    size_t size, at; /* of them: all, and used */
    size_t next_line;
    size_t next_field;
    bool after_return;       /* a line feed now belongs to the carriage return before it */
    char text[BP_TOKEN_MAX]; /* the current token, not ended by NUL; empty at the end of the file */
    size_t length;
    size_t line;  /* from 1 */
    size_t field; /* its index in the line, from 1 */
};

/* Borrows `source` until the release. Errors: MEMORY. */
bp_status bp_tokens_begin(struct bp_tokens *tokens, struct bp_source *source, bp_error *error);

/* Goes to the next token. Errors: INPUT (a longer token than BP_TOKEN_MAX; damaged gzip), IO. */
bp_status bp_tokens_next(struct bp_tokens *tokens, bp_error *error);

void bp_tokens_release(struct bp_tokens *tokens);

#endif
