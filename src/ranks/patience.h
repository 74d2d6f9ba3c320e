/* Pauses of one who polls: none at first, then turns for others, then sleep. */
#ifndef BP_RANKS_PATIENCE_H
#define BP_RANKS_PATIENCE_H

struct bp_patience {
    unsigned polls; /* so far */
};

void bp_patience_pause(struct bp_patience *patience);

#endif
