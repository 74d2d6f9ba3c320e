#include "export/onnx_message.h"

#include "base/memory.h"

/* What protobuf-c appends to. */
struct appender {
    ProtobufCBuffer base; /* the first member: a pointer to it is one to the struct */
    struct bp_export_text *text;
};

static void append(ProtobufCBuffer *buffer, size_t length, const uint8_t *bytes)
{
    struct appender *appender = (struct appender *)buffer;
    bp_export_put_bytes(appender->text, bytes, length);
}

void bp_onnx_put_message(struct bp_export_text *text, const ProtobufCMessage *message)
{
    struct appender appender = {.base = {append}, .text = text};
    protobuf_c_message_pack_to_buffer(message, &appender.base);
}

ProtobufCBinaryData *bp_onnx_words(char *const *word, size_t count)
{
    ProtobufCBinaryData *words = bp_array_alloc(count, sizeof *words);
    for (size_t k = 0; words && k < count; k++)
        words[k] = bp_onnx_word(word[k]);
    return words;
}
