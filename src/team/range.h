/* An even cut of work, as a pure function of its arguments. */
#ifndef BP_TEAM_RANGE_H
#define BP_TEAM_RANGE_H

#include <stddef.h>

struct bp_range {
    size_t begin, end;
};

/*
 * Part `part` of `parts` of the items 0 ... count - 1; parts differ by one item at the most, the
 * longer ones first.
 *
 *   count 10, parts 4:  [0,3) [3,6) [6,8) [8,10)
 *   count  2, parts 4:  [0,1) [1,2) [2,2) [2,2)
 */
static inline struct bp_range bp_range_of(size_t count, size_t parts, size_t part)
{
    const size_t each = count / parts, longer = count % parts;
    const size_t begin = part * each + (part < longer ? part : longer);
    return (struct bp_range){begin, begin + each + (part < longer)};
}

/* The part that item `item` is in, where parts are at most as many as items. */
static inline size_t bp_range_find(size_t count, size_t parts, size_t item)
{
    const size_t each = count / parts, longer = count % parts;
    const size_t begin = longer * (each + 1); /* of those that are not longer */
    return item < begin ? item / (each + 1) : longer + (item - begin) / each;
}

#endif
