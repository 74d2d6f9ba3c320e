/* Single quotes; a single quote in a word stands outside of them, after a backslash. */
#include "base/shell_word.h"

#include <string.h>

/* Characters that no shell changes. */
#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-"

bool bp_shell_is_plain(const char *word)
{
    return word[0] && word[strspn(word, PLAIN)] == '\0';
}

/* A text of which `length` bytes are written or would be. */
struct room {
    char *text;
    size_t size;
    size_t length;
};

static void put(struct room *room, const char *text, size_t length)
{
    for (size_t k = 0; k < length; k++, room->length++)
        if (room->length + 1 < room->size)
            room->text[room->length] = text[k];
}

size_t bp_shell_word(char *text, size_t size, const char *word)
{
    struct room room = {text, size, 0};
    const bool plain = bp_shell_is_plain(word);
    put(&room, "'", !plain);
    for (; *word; word++) {
        if (*word == '\'')
            put(&room, "'\\''", 4);
        else
            put(&room, word, 1);
    }
    put(&room, "'", !plain);
    if (size > 0)
        text[room.length < size ? room.length : size - 1] = '\0';
    return room.length;
}
