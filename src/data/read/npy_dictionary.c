/* A parser for the one form of dictionary that NumPy writes; blanks may be between any two
 * words. */
#include "data/read/npy_dictionary.h"

#include <string.h>

#include "base/sizes.h"

struct cursor {
    const char *at;
    const char *end;
};

static void skip_blanks(struct cursor *cursor)
{
    while (cursor->at < cursor->end && memchr(" \t\r\n", *cursor->at, 4))
        cursor->at++;
}

/* Takes `word` and the blanks around it if it is next. */
static bool take(struct cursor *cursor, const char *word)
{
    size_t length = strlen(word);
    skip_blanks(cursor);
    if ((size_t)(cursor->end - cursor->at) < length || memcmp(cursor->at, word, length) != 0)
        return false;
    cursor->at += length;
    skip_blanks(cursor);
    return true;
}

/* A text in quotes of either kind, cut to `room` - 1 bytes. */
static bool take_text(struct cursor *cursor, char *text, size_t room)
{
    if (cursor->at == cursor->end || (*cursor->at != '\'' && *cursor->at != '"'))
        return false;
    const char *begin = cursor->at + 1;
    const char *end = memchr(begin, *cursor->at, (size_t)(cursor->end - begin));
    if (!end || memchr(begin, '\\', (size_t)(end - begin)) ||
        memchr(begin, '\0', (size_t)(end - begin)))
        return false;
    size_t length = bp_size_min((size_t)(end - begin), room - 1);
    memcpy(text, begin, length);
    text[length] = '\0';
    cursor->at = end + 1;
    skip_blanks(cursor);
    return true;
}

static bool take_flag(struct cursor *cursor, bool *flag)
{
    *flag = take(cursor, "True");
    return *flag || take(cursor, "False");
}

/* NumPy for Python 2 wrote an L after long integers. */
static bool take_size(struct cursor *cursor, size_t *size)
{
    const char *begin = cursor->at;
    *size = 0;
    for (; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9'; cursor->at++)
        if (!bp_size_mul(*size, 10, size) || !bp_size_add(*size, (size_t)(*cursor->at - '0'), size))
            return false;
    bool any = cursor->at > begin;
    take(cursor, "L");
    return any;
}

/* "(3, 4)", "(3,)" or "()": a comma may be missing before ")" but not in a tuple of one. */
static bool take_shape(struct cursor *cursor, struct bp_npy_array *array)
{
    array->dimensions = 0;
    if (!take(cursor, "("))
        return false;
    bool comma = true;
    while (!take(cursor, ")")) {
        if (!comma || array->dimensions == BP_NPY_DIMENSIONS_MAX ||
            !take_size(cursor, &array->shape[array->dimensions]))
            return false;
        array->dimensions++;
        comma = take(cursor, ",");
    }
    return comma || array->dimensions > 1;
}

enum key { KEY_DESCR, KEY_FORTRAN_ORDER, KEY_SHAPE, KEYS };

static const char *const key_names[KEYS] = {"descr", "fortran_order", "shape"};

static const char *const missing[KEYS] = {"the key 'descr' is missing",
                                          "the key 'fortran_order' is missing",
                                          "the key 'shape' is missing"};

/* Returns KEYS if it is none of them. */
static enum key take_key(struct cursor *cursor)
{
    char name[BP_NPY_TYPE_SIZE];
    enum key key = KEY_DESCR;
    if (!take_text(cursor, name, sizeof name))
        return KEYS;
    while (key < KEYS && strcmp(name, key_names[key]) != 0)
        key++;
    return take(cursor, ":") ? key : KEYS;
}

static const char *take_value(struct cursor *cursor, enum key key, struct bp_npy_array *array,
                              char type[BP_NPY_TYPE_SIZE])
{
    switch (key) {
    case KEY_DESCR:
        if (take(cursor, "["))
            return "the array holds records; save the columns as one array of numbers";
        return take_text(cursor, type, BP_NPY_TYPE_SIZE) ? NULL : "'descr' is not a text";
    case KEY_FORTRAN_ORDER:
        return take_flag(cursor, &array->fortran_order) ? NULL
                                                        : "'fortran_order' is not True or False";
    case KEY_SHAPE:
        return take_shape(cursor, array) ? NULL : "'shape' is not a tuple of sizes";
    case KEYS:
        break;
    }
    return "a key is none of 'descr', 'fortran_order' and 'shape'";
}

const char *bp_npy_parse_dictionary(const char *text, size_t size, struct bp_npy_array *array,
                                    char type[BP_NPY_TYPE_SIZE])
{
    struct cursor cursor = {text, text + size};
    bool seen[KEYS] = {false};
    if (!take(&cursor, "{"))
        return "it does not begin with {";
    for (bool comma = true; !take(&cursor, "}"); comma = take(&cursor, ",")) {
        if (!comma)
            return "a comma is missing";
        enum key key = take_key(&cursor);
        const char *complaint = take_value(&cursor, key, array, type);
        if (complaint)
            return complaint;
        if (seen[key])
            return "a key is there twice";
        seen[key] = true;
    }
    for (enum key key = KEY_DESCR; key < KEYS; key++)
        if (!seen[key])
            return missing[key];
    return cursor.at == cursor.end ? NULL : "something follows the }";
}
