/* Quotes of the shell of POSIX. */
#include "cli/terminal/shell_word.h"

#include <string.h>

/* Characters that no shell changes. */
#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-"

void shell_word_put(FILE *out, const char *word)
{
    if (word[0] && word[strspn(word, PLAIN)] == '\0') {
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
