/* Words that all ranks gather, a few dozen times a second. */
#include "train/dealing/rank_dealing.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/sizes.h"
#include "train/dealing/rank_notes.h"

/* Of what a piece takes, a thread that is free waits for half of this on the average. */
#define PIECE_BETWEEN_WORDS   (1.0 / 40)
#define SECONDS_BETWEEN_MIN   0.001
#define SECONDS_BETWEEN_WORDS 0.02 /* at most */
#define ENDED_MAX             32   /* pieces in a word; others wait for the next one */
#define AHEAD_MAX             4096 /* pieces that wait for a thread */

/* What one rank says. */
struct word {
    double share;
    size_t wants;             /* pieces */
    size_t ended;             /* pieces that are done since the last word */
    size_t number[ENDED_MAX]; /* which ones */
    size_t notes;             /* that follow the words */
    bool stops;               /* it wants the end, or knows that somebody does */
    bool finished;            /* it knows, and has nothing more to do or to say */
};

/* Numbers of pieces, first in first out. */
struct line {
    size_t *number;
    size_t begin, end;
};

struct bp_rank_dealing {
    const struct bp_rank_dealing_options *options;
    struct word *word; /* of each rank */
    double start;
    size_t dealt, sent;      /* pieces; the same on every rank */
    pthread_mutex_t mutex;   /* of what follows */
    pthread_cond_t given;    /* a piece, or the end */
    pthread_cond_t returned; /* a piece, or a thread waits */
    pthread_cond_t room;     /* for a note */
    struct bp_rank_notes notes;
    struct line todo; /* dealt to this rank */
    struct line done; /* by this rank, not yet said */
    size_t waiting;   /* threads */
    size_t running;   /* pieces */
    bool stopped;     /* no piece is begun any more */
};

static size_t length(const struct line *line)
{
    return line->end - line->begin;
}

bp_status bp_rank_dealing_create(struct bp_rank_dealing **out,
                                 const struct bp_rank_dealing_options *options, bp_error *error)
{
    const size_t pieces = bp_size_max(options->count, 1);
    struct bp_rank_dealing *dealing = calloc(1, sizeof *dealing);
    *out = NULL;
    if (!dealing)
        return bp_fail_memory(error, "what is dealt to ranks");
    dealing->options = options;
    dealing->word = calloc(options->ranks->count, sizeof *dealing->word);
    dealing->todo.number = calloc(pieces, sizeof *dealing->todo.number);
    dealing->done.number = calloc(pieces, sizeof *dealing->done.number);
    pthread_mutex_init(&dealing->mutex, NULL);
    pthread_cond_init(&dealing->given, NULL);
    pthread_cond_init(&dealing->returned, NULL);
    pthread_cond_init(&dealing->room, NULL);
    bp_status status = bp_rank_notes_make(&dealing->notes, options->note_bytes, error);
    if (!status && !(dealing->word && dealing->todo.number && dealing->done.number))
        status = bp_fail_memory(error, "what is dealt to ranks");
    if (status)
        bp_rank_dealing_free(dealing);
    else
        *out = dealing;
    return status;
}

void bp_rank_dealing_free(struct bp_rank_dealing *dealing)
{
    if (!dealing)
        return;
    pthread_cond_destroy(&dealing->room);
    pthread_cond_destroy(&dealing->returned);
    pthread_cond_destroy(&dealing->given);
    pthread_mutex_destroy(&dealing->mutex);
    bp_rank_notes_release(&dealing->notes);
    free(dealing->done.number);
    free(dealing->todo.number);
    free(dealing->word);
    free(dealing);
}

/* ---- the threads that work ---- */

bool bp_rank_dealing_take(struct bp_rank_dealing *dealing, size_t *number)
{
    pthread_mutex_lock(&dealing->mutex);
    dealing->waiting++;
    while (length(&dealing->todo) == 0 && !dealing->stopped) {
        pthread_cond_signal(&dealing->returned);
        pthread_cond_wait(&dealing->given, &dealing->mutex);
    }
    dealing->waiting--;
    const bool taken = !dealing->stopped;
    if (taken)
        *number = dealing->todo.number[dealing->todo.begin++];
    dealing->running += taken;
    pthread_mutex_unlock(&dealing->mutex);
    return taken;
}

void bp_rank_dealing_end(struct bp_rank_dealing *dealing, size_t number)
{
    pthread_mutex_lock(&dealing->mutex);
    dealing->done.number[dealing->done.end++] = number;
    dealing->running--;
    pthread_cond_signal(&dealing->returned);
    pthread_mutex_unlock(&dealing->mutex);
}

void bp_rank_dealing_note(struct bp_rank_dealing *dealing, size_t number, const void *note)
{
    pthread_mutex_lock(&dealing->mutex);
    while (bp_rank_notes_are_full(&dealing->notes)) {
        pthread_cond_signal(&dealing->returned);
        pthread_cond_wait(&dealing->room, &dealing->mutex);
    }
    bp_rank_notes_keep(&dealing->notes, number, note);
    pthread_mutex_unlock(&dealing->mutex);
}

void bp_rank_dealing_stop(struct bp_rank_dealing *dealing)
{
    pthread_mutex_lock(&dealing->mutex);
    dealing->stopped = true;
    pthread_cond_broadcast(&dealing->given);
    pthread_mutex_unlock(&dealing->mutex);
}

/* ---- the thread that does the messages ---- */

/* With the lock: what there is to say does not get more by waiting. */
static bool is_time(const struct bp_rank_dealing *dealing)
{
    const bool dry = length(&dealing->todo) == 0 && dealing->running == 0;
    return dealing->waiting == dealing->options->threads || length(&dealing->done) >= ENDED_MAX ||
           bp_rank_notes_are_full(&dealing->notes) || (dealing->stopped && dealing->running == 0) ||
           (dry && length(&dealing->done) > 0);
}

/* With the lock: what a piece has taken so far, on the average; the first one at least as long as
 * it runs. */
static double find_interval(const struct bp_rank_dealing *dealing)
{
    const double seconds = bp_clock_seconds() - dealing->start;
    const size_t done = bp_size_max(dealing->done.end, dealing->options->threads);
    const double piece = seconds * (double)dealing->options->threads / (double)done;
    return fmin(fmax(piece * PIECE_BETWEEN_WORDS, SECONDS_BETWEEN_MIN), SECONDS_BETWEEN_WORDS);
}

static void wait_with_lock(struct bp_rank_dealing *dealing)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)(1e9 * find_interval(dealing));
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (!is_time(dealing)) {
        if (pthread_cond_timedwait(&dealing->returned, &dealing->mutex, &until) != 0)
            return;
    }
}

/* With the lock: a piece for every thread that waits, and where pieces are short as many more as
 * are done until the word after the next one. */
static size_t count_wanted(const struct bp_rank_dealing *dealing)
{
    const double seconds = bp_clock_seconds() - dealing->start;
    const double rate = seconds > 0 ? (double)dealing->done.end / seconds : 0;
    const size_t ahead = (size_t)fmin(2 * find_interval(dealing) * rate, (double)AHEAD_MAX);
    const size_t wanted = dealing->waiting + ahead, queued = length(&dealing->todo);
    return wanted > queued ? wanted - queued : 0;
}

static void make_word(struct bp_rank_dealing *dealing, struct word *word)
{
    const struct bp_rank_dealing_options *options = dealing->options;
    pthread_mutex_lock(&dealing->mutex);
    wait_with_lock(dealing);
    struct line *done = &dealing->done;
    word->ended = bp_size_min(length(done), ENDED_MAX);
    memcpy(word->number, done->number + done->begin, word->ended * sizeof *word->number);
    done->begin += word->ended;
    word->notes = bp_rank_notes_take(&dealing->notes);
    pthread_cond_broadcast(&dealing->room);
    word->wants = count_wanted(dealing);
    word->finished = dealing->stopped && dealing->running == 0 && word->ended == 0;
    word->stops = dealing->stopped;
    pthread_mutex_unlock(&dealing->mutex);
    const struct bp_rank_state state = options->look(options->arg);
    word->share = state.share;
    word->stops = word->stops || state.stops;
}

/* The next pieces, by turns to those who want one. */
static void deal(struct bp_rank_dealing *dealing)
{
    const struct bp_rank_dealing_options *options = dealing->options;
    bool wanted = true;
    pthread_mutex_lock(&dealing->mutex);
    while (wanted) {
        wanted = false;
        for (size_t r = 0; r < options->ranks->count && dealing->dealt < options->count; r++) {
            if (dealing->word[r].wants == 0)
                continue;
            wanted = true;
            dealing->word[r].wants--;
            if (r == options->ranks->rank)
                dealing->todo.number[dealing->todo.end++] = dealing->dealt;
            dealing->dealt++;
        }
    }
    pthread_cond_broadcast(&dealing->given);
    pthread_mutex_unlock(&dealing->mutex);
}

/* Before what has come of their pieces. */
static void send_notes(struct bp_rank_dealing *dealing)
{
    const struct bp_rank_dealing_options *options = dealing->options;
    const size_t rank = options->ranks->rank;
    for (size_t r = 1; r < options->ranks->count; r++) {
        const size_t count = dealing->word[r].notes;
        if (count > 0 && (rank == 0 || rank == r))
            bp_rank_notes_send(&dealing->notes, options->ranks, r, count, options->hear_note,
                               options->arg);
    }
}

static bp_status send_ended(struct bp_rank_dealing *dealing, bp_error *error)
{
    const struct bp_rank_dealing_options *options = dealing->options;
    for (size_t r = 0; r < options->ranks->count; r++) {
        const struct word *word = &dealing->word[r];
        for (size_t k = 0; k < word->ended; k++) {
            const bp_status status = options->send(word->number[k], r, options->arg, error);
            if (status)
                return status;
            dealing->sent++;
        }
    }
    return BP_OK;
}

/* What all words say together. */
struct news {
    bool stops;    /* somebody wants the end */
    bool finished; /* every rank is */
};

static struct news hear_words(struct bp_rank_dealing *dealing)
{
    const struct bp_rank_dealing_options *options = dealing->options;
    struct bp_rank_state others = {.share = 0};
    struct news news = {.finished = true};
    for (size_t r = 0; r < options->ranks->count; r++) {
        const struct word *word = &dealing->word[r];
        news.finished = news.finished && word->finished;
        news.stops = news.stops || word->stops;
        if (r != options->ranks->rank)
            others.share += word->share - (double)word->ended;
    }
    others.stops = news.stops;
    options->hear(others, options->arg);
    return news;
}

bp_status bp_rank_dealing_run(struct bp_rank_dealing *dealing, bp_error *error)
{
    const struct bp_rank_dealing_options *options = dealing->options;
    bp_status status = BP_OK;
    bool over = options->count == 0;
    dealing->start = bp_clock_seconds();
    while (!over) {
        struct word own = {.share = 0};
        make_word(dealing, &own);
        bp_ranks_gather(options->ranks, &own, dealing->word, sizeof own);
        const struct news news = hear_words(dealing);
        if (status || news.stops)
            bp_rank_dealing_stop(dealing);
        else
            deal(dealing); /* so that threads work while results are on their way */
        send_notes(dealing);
        if (!status)
            status = send_ended(dealing, error);
        over = news.finished || dealing->sent == options->count;
    }
    bp_rank_dealing_stop(dealing);
    return status;
}
