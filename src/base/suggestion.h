/* What a message adds to a word that is unknown. */
#ifndef BP_BASE_SUGGESTION_H
#define BP_BASE_SUGGESTION_H

#define BP_SUGGESTION_SIZE 96

/* Writes '; did you mean "--epochs"?' to `text`, for "--" and a name of bp_nearest_name(), or ""
 * for NULL; returns it. */
const char *bp_suggestion_write(const char *before, const char *nearest,
                                char text[BP_SUGGESTION_SIZE]);

#endif
