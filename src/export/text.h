/* Text and bytes that grow in memory. Without memory nothing more is appended, and the end says so;
 * until then nobody has to ask. */
#ifndef BP_EXPORT_TEXT_H
#define BP_EXPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct bp_export_text {
    char *bytes; /* of malloc(): `length` of them, of `room` */
    size_t length, room;
    bool failed; /* there was no memory, or there are too many bytes */
};

void bp_export_release(struct bp_export_text *text);

void bp_export_put_bytes(struct bp_export_text *text, const void *bytes, size_t count);

/* As printf(). Numbers that are not whole are for bp_export_put_real(): printf() follows the
 * locale. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void bp_export_put(struct bp_export_text *text, const char *format, ...);

/* A binary32 as a constant of C99, "0x1.8p+1f": the same bits, and in every locale. */
void bp_export_put_hex(struct bp_export_text *text, float value);

/* The fewest decimal digits that are read as the same binary64, or, with `narrow`, binary32. */
void bp_export_put_real(struct bp_export_text *text, double value, bool narrow);

/* In double quotes as C, Python and JavaScript read it: quotes, backslashes and control characters
 * by backslashes; other bytes as they are, or, with `ascii`, by three octal digits. */
void bp_export_put_quoted(struct bp_export_text *text, const char *word, bool ascii);

/* As much of a word as stands in a comment of one line that block comments of C end: control
 * characters and what would end the comment become blanks. */
void bp_export_put_remark(struct bp_export_text *text, const char *word);

#endif
