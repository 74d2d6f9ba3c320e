/* Quotes of the shell of POSIX. */
#include "cli/terminal/shell_word.h"

#include "base/shell_word.h"

void shell_word_put(FILE *out, const char *word)
{
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
