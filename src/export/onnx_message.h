/* Messages of protobuf-c as bytes of an exported model; only the sources onnx_*.c see them. */
#ifndef BP_EXPORT_ONNX_MESSAGE_H
#define BP_EXPORT_ONNX_MESSAGE_H

#include <export/onnx_schema.pb-c.h>
#include <string.h>

#include "export/text.h"

/* Texts of messages that are written are not changed. */
static inline char *bp_onnx_text(const char *text)
{
    return (char *)text;
}

static inline ProtobufCBinaryData bp_onnx_word(const char *text)
{
    return (ProtobufCBinaryData){strlen(text), (uint8_t *)text};
}

/* `count` texts as bytes of messages, in an array for free() that borrows them; or NULL. */
ProtobufCBinaryData *bp_onnx_words(char *const *word, size_t count);

/* Appends a message; it allocates nothing else. */
void bp_onnx_put_message(struct bp_export_text *text, const ProtobufCMessage *message);

#endif
