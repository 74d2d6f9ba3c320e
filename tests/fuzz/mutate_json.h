/* Changes in a tree of JSON, for mutators. */
#ifndef BP_TESTS_FUZZ_MUTATE_JSON_H
#define BP_TESTS_FUZZ_MUTATE_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* A step of a generator of numbers: the next one. */
uint32_t mutate_draw(uint32_t *state);

/* Changes one node of a tree, or what a container has: a value becomes another one, also of another
 * kind, a key is dropped, added or renamed, an item dropped, doubled, moved, or many are added. A
 * text that is itself an object of JSON is changed within. Returns the tree, which may be another
 * one than `root`, of which it takes the reference. */
json_t *mutate_json(json_t *root, uint32_t *state);

#endif
