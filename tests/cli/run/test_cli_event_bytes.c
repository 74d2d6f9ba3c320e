/* The bytes of TensorBoard's event files, against values from the formats' own documents. */
#include <string.h>

#include <criterion/criterion.h>

#include "cli/run/event_bytes.h"

static uint32_t check(const char *text)
{
    return event_crc32c((const unsigned char *)text, strlen(text));
}

Test(cli_event_bytes, the_check_is_that_of_rfc_3720)
{
    unsigned char bytes[32] = {0};

    cr_assert_eq(check("123456789"), 0xe3069283);
    cr_assert_eq(check(""), 0);
    cr_assert_eq(event_crc32c(bytes, sizeof bytes), 0x8a9136aa);
    memset(bytes, 0xff, sizeof bytes);
    cr_assert_eq(event_crc32c(bytes, sizeof bytes), 0x62a8ab43);
    for (size_t k = 0; k < sizeof bytes; k++)
        bytes[k] = (unsigned char)k;
    cr_assert_eq(event_crc32c(bytes, sizeof bytes), 0x46dd794e);
}

static void expect_bytes(const struct event *event, const char *bytes, size_t size)
{
    cr_assert_eq(event->size, size, "%zu bytes, not %zu", event->size, size);
    cr_assert_arr_eq(event->bytes, bytes, size);
}

Test(cli_event_bytes, an_event_has_its_time_and_its_step)
{
    struct event event;
    event_begin(&event, 1.0, 300);

    expect_bytes(&event, "\x09\0\0\0\0\0\0\xf0\x3f\x10\xac\x02", 12);
}

Test(cli_event_bytes, the_version_is_that_of_event_files)
{
    struct event event;
    event_begin(&event, 0.0, 0);
    event_put_version(&event);

    expect_bytes(&event,
                 "\x09\0\0\0\0\0\0\0\0\x10\0\x1a\x0d"
                 "brain.Event:2",
                 26);
}

Test(cli_event_bytes, a_scalar_is_a_summary_with_one_value)
{
    struct event event;
    event_begin(&event, 0.0, 1);
    event_put_scalar(&event, "a", 1.0f);

    expect_bytes(&event,
                 "\x09\0\0\0\0\0\0\0\0\x10\x01\x2a\x0a\x0a\x08\x0a\x01"
                 "a\x15\0\0\x80\x3f",
                 23);
}

Test(cli_event_bytes, a_restart_is_a_session_that_starts)
{
    struct event event;
    event_begin(&event, 0.0, 1);
    event_put_restart(&event);

    expect_bytes(&event, "\x09\0\0\0\0\0\0\0\0\x10\x01\x3a\x02\x08\x01", 15);
}

Test(cli_event_bytes, a_long_tag_is_cut_and_fits)
{
    struct event event;
    char tag[500];
    memset(tag, 't', sizeof tag - 1);
    tag[sizeof tag - 1] = '\0';

    event_begin(&event, 1e300, UINT64_MAX);
    event_put_scalar(&event, tag, -1.0f);

    cr_assert_leq(event.size, EVENT_SIZE_MAX);
    cr_assert_eq(event.bytes[20], 0x2a);
    cr_assert_eq(event.bytes[25], EVENT_TAG_MAX);
}

/* The first record of every event file that TensorBoard's own writer makes has this head. */
Test(cli_event_bytes, a_record_has_its_size_with_a_masked_check_before_it)
{
    struct event event = {.size = 24};
    unsigned char head[EVENT_HEAD_SIZE], tail[EVENT_TAIL_SIZE];
    event_frame(&event, head, tail);

    cr_assert_arr_eq(head, "\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22", EVENT_HEAD_SIZE);
}
