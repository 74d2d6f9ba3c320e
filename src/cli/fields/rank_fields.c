/* Hosts in the order of ranks, each once. */
#include "cli/fields/rank_fields.h"

#include <string.h>

#include "cli/terminal/ranks.h"

/* Names of hosts that people see: a job may have hundreds. */
#define HOSTS_SHOWN 8

/* The next rank after `rank` whose host none before it has; the number of ranks: there is none. */
static size_t find_next_host(const bp_ranks *ranks, size_t rank)
{
    bool known = true;
    while (known && ++rank < bp_ranks_count(ranks)) {
        known = false;
        for (size_t r = 0; r < rank && !known; r++)
            known = strcmp(bp_ranks_host(ranks, r), bp_ranks_host(ranks, rank)) == 0;
    }
    return rank;
}

static size_t count_hosts(const bp_ranks *ranks)
{
    size_t count = 0;
    for (size_t r = 0; r < bp_ranks_count(ranks); r = find_next_host(ranks, r))
        count++;
    return count;
}

static void put_hosts(struct fields *out, const bp_ranks *ranks)
{
    fields_array(out, "hosts");
    for (size_t r = 0; r < bp_ranks_count(ranks); r = find_next_host(ranks, r))
        fields_text(out, "", NULL, bp_ranks_host(ranks, r));
    fields_close(out);
}

static void say_hosts(struct fields *out, const bp_ranks *ranks)
{
    const size_t hosts = count_hosts(ranks);
    size_t shown = 0;
    fields_more(out, " on %zu host%s", hosts, hosts == 1 ? "" : "s");
    for (size_t r = 0; r < bp_ranks_count(ranks) && shown < HOSTS_SHOWN;
         r = find_next_host(ranks, r))
        fields_more(out, "%s %s", shown++ == 0 ? ":" : ",", bp_ranks_host(ranks, r));
    if (hosts > shown)
        fields_more(out, " and %zu more", hosts - shown);
}

void rank_fields_put(struct fields *out, size_t threads, size_t all)
{
    const bp_ranks *ranks = ranks_get();
    const size_t count = bp_ranks_count(ranks);
    fields_whole(out, "ranks", NULL, count);
    if (count == 1) {
        fields_null(out, "hosts");
        return;
    }
    put_hosts(out, ranks);
    if (out->json)
        return;
    fields_line(out, "ranks", "%zu", count);
    if (all == count * threads)
        fields_more(out, " x %zu thread%s", threads, threads == 1 ? "" : "s");
    else if (all > 0)
        fields_more(out, " with %zu threads", all);
    say_hosts(out, ranks);
}
