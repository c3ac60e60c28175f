/* What a candidate walk needs to know of the names of each person: how much each token of the list can add to them at
 * most, and which postings are walked. The same as index/bounds.py and index/walk.py do with NumPy. Part of native.c.
 */

typedef struct {
    int64_t tokens, records; /* lengths: of `start` without its last, and of what it leads into */
    const int64_t *start;
} postings_t;

typedef struct {
    int64_t initial, most_postings, has_initials;
} bound_rules_t;

/* `room` is that of agreements and ranges; one more `start` than persons. */
typedef struct {
    int64_t room, *start;
    int32_t *token, *weight;
    int64_t ranges, *person, *low, *high;
    int64_t *initials, *firsts, *cut;
} bounded_t;

/* A part of a person's name and a token of the list that agree. */
typedef struct {
    int64_t slot;
    int32_t token, weight;
} bound_row_t;

typedef struct {
    int64_t slot, load, most, spare;
} bound_part_t;

typedef struct {
    const names_t *left, *right;
    const relations_t *relations;
    const name_rules_t *weights;
    const postings_t *postings;
    const bound_rules_t *rules;
    bounded_t *out;
    int64_t rows, row_room, parts, part_room;
    bound_row_t *row;   /* of the person, slot by slot */
    bound_part_t *part; /* of a name */
    int32_t *token;     /* of what is walked */
} bound_t;

static int64_t letter_bit(const bound_t *bound, int64_t token) {
    const names_t *left = bound->left;
    if (left->tokens.script[token] != bound->weights->latin || left->tokens.joined[token]) return 0;
    int64_t place = (int64_t)left->initial[token] - 'a';
    return (int64_t)1 << (place >= 0 && place < 26 ? place : 26);
}

static int64_t rarest(const tokens_t *tokens, int64_t token) {
    int64_t most = 0;
    for (int64_t role = 0; role < tokens->roles; role++)
        most = greater(most, tokens->rarity[token * tokens->roles + role]);
    return most;
}

/* All that agrees with a slot, and the letters it begins with: 0 or NO_MEMORY. */
static int64_t add_slot(bound_t *bound, int64_t person, int64_t slot) {
    const names_t *left = bound->left, *right = bound->right;
    const relations_t *related = bound->relations;
    int64_t one = left->slot_token[slot], size = right->tokens.tokens, bit = letter_bit(bound, one);
    bound->out->firsts[person] |= bit;
    if (left->tokens.length[one] == 1) bound->out->initials[person] |= bit;
    int64_t at = first_key(related->key, 0, related->rows, one * size);
    for (; at < related->rows && related->key[at] < (one + 1) * size; at++) {
        int64_t other = related->key[at] - one * size;
        int64_t rarity = left->tokens.rarity[one * left->tokens.roles + left->slot_role[slot]];
        int64_t weight = weigh(bound->weights, rarity, rarest(&right->tokens, other), related->level[at] & (LEVELS - 1),
                               lesser(left->consonants[one], right->consonants[other]),
                               lesser(left->tokens.length[one], right->tokens.length[other]));
        if (weight <= 0) continue;
        if (bound->rows == bound->row_room) {
            int64_t room = bound->row_room ? 2 * bound->row_room : 256;
            bound_row_t *more = realloc(bound->row, (size_t)room * sizeof *more);
            if (!more) return NO_MEMORY;
            bound->row = more;
            int32_t *tokens = realloc(bound->token, (size_t)room * sizeof *tokens);
            if (!tokens) return NO_MEMORY;
            bound->token = tokens;
            bound->row_room = room;
        }
        bound->row[bound->rows++] = (bound_row_t){slot, (int32_t)other, (int32_t)weight};
    }
    return 0;
}

static int by_token(const void *left, const void *right) {
    const bound_row_t *one = left, *other = right;
    return (one->token > other->token) - (one->token < other->token);
}

static int by_slot(const void *left, const void *right) {
    const bound_row_t *one = left, *other = right;
    if (one->slot != other->slot) return one->slot < other->slot ? -1 : 1;
    return by_token(left, right);
}

static int by_load(const void *left, const void *right) {
    const bound_part_t *one = left, *other = right;
    if (one->load != other->load) return one->load < other->load ? -1 : 1;
    return (one->slot > other->slot) - (one->slot < other->slot);
}

static int by_number(const void *left, const void *right) {
    int32_t one = *(const int32_t *)left, other = *(const int32_t *)right;
    return (one > other) - (one < other);
}

/* The tokens of a person in order, each with the most that it adds; every row gets the weight of its token. */
static int64_t write_agreements(bound_t *bound, int64_t count) {
    if (!bound->rows) return count;
    qsort(bound->row, (size_t)bound->rows, sizeof *bound->row, by_token);
    for (int64_t at = 0, next; at < bound->rows; at = next) {
        int32_t most = 0, token = bound->row[at].token;
        for (next = at; next < bound->rows && bound->row[next].token == token; next++)
            if (bound->row[next].weight > most) most = bound->row[next].weight;
        for (int64_t row = at; row < next; row++) bound->row[row].weight = most;
        if (count < bound->out->room) {
            bound->out->token[count] = token;
            bound->out->weight[count] = most;
        }
        count++;
    }
    qsort(bound->row, (size_t)bound->rows, sizeof *bound->row, by_slot);
    return count;
}

/* The parts of a name with what they find: how many rows of the person are behind them, or a fault. */
static int64_t weigh_parts(bound_t *bound, int64_t name, int64_t row) {
    const names_t *left = bound->left;
    bound->parts = 0;
    for (int64_t slot = left->slot_start[name]; slot < left->slot_start[name + 1]; slot++) {
        int64_t token = left->slot_token[slot];
        int may_be = letter_bit(bound, token) && (bound->rules->has_initials || left->tokens.length[token] == 1);
        bound_part_t part = {.slot = slot, .spare = may_be ? bound->rules->initial : 0};
        for (; row < bound->rows && bound->row[row].slot == slot; row++) {
            int64_t first = bound->postings->start[bound->row[row].token];
            int64_t last = bound->postings->start[bound->row[row].token + 1];
            if (first < 0 || last < first || last > bound->postings->records) return DAMAGED;
            part.load += last - first;
            part.most = greater(part.most, bound->row[row].weight);
        }
        part.most = greater(part.most, part.spare);
        if (bound->parts == bound->part_room) {
            int64_t room = bound->part_room ? 2 * bound->part_room : 64;
            bound_part_t *more = realloc(bound->part, (size_t)room * sizeof *more);
            if (!more) return NO_MEMORY;
            bound->part = more;
            bound->part_room = room;
        }
        bound->part[bound->parts++] = part;
    }
    return row;
}

/* Adds the tokens of the parts that are walked: rarest first, until what stands behind cannot carry what is needed. */
static int64_t walk_parts(bound_t *bound, int64_t person, int64_t needed, int64_t tokens) {
    if (!bound->parts) return tokens;
    qsort(bound->part, (size_t)bound->parts, sizeof *bound->part, by_load);
    int64_t behind = 0, used = 0;
    for (int64_t at = 0; at < bound->parts; at++) behind += bound->part[at].most;
    for (int64_t at = 0; at < bound->parts; at++) {
        const bound_part_t *part = &bound->part[at];
        used += part->load;
        if (behind >= needed && used > bound->rules->most_postings) bound->out->cut[person] += part->load;
        else if (behind >= needed) {
            bound_row_t wanted = {part->slot, -1, 0};
            int64_t low = 0, high = bound->rows;
            while (low < high) {
                int64_t middle = low + (high - low) / 2;
                if (by_slot(&bound->row[middle], &wanted) < 0) low = middle + 1;
                else high = middle;
            }
            for (; low < bound->rows && bound->row[low].slot == part->slot; low++)
                bound->token[tokens++] = bound->row[low].token;
        }
        behind += part->spare - part->most;
    }
    return tokens;
}

static void write_ranges(bound_t *bound, int64_t person, int64_t tokens) {
    bounded_t *out = bound->out;
    if (!tokens) return;
    qsort(bound->token, (size_t)tokens, sizeof *bound->token, by_number);
    for (int64_t at = 0; at < tokens; at++) {
        if (at && bound->token[at] == bound->token[at - 1]) continue;
        if (out->ranges < out->room) {
            out->person[out->ranges] = person;
            out->low[out->ranges] = bound->postings->start[bound->token[at]];
            out->high[out->ranges] = bound->postings->start[bound->token[at] + 1];
        }
        out->ranges++;
    }
}

static int64_t bound_person(bound_t *bound, int64_t person, int64_t needed, int64_t count) {
    const names_t *left = bound->left;
    if (!are_sound(left, person)) return DAMAGED;
    int64_t first = left->name_start[person], last = left->name_start[person + 1], tokens = 0, fault = 0, row = 0;
    bound->rows = 0;
    for (int64_t name = first; name < last; name++)
        for (int64_t slot = left->slot_start[name]; slot < left->slot_start[name + 1]; slot++)
            if ((fault = add_slot(bound, person, slot))) return fault;
    count = write_agreements(bound, count);
    for (int64_t name = first; name < last; name++) {
        if ((row = weigh_parts(bound, name, row)) < 0) return row;
        tokens = walk_parts(bound, person, needed, tokens);
    }
    write_ranges(bound, person, tokens);
    return count;
}

/* Answers how many agreements there are (the call is to be repeated with more room where that is more), NO_MEMORY, or
 * DAMAGED. There are never more ranges than agreements. */
EXPORT int64_t netpursuit_bounds(const names_t *left, const names_t *right, const relations_t *relations,
                                 const name_rules_t *weights, const postings_t *postings, const bound_rules_t *rules,
                                 const int64_t *needed, bounded_t *out) {
    bound_t bound = {.left = left, .right = right, .relations = relations, .weights = weights, .postings = postings,
                     .rules = rules, .out = out};
    int64_t count = right->tokens.tokens == postings->tokens ? 0 : DAMAGED;
    out->ranges = out->start[0] = 0;
    for (int64_t person = 0; person < left->records && count >= 0; person++) {
        count = bound_person(&bound, person, needed[person], count);
        out->start[person + 1] = count;
    }
    free(bound.row), free(bound.part), free(bound.token);
    return count;
}
