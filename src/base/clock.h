/* Time that only goes forward. */
#ifndef BP_BASE_CLOCK_H
#define BP_BASE_CLOCK_H

/* Seconds since an arbitrary moment. */
double bp_clock_seconds(void);

#endif
