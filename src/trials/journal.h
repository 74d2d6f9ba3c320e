/*
 * The trials that are done, one line of JSON for each: a run that was cut short leaves the lines of
 * those that ended, and the next one does the others.
 *     {"journal": "batchprop trials", "version": TEXT, "numerics": NUMBER, "rows": TEXT,
 *      "digest": TEXT}
 *     {"trial": NUMBER, "made_with": OBJECT, "result": OBJECT, "digest": TEXT}
 *     ...
 * "rows" is their digest, "made_with" is of bp_trial_describe(), "result" of bp_trial_to_json();
 * "digest" is XXH3-128 over what stands before it in the line, up to its comma.
 */
#ifndef BP_TRIALS_JOURNAL_H
#define BP_TRIALS_JOURNAL_H

#include <stdbool.h>

#include "base/status.h"

struct bp_journal;

/* Opens the file at trials->journal, which is made if it is missing, for adding. Fills the results
 * of trials that are in it, and sets done[k] for those. What follows the last newline is cut off.
 * Keeps `trials`. Errors: IO; INPUT, a sentence with path and line (not a journal, damaged, or of
 * other rows, version or options: the first difference); MEMORY. */
bp_status bp_journal_open(struct bp_journal **out, const bp_trials *trials,
                          bp_trial_result *results, bool *done, bp_error *error);
void bp_journal_close(struct bp_journal *journal);

/* Adds a trial that has ended, onto the disk, but for one that was stopped or failed for want of
 * memory, threads or files: that is for another time. Any thread. After a failure nothing is added
 * any more. Errors: IO, MEMORY. */
bp_status bp_journal_add(struct bp_journal *journal, size_t number, const bp_trial_result *result,
                         bp_error *error);

/* BP_OK, or the first failure of bp_journal_add(). */
bp_status bp_journal_check(const struct bp_journal *journal, bp_error *error);

#endif
