/* The vocabulary join: which name tokens of a batch agree with which of a list, and at what level. The same as
 * kernel/relate.py does with NumPy, token by token. Part of native.c.
 *
 * What comes from a file (everything of the right side) is checked before it is followed.
 */

enum { WIDTH = 40, KINDS = 16, RELATIONS = 32, SHORTER = 16, LEVELS = 32, NONE = 255, SEARCHED_AHEAD = 12 };

typedef struct {
    int64_t texts, bytes;
    const int64_t *start;
    const uint8_t *data;
} texts_t;

typedef struct {
    int64_t tokens;
    texts_t folded, plain;
    const int8_t *script;
    const uint8_t *joined;
    const int16_t *length;
    const int32_t *rarity; /* tokens x roles */
    int64_t roles;
} tokens_t;

/* Hashes in ascending order, each with its token; `kind` of keys, absent of deletion forms. */
typedef struct {
    int64_t rows;
    const uint64_t *hash;
    const int32_t *token;
    const int8_t *kind;
} keyed_t;

/* `key_rank`: by kind of key and relation of the two tokens; `slip_rank`: by distance, letters of the shorter, and
 * whether a letter is a syllable. A rank orders levels by their cost; NONE: no agreement. */
typedef struct {
    uint8_t key_rank[KINDS * RELATIONS], slip_rank[3 * SHORTER * 2];
    uint8_t may_slip[LEVELS]; /* by rank: whether a slip may cost less */
    uint8_t is_latin[256], is_han[256], is_abjad[256], is_syllabic[256]; /* by script */
    int64_t long_enough, least_letters, unknown;
} rules_t;

/* Pairs by left token, then right token: freed by netpursuit_forget. */
typedef struct {
    int64_t rows, *key;
    uint8_t *rank;
} related_t;

typedef struct {
    uint64_t hash;
    int32_t token;
} probe_t;

typedef struct {
    int64_t low, count;
    int32_t token;
} hit_t;

typedef struct {
    probe_t *rows;
    int64_t used, size;
} probes_t;

static int put_probe(probes_t *probes, uint64_t hash, int64_t token) {
    if (probes->used == probes->size) {
        int64_t size = probes->size ? 2 * probes->size : 1024;
        probe_t *more = realloc(probes->rows, (size_t)size * sizeof(probe_t));
        if (!more) return 0;
        probes->rows = more;
        probes->size = size;
    }
    probes->rows[probes->used++] = (probe_t){hash, (int32_t)token};
    return 1;
}

/* The letters of one text; `at` has room for `room`. */
typedef struct {
    uint32_t *at;
    int64_t count, room;
} letters_t;

/* The code points of row `row`, each plus one; 0, DAMAGED or NO_MEMORY. */
static int64_t read_letters(const texts_t *texts, int64_t row, letters_t *out) {
    if (row < 0 || row >= texts->texts) return DAMAGED;
    int64_t at = texts->start[row], end = texts->start[row + 1];
    if (at < 0 || end < at || end > texts->bytes) return DAMAGED;
    if (end - at > out->room) {
        uint32_t *more = realloc(out->at, (size_t)(2 * (end - at)) * sizeof *more);
        if (!more) return NO_MEMORY;
        out->at = more;
        out->room = 2 * (end - at);
    }
    out->count = 0;
    while (at < end) {
        uint32_t first = texts->data[at++];
        int more = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
        uint32_t letter = more ? first & (0x3Fu >> more) : first;
        for (; more && at < end; more--) letter = letter << 6 | (texts->data[at++] & 0x3F);
        out->at[out->count++] = letter + 1;
    }
    return 0;
}

/* The hash of a text and of every form with one letter left out, as kernel/deletions.py makes them. */
static int put_forms(probes_t *probes, const letters_t *text, int64_t token) {
    const uint64_t base = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t terms[WIDTH], inverse = base, whole = 0, before = 0, power = 1;
    for (int round = 0; round < 5; round++) inverse *= 2 - base * inverse; /* Newton, modulo 2^64 */
    int64_t count = text->count < WIDTH ? text->count : WIDTH;
    for (int64_t at = 0; at < count; at++, power *= base) whole += terms[at] = text->at[at] * power;
    if (!put_probe(probes, whole, token)) return 0;
    for (int64_t at = 0; at < count; at++) {
        if (!put_probe(probes, before + (whole - before - terms[at]) * inverse, token)) return 0;
        before += terms[at];
    }
    return 1;
}

/* The first row of a hash not below `wanted`, searched outwards from `at`. */
static int64_t lower(const uint64_t *hash, int64_t rows, int64_t at, uint64_t wanted) {
    int64_t low, high, step = 1;
    if (at >= rows) at = rows - 1;
    if (hash[at] < wanted) {
        low = at + 1;
        while ((high = at + step) < rows && hash[high] < wanted) low = high + 1, step *= 2;
        if (high > rows) high = rows;
    } else {
        high = at;
        while ((low = at - step) >= 0 && hash[low] >= wanted) high = low, step *= 2;
        low = low < 0 ? 0 : low + 1;
    }
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (hash[middle] < wanted) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Every probe that `keyed` holds, into `hits`; adds to `counts` by token. NO_MEMORY or how many.
 * Probes are taken by their leading bits, so that the search walks through memory once, and are looked for where an
 * even spread of hashes would have them. */
static int64_t search(probes_t *probes, const keyed_t *keyed, hit_t **hits, int64_t *counts) {
    int64_t used = probes->used, found = 0;
    *hits = malloc((size_t)(used ? used : 1) * sizeof(hit_t));
    if (!*hits) return NO_MEMORY;
    if (!keyed->rows || !used) return 0;
    int bits = 0;
    while (bits < 12 && (int64_t)16 << bits < used) bits++;
    int64_t shelves = (int64_t)1 << bits;
    probe_t *sorted = malloc((size_t)used * sizeof(probe_t));
    int64_t *place = calloc((size_t)shelves + 1, sizeof(int64_t));
    if (!sorted || !place) {
        free(sorted);
        free(place);
        return NO_MEMORY;
    }
#define SHELF(hash) (bits ? (int64_t)((hash) >> (64 - bits)) : 0)
    for (int64_t at = 0; at < used; at++) place[SHELF(probes->rows[at].hash) + 1]++;
    for (int64_t at = 0; at < shelves; at++) place[at + 1] += place[at];
    for (int64_t at = 0; at < used; at++) sorted[place[SHELF(probes->rows[at].hash)]++] = probes->rows[at];
    int64_t low = 0, begin = 0;
    for (int64_t shelf = 0; shelf < shelves; shelf++) {
        int64_t end = place[shelf];
        if (begin == end) continue;
        uint64_t floor = bits ? (uint64_t)shelf << (64 - bits) : 0;
        double width = bits ? (double)(UINT64_C(1) << (64 - bits)) : 18446744073709551616.0;
        low = lower(keyed->hash, keyed->rows, low, floor);
        int64_t high = shelf + 1 == shelves ? keyed->rows
                                            : lower(keyed->hash, keyed->rows, low, (uint64_t)(shelf + 1) << (64 - bits));
        double rows = (double)(high - low) / width;
#define GUESS(probe) (low + (int64_t)((double)((probe).hash - floor) * rows))
        for (int64_t at = begin; at < end && high > low; at++) {
            if (at + SEARCHED_AHEAD < end) {
                int64_t ahead = GUESS(sorted[at + SEARCHED_AHEAD]);
                PREFETCH(&keyed->hash[ahead < high ? ahead : high - 1]);
            }
            int64_t first = lower(keyed->hash, keyed->rows, GUESS(sorted[at]), sorted[at].hash), last = first;
            while (last < keyed->rows && keyed->hash[last] == sorted[at].hash) last++;
            if (last == first) continue;
            PREFETCH(&keyed->token[first]);
            (*hits)[found++] = (hit_t){first, last - first, sorted[at].token};
            counts[sorted[at].token] += last - first;
        }
        begin = end;
    }
    free(sorted);
    free(place);
    return found;
}

/* Optimal string alignment without what both begin and end with; 3 for more than two slips. `rows`: room for three
 * rows of the longer text. */
static int64_t slips(const letters_t *left, const letters_t *right, int64_t *rows) {
    const uint32_t *one = left->at, *other = right->at;
    int64_t ones = left->count, others = right->count;
    while (ones && others && *one == *other) one++, other++, ones--, others--;
    while (ones && others && one[ones - 1] == other[others - 1]) ones--, others--;
    if (ones - others > 2 || others - ones > 2) return 3;
    if (!ones || !others) return ones + others;
    int64_t *before = rows, *last = rows + others + 1, *now = last + others + 1;
    for (int64_t at = 0; at <= others; at++) last[at] = at, before[at] = 3;
    for (int64_t row = 1; row <= ones; row++) {
        int64_t least = now[0] = row;
        for (int64_t at = 1; at <= others; at++) {
            int64_t best = last[at - 1] + (one[row - 1] != other[at - 1]);
            if (last[at] + 1 < best) best = last[at] + 1;
            if (now[at - 1] + 1 < best) best = now[at - 1] + 1;
            if (row > 1 && at > 1 && one[row - 1] == other[at - 2] && one[row - 2] == other[at - 1] &&
                before[at - 2] + 1 < best)
                best = before[at - 2] + 1;
            now[at] = best;
            if (best < least) least = best;
        }
        if (least > 2) {
            int64_t lasts = 3;
            for (int64_t at = 0; at <= others; at++)
                if (last[at] < lasts) lasts = last[at];
            if (lasts > 1) return 3; /* a swap steps over one row, no more */
        }
        int64_t *free_row = before;
        before = last, last = now, now = free_row;
    }
    return last[others] < 3 ? last[others] : 3;
}

static int ascending(const void *left, const void *right) {
    uint64_t one = *(const uint64_t *)left, other = *(const uint64_t *)right;
    return (one > other) - (one < other);
}

static void sort_rows(uint64_t *rows, int64_t count) {
    if (count > 32) {
        qsort(rows, (size_t)count, sizeof *rows, ascending);
        return;
    }
    for (int64_t at = 1; at < count; at++) {
        uint64_t row = rows[at];
        int64_t to = at;
        for (; to > 0 && rows[to - 1] > row; to--) rows[to] = rows[to - 1];
        rows[to] = row;
    }
}

/* Of rows token << 8 | rank: in order, of each token the least rank; how many are left. */
static int64_t cheapest(uint64_t *rows, int64_t count) {
    int64_t kept = 0;
    sort_rows(rows, count);
    for (int64_t at = 0; at < count; at++)
        if (!kept || rows[at] >> 8 != rows[kept - 1] >> 8) rows[kept++] = rows[at];
    return kept;
}

static int32_t commonest(const tokens_t *tokens, int64_t token) {
    int32_t least = INT32_MAX;
    for (int64_t role = 0; role < tokens->roles; role++)
        if (tokens->rarity[token * tokens->roles + role] < least) least = tokens->rarity[token * tokens->roles + role];
    return least;
}

typedef struct {
    const tokens_t *left, *right;
    const rules_t *rules;
    letters_t one, other;
    int64_t *table, table_room;
} pair_t;

static uint8_t key_rank(const pair_t *pair, int64_t one, int64_t other, int8_t kind) {
    const tokens_t *left = pair->left, *right = pair->right;
    uint8_t ls = (uint8_t)left->script[one], rs = (uint8_t)right->script[other];
    if (kind < 0 || kind >= KINDS || (left->joined[one] && right->joined[other])) return NONE;
    int same = ls == rs, shorter = left->length[one] < right->length[other] ? left->length[one] : right->length[other];
    int relation = same | pair->rules->is_latin[ls] << 1 | (same && pair->rules->is_han[ls]) << 2 |
                   (pair->rules->is_abjad[ls] || pair->rules->is_abjad[rs]) << 3 |
                   (shorter >= pair->rules->long_enough) << 4;
    return pair->rules->key_rank[kind * RELATIONS + relation];
}

static int may_be_slip(const pair_t *pair, int64_t one, int64_t other) {
    const tokens_t *left = pair->left, *right = pair->right;
    if (left->script[one] != right->script[other] || (left->joined[one] && right->joined[other])) return 0;
    if (left->length[one] > pair->rules->least_letters && right->length[other] > pair->rules->least_letters) return 1;
    if (left->joined[one]) return 0;
    int32_t here = commonest(left, one), there = commonest(right, other);
    return (here >= pair->rules->unknown) != (there >= pair->rules->unknown);
}

static int is_alike(const texts_t *one, int64_t row, const texts_t *other, int64_t at) {
    int64_t size = one->start[row + 1] - one->start[row];
    return size == other->start[at + 1] - other->start[at] &&
           !memcmp(one->data + one->start[row], other->data + other->start[at], (size_t)size);
}

/* The slips between two tokens as they stand in one column; DAMAGED or NO_MEMORY. */
static int64_t distance(pair_t *pair, const texts_t *left, int64_t one, const texts_t *right, int64_t other) {
    int64_t fault = read_letters(left, one, &pair->one);
    if (!fault) fault = read_letters(right, other, &pair->other);
    if (fault) return fault;
    int64_t needed = 3 * (pair->other.count + 1);
    if (needed > pair->table_room) {
        free(pair->table);
        pair->table = malloc((size_t)(2 * needed) * sizeof *pair->table);
        pair->table_room = pair->table ? 2 * needed : 0;
        if (!pair->table) return NO_MEMORY;
    }
    return slips(&pair->one, &pair->other, pair->table);
}

static int is_within(const texts_t *texts, int64_t row) {
    return texts->start[row] >= 0 && texts->start[row + 1] >= texts->start[row] && texts->start[row + 1] <= texts->bytes;
}

/* The rank of a slip between two tokens, NONE where there is none, or DAMAGED or NO_MEMORY. */
static int64_t slip_rank(pair_t *pair, int64_t one, int64_t other) {
    const tokens_t *left = pair->left, *right = pair->right;
    int64_t least = distance(pair, &left->folded, one, &right->folded, other);
    if (least < 0) return least;
    if (!is_within(&left->plain, one) || !is_within(&right->plain, other)) return DAMAGED;
    if (!is_alike(&left->folded, one, &left->plain, one) || !is_alike(&right->folded, other, &right->plain, other)) {
        int64_t typed = distance(pair, &left->plain, one, &right->plain, other);
        if (typed < 0) return typed;
        if (typed < least) least = typed;
    }
    if (least > 2) return NONE;
    int64_t shorter = left->length[one] < right->length[other] ? left->length[one] : right->length[other];
    shorter = shorter < 0 ? 0 : shorter < SHORTER ? shorter : SHORTER - 1;
    return pair->rules->slip_rank[(least * SHORTER + shorter) * 2 + pair->rules->is_syllabic[(uint8_t)left->script[one]]];
}

/* Rows of `hits` by token: from start[token], token << 8 | rank of keys, token of deletion forms. DAMAGED, or 0. */
static int64_t spread(const hit_t *hits, int64_t count, const keyed_t *keyed, const pair_t *pair, int64_t *next,
                      uint64_t *rows) {
    for (int64_t at = 0; at < count; at++)
        for (int64_t row = hits[at].low; row < hits[at].low + hits[at].count; row++) {
            int64_t one = hits[at].token, other = keyed->token[row];
            if (other < 0 || other >= pair->right->tokens) return DAMAGED;
            if (keyed->kind) {
                uint8_t rank = key_rank(pair, one, other, keyed->kind[row]);
                if (rank != NONE) rows[next[one]++] = (uint64_t)other << 8 | rank;
            } else if (may_be_slip(pair, one, other)) rows[next[one]++] = (uint64_t)other;
        }
    return 0;
}

/* Where the rows of each token begin, if so many are to come; the sum behind the last. */
static void begin_at(const int64_t *counts, int64_t tokens, int64_t *start, int64_t *next) {
    start[0] = 0;
    for (int64_t at = 0; at < tokens; at++) start[at + 1] = start[at] + counts[at];
    memcpy(next, start, (size_t)tokens * sizeof *next);
}

/* Slips of one token among `near` (the tokens of the list, repeated), beside what agrees by keys (`own`, in order): written
 * over `near` as token << 8 | rank; how many, DAMAGED or NO_MEMORY. */
static int64_t find_slips(pair_t *pair, int64_t token, const uint64_t *own, int64_t count, uint64_t *near, int64_t some) {
    int64_t found = 0, known = 0;
    uint64_t before = UINT64_MAX;
    sort_rows(near, some);
    for (int64_t row = 0; row < some; row++) {
        uint64_t other = near[row];
        if (other == before) continue;
        before = other;
        while (known < count && own[known] >> 8 < other) known++;
        if (known < count && own[known] >> 8 == other && !pair->rules->may_slip[own[known] & (LEVELS - 1)]) continue;
        int64_t rank = slip_rank(pair, token, (int64_t)other);
        if (rank < 0) return rank;
        if (rank != NONE) near[found++] = other << 8 | (uint64_t)rank;
    }
    return found;
}

/* Two sorted runs as one, of each token the least rank. */
static void put_merged(related_t *out, int64_t base, const uint64_t *one, int64_t ones, const uint64_t *other,
                       int64_t others) {
    int64_t at = 0, to = 0;
    while (at < ones || to < others) {
        uint64_t row = to == others || (at < ones && one[at] <= other[to]) ? one[at] : other[to];
        while (at < ones && one[at] >> 8 == row >> 8) at++;
        while (to < others && other[to] >> 8 == row >> 8) to++;
        out->key[out->rows] = base + (int64_t)(row >> 8);
        out->rank[out->rows++] = (uint8_t)row;
    }
}

EXPORT void netpursuit_forget(related_t *out) {
    free(out->key);
    free(out->rank);
    *out = (related_t){0};
}

/* `editable`: left tokens of which a slip can be told; `more_left`, `more_right`: pairs that may be slips besides.
 * Answers 0, NO_MEMORY, or DAMAGED where an index leads outside of its column. */
EXPORT int64_t netpursuit_relate(const tokens_t *left, const keyed_t *left_keys, const uint8_t *editable,
                                 const tokens_t *right, const keyed_t *keys, const keyed_t *forms, int64_t more,
                                 const int64_t *more_left, const int64_t *more_right, const rules_t *rules,
                                 related_t *out) {
    int64_t tokens = left->tokens, fault = 0, key_hits = 0, form_hits = 0;
    probes_t key_probes = {0}, form_probes = {0};
    hit_t *by_key = NULL, *by_form = NULL;
    uint64_t *agreed = NULL, *near = NULL;
    pair_t pair = {.left = left, .right = right, .rules = rules};
    *out = (related_t){0};
    int64_t *numbers = calloc((size_t)(6 * (tokens + 1)), sizeof(int64_t));
    if (!numbers) return NO_MEMORY;
    int64_t *key_count = numbers, *form_count = key_count + tokens + 1, *key_start = form_count + tokens + 1;
    int64_t *form_start = key_start + tokens + 1, *key_end = form_start + tokens + 1, *form_end = key_end + tokens + 1;

    for (int64_t at = 0; at < left_keys->rows && !fault; at++) {
        int64_t token = left_keys->token[at];
        if (token < 0 || token >= tokens) fault = DAMAGED;
        else if (!put_probe(&key_probes, left_keys->hash[at], token)) fault = NO_MEMORY;
    }
    for (int64_t at = 0; at < tokens && !fault; at++) {
        if (!editable[at]) continue;
        fault = read_letters(&left->folded, at, &pair.one);
        if (!fault && !put_forms(&form_probes, &pair.one, at)) fault = NO_MEMORY;
        if (!fault && !is_within(&left->plain, at)) fault = DAMAGED;
        if (fault || is_alike(&left->folded, at, &left->plain, at)) continue;
        fault = read_letters(&left->plain, at, &pair.one);
        if (!fault && !put_forms(&form_probes, &pair.one, at)) fault = NO_MEMORY;
    }
    for (int64_t at = 0; at < more && !fault; at++) {
        if (more_left[at] < 0 || more_left[at] >= tokens || more_right[at] < 0 || more_right[at] >= right->tokens)
            fault = DAMAGED;
        else form_count[more_left[at]]++;
    }
    if (!fault && (key_hits = search(&key_probes, keys, &by_key, key_count)) < 0) fault = key_hits;
    if (!fault && (form_hits = search(&form_probes, forms, &by_form, form_count)) < 0) fault = form_hits;
    if (!fault) {
        begin_at(key_count, tokens, key_start, key_end);
        begin_at(form_count, tokens, form_start, form_end);
        size_t most = (size_t)(key_start[tokens] + form_start[tokens] + 1);
        agreed = malloc((size_t)(key_start[tokens] + 1) * sizeof *agreed);
        near = malloc((size_t)(form_start[tokens] + 1) * sizeof *near);
        out->key = malloc(most * sizeof *out->key);
        out->rank = malloc(most * sizeof *out->rank);
        if (!agreed || !near || !out->key || !out->rank) fault = NO_MEMORY;
    }
    if (!fault) fault = spread(by_key, key_hits, keys, &pair, key_end, agreed);
    if (!fault) fault = spread(by_form, form_hits, forms, &pair, form_end, near);
    for (int64_t at = 0; at < more && !fault; at++) near[form_end[more_left[at]]++] = (uint64_t)more_right[at];
    for (int64_t at = 0; at < tokens && !fault; at++) {
        uint64_t *own = agreed + key_start[at], *other = near + form_start[at];
        int64_t count = cheapest(own, key_end[at] - key_start[at]);
        int64_t found = find_slips(&pair, at, own, count, other, form_end[at] - form_start[at]);
        if (found < 0) fault = found;
        else put_merged(out, at * right->tokens, own, count, other, found);
    }
    free(pair.one.at), free(pair.other.at), free(pair.table), free(numbers), free(key_probes.rows);
    free(form_probes.rows), free(by_key), free(by_form), free(agreed), free(near);
    if (fault) netpursuit_forget(out);
    return fault;
}
