/* Block by block; a token that goes on in the next block is put together in `text`. */
#include "data/text/tokens.h"

#include <stdlib.h>
#include <string.h>

#include "data/text/text.h"

#define BLOCK_SIZE ((size_t)64 << 10)

bp_status bp_tokens_begin(struct bp_tokens *tokens, struct bp_source *source, bp_error *error)
{
    tokens->source = source;
    tokens->size = tokens->at = tokens->length = 0;
    tokens->line = tokens->next_line = 1;
    tokens->field = tokens->next_field = 1;
    tokens->after_return = false;
    tokens->block = malloc(BLOCK_SIZE);
    return tokens->block ? BP_OK : bp_fail_memory(error, bp_source_path(source));
}

void bp_tokens_release(struct bp_tokens *tokens)
{
    free(tokens->block);
    tokens->block = NULL;
}

static bool is_end_of_line(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f' || is_end_of_line(c);
}

/* Makes at < size unless the file is at its end. */
static bp_status refill(struct bp_tokens *tokens, bp_error *error)
{
    if (tokens->at < tokens->size)
        return BP_OK;
    tokens->at = 0;
    return bp_source_read(tokens->source, tokens->block, BLOCK_SIZE, &tokens->size, error);
}

static void count_space(struct bp_tokens *tokens, char c)
{
    if (is_end_of_line(c) && !(c == '\n' && tokens->after_return)) {
        tokens->next_line++;
        tokens->next_field = 1;
    }
    tokens->after_return = c == '\r';
}

static bp_status skip_spaces(struct bp_tokens *tokens, bp_error *error)
{
    bp_status status;
    while ((status = refill(tokens, error)) == BP_OK && tokens->at < tokens->size &&
           is_space(tokens->block[tokens->at]))
        count_space(tokens, tokens->block[tokens->at++]);
    return status;
}

static bp_status fail_long(struct bp_tokens *tokens, bp_error *error)
{
    char quoted[BP_EXCERPT_SIZE];
    return bp_fail(error, BP_ERROR_INPUT, "%s:%zu:%zu: %s is not a number",
                   bp_source_path(tokens->source), tokens->line, tokens->field,
                   bp_text_excerpt(quoted, tokens->text, tokens->length));
}

bp_status bp_tokens_next(struct bp_tokens *tokens, bp_error *error)
{
    tokens->length = 0;
    bp_status status = skip_spaces(tokens, error);
    tokens->line = tokens->next_line;
    tokens->field = tokens->next_field;
    while (status == BP_OK && tokens->at < tokens->size && !is_space(tokens->block[tokens->at])) {
        if (tokens->length == BP_TOKEN_MAX)
            return fail_long(tokens, error);
        tokens->text[tokens->length++] = tokens->block[tokens->at++];
        status = refill(tokens, error);
    }
    if (tokens->length > 0) {
        tokens->next_field++;
        tokens->after_return = false;
    }
    return status;
}
