/*
 * What the fuzz targets share. A target is a file fuzz_NAME.c with the one function that libFuzzer
 * calls; it is linked with libFuzzer, or with replay.c, which calls it with files. A target ends
 * the program where a promise is broken; the sanitizers end it for the rest.
 */
#ifndef BP_TESTS_FUZZ_H
#define BP_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is left of an input: its first bytes choose options, the others are the file. */
struct fuzz_input {
    const uint8_t *data;
    size_t size;
};

/* The next byte; 0 after the last one. */
unsigned fuzz_byte(struct fuzz_input *input);

/* The rest, up to its first NUL, as a text of malloc(). */
char *fuzz_text(const struct fuzz_input *input);

/* Puts bytes into the one file of the process, and returns its path, which is the same each time.
 * The file has no name of its own, so that nothing of it is left whatever happens. */
const char *fuzz_file(const void *data, size_t size);

/* The same in a file with a name, for what looks at where a path leads; the caller removes it. */
const char *fuzz_named_file(const void *data, size_t size);

/* Prints what was expected, and the place, and ends the program unless `holds`. */
#define FUZZ_REQUIRE(holds) ((holds) ? (void)0 : fuzz_fail(#holds, __FILE__, __LINE__))
void fuzz_fail(const char *what, const char *file, int line);

#endif
