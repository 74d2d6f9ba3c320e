/* Quotes of the shell of POSIX; a word that would steer the terminal stands in dollar quotes, which
 * POSIX has since 2024, and its shells had before. */
#include "cli/terminal/shell_word.h"

#include "base/shell_word.h"
#include "cli/terminal/escape.h"

/* Octal, since a digit after a hexadecimal one would belong to it. */
static void put_dollar_quoted(FILE *out, const char *word)
{
    fputs("$'", out);
    for (; *word; word++) {
        if (*word == '\'' || *word == '\\')
            fprintf(out, "\\%c", *word);
        else if (*word >= 0x20 && *word < 0x7F)
            fputc(*word, out);
        else
            fprintf(out, "\\%03o", (unsigned)(unsigned char)*word);
    }
    fputc('\'', out);
}

void shell_word_put(FILE *out, const char *word)
{
    if (escape_changes(word)) {
        put_dollar_quoted(out, word);
        return;
    }
    if (bp_shell_is_plain(word)) {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word; word++) {
        if (*word == '\'')
            fputs("'\\'", out);
        fputc(*word, out);
    }
    fputc('\'', out);
}

void shell_path_put(FILE *out, const char *path)
{
    if (path[0] == '-' && path[1])
        fputs("./", out);
    shell_word_put(out, path);
}
