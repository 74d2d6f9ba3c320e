/*
 * Texts of users, such as names of files, columns and classes, may hold what steers a terminal.
 * Messages and reports show it instead: a control character as \x1b, a character of Unicode that
 * controls (C1) or turns the direction of writing as \u{202e}, a byte that is no UTF-8 as \xff.
 * What programs read (CSV, JSON, files) holds texts as they are.
 */
#ifndef BP_CLI_TERMINAL_ESCAPE_H
#define BP_CLI_TERMINAL_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/* Times the length of a text, and one more byte for its end, is enough for it escaped. */
#define ESCAPE_FACTOR 4

/* Writes `text` so to `to`, which has room for it. With `lines` newlines stay. Returns `to`. */
const char *escape_write(char *to, const char *text, bool lines);

/* Whether escape_write() changes a text. */
bool escape_changes(const char *text);

#endif
