/* The names of pairs of records: how the parts of each two names agree, what is left of them, and what the best two
 * weigh. The same as evidence/names.py, evidence/residues.py, kernel/agreements.py and kernel/align.py do with NumPy,
 * two names at a time. Part of native.c.
 *
 * Of some names only Python knows the letters (capitals of rare scripts, old letters of Hangul): those are asked for.
 * What comes from a file (everything of the right side) is checked before it is followed.
 */

/* A name has a bit of a mask for each part, and a slot for each part and each two neighbours. */
enum { PARTS = 16, SLOTS = 2 * PARTS };
enum { LETTERS = 16, CODE_POINTS = 2048, NO_LETTER = 0, UNTOLD_LETTER = 0xFFFF, TESTS = 14, FAR = 3 };

/* What is left of two names, as Python answers it; UNTOLD where it is to be asked. */
enum { SLIP = 1, ONE_APART = 2, TWO_APART = 4, ALIKE = 8, ALONE = 16, UNTOLD = 32 };

typedef struct {
    int64_t records, names, slots;
    const int32_t *name_start, *slot_start, *slot_token;
    const int8_t *slot_role;
    const uint16_t *slot_mask;
    const int8_t *size, *generation;
    const uint8_t *weak, *ordered;
    texts_t text;
    tokens_t tokens;
    const int8_t *consonants;
    const int32_t *initial;
} names_t;

/* Keys in ascending order: left token * tokens of the right side + right token. */
typedef struct {
    int64_t rows;
    const int64_t *key;
    const int8_t *level;
} relations_t;

/* Tables by level of agreement, by letters (the last for more), by script and by code point; `level` of the first of
 * the tests that holds, in the order of `tell`, the last where none does. */
typedef struct {
    int64_t cost[LEVELS];
    int64_t unknown[LETTERS], garbled_cost[LETTERS], garbled_cap[LETTERS], unseen[LETTERS];
    uint16_t folded_letter[CODE_POINTS];
    uint8_t is_slip[LEVELS], not_between_names[LEVELS], is_heard[LEVELS];
    uint8_t is_syllabic[256], is_hangul[256];
    int8_t level[TESTS + 2]; /* and one for names that are not compared */
    int64_t latin, initial_level, initial_rarity, consonant_rarity, garbled_letters, role_swap;
    int64_t folded_level, reading_level;
    int64_t damp_from, damp_percent, cap, cap_near, cap_differing, weak_percent, most_open;
    int64_t whole_letters, near_letters, strange_letters, two_letters, alone_letters;
    int64_t part_near, part_two_near, part_alike, part_differs, part_missing;
    int64_t generation_differs, turned_within, order_differs, only_part, near, differs;
} name_rules_t;

/* Two names of which Python is to tell what is left. */
typedef struct {
    int64_t pair, left_name, right_name;
    uint16_t used_left, used_right;
} open_t;

/* `answers` to those that were asked before, in their order. */
typedef struct {
    int64_t answered;
    const uint8_t *answers;
    int64_t room;
    open_t *open;
} asked_t;

typedef struct {
    int64_t left_name, right_name; /* -1 where there is none */
    int32_t millibits;
    int8_t level;
    uint8_t weak;
} compared_t;

typedef struct {
    int64_t weight;
    uint16_t left, right; /* masks */
    int8_t level;
} agreeing_t;

typedef struct {
    uint8_t *data;
    int64_t used, room;
} spelling_t;

typedef struct {
    const names_t *left, *right;
    const relations_t *relations;
    const name_rules_t *rules;
    int64_t left_row, spans, *span; /* per slot of the left record, the rows of its token in `relations` */
    int used;
    agreeing_t rows[SLOTS * SLOTS];
    pair_t pair;
    spelling_t one, other;
} walk_t;

/* How two names agree. `turned`: 0 in the same order, 1 the last parts come first, more: within. */
typedef struct {
    int64_t matched, left_open, right_open;
    int worst, turned;
    uint16_t used_left, used_right;
} aligned_t;

static int64_t lesser(int64_t one, int64_t other) { return one < other ? one : other; }

static int64_t greater(int64_t one, int64_t other) { return one > other ? one : other; }

static int64_t by_letters(const int64_t *table, int64_t letters) {
    return table[letters < 0 ? 0 : lesser(letters, LETTERS - 1)];
}

static int is_base(uint16_t mask) { return (mask & (mask - 1)) == 0; }

static int bits(uint16_t mask) {
    int count = 0;
    for (; mask; mask &= (uint16_t)(mask - 1)) count++;
    return count;
}

/* Whether all that the names of a record lead to stands in its column; texts are looked at where they are read. */
static int are_sound(const names_t *side, int64_t row) {
    if (row < 0 || row >= side->records) return 0;
    int64_t name = side->name_start[row], last = side->name_start[row + 1];
    if (name < 0 || last < name || last > side->names) return 0;
    for (; name < last; name++) {
        int64_t slot = side->slot_start[name], end = side->slot_start[name + 1];
        if (slot < 0 || end < slot || end > side->slots || end - slot > SLOTS) return 0;
        for (; slot < end; slot++) {
            int64_t token = side->slot_token[slot], role = side->slot_role[slot];
            if (token < 0 || token >= side->tokens.tokens || role < 0 || role >= side->tokens.roles) return 0;
            if (!side->slot_mask[slot]) return 0;
        }
    }
    return 1;
}

static int64_t first_key(const int64_t *key, int64_t low, int64_t high, int64_t wanted) {
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (key[middle] < wanted) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Where the relations of each part of a person stand: looked for once for all of the person's pairs. 0 or a fault. */
static int64_t find_spans(walk_t *walk, int64_t row) {
    const names_t *left = walk->left;
    if (row == walk->left_row) return 0;
    if (!are_sound(left, row)) return DAMAGED;
    int64_t name = left->name_start[row], last = left->name_start[row + 1];
    for (walk->spans = 0; name < last; name++) walk->spans += left->slot_start[name + 1] - left->slot_start[name];
    free(walk->span);
    walk->span = malloc((size_t)(2 * walk->spans + 1) * sizeof *walk->span);
    if (!walk->span) return NO_MEMORY;
    int64_t *span = walk->span, size = walk->right->tokens.tokens;
    for (name = left->name_start[row]; name < last; name++)
        for (int64_t slot = left->slot_start[name]; slot < left->slot_start[name + 1]; slot++, span += 2) {
            int64_t key = left->slot_token[slot] * size;
            span[0] = first_key(walk->relations->key, 0, walk->relations->rows, key);
            span[1] = first_key(walk->relations->key, span[0], walk->relations->rows, key + size);
        }
    walk->left_row = row;
    return 0;
}

static int is_initial(const walk_t *walk, int64_t one, int64_t other) {
    const names_t *left = walk->left, *right = walk->right;
    return (left->tokens.length[one] == 1) != (right->tokens.length[other] == 1) &&
           left->initial[one] == right->initial[other] && left->tokens.script[one] == walk->rules->latin &&
           !left->tokens.joined[one] && !right->tokens.joined[other];
}

/* The level of two tokens, -1 where they do not agree. */
static int level_of(const walk_t *walk, const int64_t *span, int64_t one, int64_t other) {
    int64_t wanted = one * walk->right->tokens.tokens + other;
    int64_t at = first_key(walk->relations->key, span[0], span[1], wanted);
    if (at < span[1] && walk->relations->key[at] == wanted) return walk->relations->level[at] & (LEVELS - 1);
    return is_initial(walk, one, other) ? (int)walk->rules->initial_level : -1;
}

static int64_t weigh(const name_rules_t *rules, int64_t one, int64_t other, int level, int64_t consonants,
                     int64_t letters) {
    int64_t rarity = level == rules->initial_level ? rules->initial_rarity : lesser(one, other);
    if (rules->is_heard[level] && consonants > 0) rarity = lesser(rarity, consonants * rules->consonant_rarity);
    int64_t weight = rarity - rules->cost[level];
    if (greater(one, other) < by_letters(rules->unknown, letters)) return rules->not_between_names[level] ? 0 : weight;
    if (!rules->is_slip[level]) return weight;
    int64_t most = by_letters(rules->garbled_cap, letters);
    int64_t garbled = lesser(rarity - by_letters(rules->garbled_cost, letters), most);
    return letters < rules->garbled_letters ? garbled : greater(weight, garbled);
}

static int64_t weigh_slots(const walk_t *walk, int64_t left_slot, int64_t right_slot, int level) {
    const names_t *left = walk->left, *right = walk->right;
    int64_t one = left->slot_token[left_slot], other = right->slot_token[right_slot];
    int64_t role = left->slot_role[left_slot], there = right->slot_role[right_slot];
    int64_t weight = weigh(walk->rules, left->tokens.rarity[one * left->tokens.roles + role],
                           right->tokens.rarity[other * right->tokens.roles + there], level,
                           lesser(left->consonants[one], right->consonants[other]),
                           lesser(left->tokens.length[one], right->tokens.length[other]));
    return role && there && role != there ? weight - walk->rules->role_swap : weight;
}

/* All agreements of two names, of the left slots in order, then of the right ones. */
static void find_agreements(walk_t *walk, int64_t one, int64_t other, const int64_t *span) {
    const names_t *left = walk->left, *right = walk->right;
    walk->used = 0;
    for (int64_t ls = left->slot_start[one]; ls < left->slot_start[one + 1]; ls++, span += 2)
        for (int64_t rs = right->slot_start[other]; rs < right->slot_start[other + 1]; rs++) {
            int level = level_of(walk, span, left->slot_token[ls], right->slot_token[rs]);
            int64_t weight = level < 0 ? 0 : weigh_slots(walk, ls, rs, level);
            if (weight <= 0) continue;
            walk->rows[walk->used++] = (agreeing_t){weight, left->slot_mask[ls], right->slot_mask[rs], (int8_t)level};
        }
}

static int turns(const agreeing_t *const *chosen, int count) {
    int turned = 0;
    for (int at = 1; at < count; at++) turned += chosen[at]->right < chosen[at - 1]->right;
    return turned + (turned && chosen[count - 1]->right > chosen[0]->right);
}

/* The best agreement first, each part used once; ties fall to the earlier one. */
static aligned_t align_parts(const walk_t *walk) {
    aligned_t found = {0};
    const agreeing_t *chosen[PARTS]; /* by their left parts; each has one at least for itself */
    int count = 0;
    for (;;) {
        const agreeing_t *best = NULL;
        for (int at = 0; at < walk->used; at++) {
            const agreeing_t *row = &walk->rows[at];
            if (row->left & found.used_left || row->right & found.used_right) continue;
            if (!best || row->weight > best->weight) best = row;
        }
        if (!best) break;
        found.used_left |= best->left, found.used_right |= best->right;
        found.matched += best->weight;
        if (best->level > found.worst) found.worst = best->level;
        int at = count++;
        for (; at > 0 && chosen[at - 1]->left > best->left; at--) chosen[at] = chosen[at - 1];
        chosen[at] = best;
    }
    found.turned = turns(chosen, count);
    return found;
}

/* The parts of a name that agree with nothing. */
typedef struct {
    int64_t length, whole;
    int is_spelt, is_hangul, is_unknown, is_cut;
} rest_t;

static rest_t rest_of(const names_t *side, const name_rules_t *rules, int64_t name, uint16_t used) {
    rest_t rest = {.is_spelt = 1, .is_hangul = 1};
    int64_t parts = 0, lone = 0;
    for (int64_t slot = side->slot_start[name]; slot < side->slot_start[name + 1]; slot++) {
        if (!is_base(side->slot_mask[slot])) continue;
        int64_t token = side->slot_token[slot], length = side->tokens.length[token];
        rest.whole += length;
        if (side->slot_mask[slot] & used) continue;
        uint8_t script = (uint8_t)side->tokens.script[token];
        rest.length += length;
        rest.is_spelt &= !rules->is_syllabic[script];
        rest.is_hangul &= rules->is_hangul[script];
        rest.is_unknown |= commonest(&side->tokens, token) >= by_letters(rules->unseen, length);
        parts++;
        lone += length == 1;
    }
    rest.is_cut = lone > 0 && lone < parts;
    return rest;
}

/* Room for so many bytes from the beginning. */
static int make_room(spelling_t *out, int64_t bytes) {
    out->used = 0;
    if (bytes <= out->room) return 1;
    free(out->data);
    out->data = malloc((size_t)(2 * bytes));
    out->room = out->data ? 2 * bytes : 0;
    return out->room != 0;
}

/* The letters of the rest, put together: 0 or a fault. */
static int64_t write_rest(const names_t *side, int64_t name, uint16_t used, spelling_t *out) {
    const texts_t *plain = &side->tokens.plain;
    for (int writing = 0; writing < 2; writing++) {
        int64_t bytes = 0;
        for (int64_t slot = side->slot_start[name]; slot < side->slot_start[name + 1]; slot++) {
            if (!is_base(side->slot_mask[slot]) || side->slot_mask[slot] & used) continue;
            int64_t token = side->slot_token[slot];
            if (!is_within(plain, token)) return DAMAGED;
            int64_t from = plain->start[token], size = plain->start[token + 1] - from;
            if (writing && size) memcpy(out->data + bytes, plain->data + from, (size_t)size);
            bytes += size;
        }
        if (!writing && !make_room(out, bytes)) return NO_MEMORY;
        out->used = bytes;
    }
    return 0;
}

/* The letters of a name as typed, without capitals, each as two bytes: 0, UNTOLD where only Python knows one, or a
 * fault. */
static int64_t write_typed(const walk_t *walk, const texts_t *texts, int64_t name, spelling_t *out) {
    if (!is_within(texts, name)) return DAMAGED;
    int64_t at = texts->start[name], end = texts->start[name + 1];
    if (!make_room(out, 2 * (end - at))) return NO_MEMORY;
    while (at < end) {
        uint32_t letter = texts->data[at++];
        if (letter >= 0x80) {
            if (letter < 0xC0 || letter >= 0xE0 || at == end) return UNTOLD;
            letter = (letter & 0x1F) << 6 | (texts->data[at++] & 0x3F);
        }
        letter = walk->rules->folded_letter[letter];
        if (letter == UNTOLD_LETTER) return UNTOLD;
        if (letter == NO_LETTER) continue;
        out->data[out->used++] = (uint8_t)(0xC0 | (letter >> 6 & 0x1F));
        out->data[out->used++] = (uint8_t)(0x80 | (letter & 0x3F));
    }
    return 0;
}

/* The slips between what stands in `one` and `other`, or a fault. */
static int64_t written_apart(walk_t *walk) {
    int64_t ones[2] = {0, walk->one.used}, others[2] = {0, walk->other.used};
    texts_t one = {1, walk->one.used, ones, walk->one.data}, other = {1, walk->other.used, others, walk->other.data};
    return distance(&walk->pair, &one, 0, &other, 0);
}

/* Syllables of Hangul as the letters they are written with, a byte each (Unicode Standard, 3.12): 0, or UNTOLD where
 * something else stands among them. */
static int64_t spell_hangul(spelling_t *out) {
    int64_t used = 0;
    for (int64_t at = 0; at < out->used; at += 3) {
        const uint8_t *byte = out->data + at;
        if (out->used - at < 3 || byte[0] >> 4 != 0xE) return UNTOLD;
        int letter = (byte[0] & 0xF) << 12 | (byte[1] & 0x3F) << 6 | (byte[2] & 0x3F);
        if (letter < 0xAC00 || letter > 0xD7A3) return UNTOLD;
        int vowel = (letter - 0xAC00) / 28, last = (letter - 0xAC00) % 28;
        out->data[used++] = (uint8_t)(1 + vowel / 21);
        out->data[used++] = (uint8_t)(32 + vowel % 21);
        if (last) out->data[used++] = (uint8_t)(64 + last);
    }
    out->used = used;
    return 0;
}

static int64_t write_rests(walk_t *walk, int64_t one, int64_t other, const aligned_t *found) {
    int64_t fault = write_rest(walk->left, one, found->used_left, &walk->one);
    return fault ? fault : write_rest(walk->right, other, found->used_right, &walk->other);
}

static int64_t rests_apart(walk_t *walk, int64_t one, int64_t other, const aligned_t *found) {
    int64_t fault = write_rests(walk, one, other, found);
    return fault ? fault : written_apart(walk);
}

/* A key writes a part of a syllable; UNTOLD, or a fault. */
static int64_t hangul_apart(walk_t *walk, int64_t one, int64_t other, const aligned_t *found) {
    int64_t fault = write_rests(walk, one, other, found);
    if (!fault) fault = spell_hangul(&walk->one);
    if (!fault) fault = spell_hangul(&walk->other);
    return fault ? fault : written_apart(walk);
}

/* As they were typed; FAR for more than one slip, UNTOLD, or a fault. */
static int64_t typed_apart(walk_t *walk, int64_t one, int64_t other) {
    int64_t fault = write_typed(walk, &walk->left->text, one, &walk->one);
    if (!fault) fault = write_typed(walk, &walk->right->text, other, &walk->other);
    if (fault) return fault;
    int64_t apart = written_apart(walk);
    return apart <= 1 ? apart : FAR;
}

/* What is left of two names, by letters: flags, UNTOLD or a fault. */
static int64_t compare_rests(walk_t *walk, int64_t left_name, int64_t right_name, const aligned_t *found) {
    const name_rules_t *rules = walk->rules;
    rest_t one = rest_of(walk->left, rules, left_name, found->used_left);
    rest_t other = rest_of(walk->right, rules, right_name, found->used_right);
    int64_t longer = greater(one.length, other.length), shorter = lesser(one.length, other.length), apart = FAR;
    int whole = lesser(one.whole, other.whole) >= rules->whole_letters, spelt = one.is_spelt && other.is_spelt;
    int strange = spelt && (one.is_unknown || other.is_unknown), unknown = strange && whole;
    int missing = !one.is_spelt && !other.is_spelt && longer - shorter == 1 && shorter > 0;
    int64_t enough = strange ? rules->strange_letters : rules->near_letters;
    if (missing || (spelt && longer - shorter < FAR && longer >= enough))
        apart = rests_apart(walk, left_name, right_name, found);
    else if (one.is_hangul && other.is_hangul && longer == shorter && longer > 0)
        apart = hangul_apart(walk, left_name, right_name, found);
    if (apart == UNTOLD) return UNTOLD;
    if (apart > 1 && spelt && (unknown || (whole && (one.is_cut || other.is_cut)))) {
        int64_t typed = typed_apart(walk, left_name, right_name);
        if (typed < 0 || typed == UNTOLD) return typed;
        if (typed <= 1) unknown = 1, apart = typed;
    }
    if (apart < 0) return apart;
    int by_one = apart <= 1, by_two = apart == 2 && spelt && longer >= rules->two_letters;
    int alike = !unknown && longer < rules->whole_letters;
    return (by_one && unknown ? SLIP : 0) | (by_one && !unknown ? ONE_APART : 0) | (by_two && !alike ? TWO_APART : 0) |
           (by_two && alike ? ALIKE : 0) | ((by_one || by_two) && shorter >= rules->alone_letters ? ALONE : 0);
}

static int64_t damped(const name_rules_t *rules, int64_t matched) {
    int64_t beyond = greater(matched - rules->damp_from, 0);
    return lesser(lesser(matched, rules->damp_from) + beyond * rules->damp_percent / 100, rules->cap);
}

typedef struct {
    int64_t total;
    int8_t level;
} told_t;

static told_t tell(const walk_t *walk, int64_t one, int64_t other, const aligned_t *found, int64_t rest) {
    const names_t *left = walk->left, *right = walk->right;
    const name_rules_t *rules = walk->rules;
    int64_t differing = lesser(found->left_open, found->right_open), total = damped(rules, found->matched);
    int64_t missing = greater(found->left_open, found->right_open) - differing;
    if (rest & SLIP) differing = missing = 0;
    if (rest & ONE_APART) total = lesser(total, rules->cap_near);
    else if (differing > 0) total = lesser(total, rules->cap_differing);
    int turned = found->turned > 0 && left->ordered[one] && right->ordered[other], within = found->turned > 1;
    int8_t father = left->generation[one], son = right->generation[other];
    int generations = father > 0 && son > 0 && father != son;
    int only = !(rest & SLIP) && lesser(left->size[one], right->size[other]) == 1;
    total -= rest & ONE_APART   ? rules->part_near
             : rest & TWO_APART ? rules->part_two_near
             : rest & ALIKE     ? rules->part_alike
                                : differing * rules->part_differs;
    total -= missing * rules->part_missing + generations * rules->generation_differs + within * rules->turned_within;
    total -= turned * rules->order_differs + only * rules->only_part;
    if (found->matched > 0) total = greater(total, rules->differs);
    else total = rest & ALONE ? rules->near : rules->differs;
    if (total > 0 && (left->weak[one] || right->weak[other])) total = total * rules->weak_percent / 100;
    const int tests[TESTS] = {
        found->matched == 0 && rest & ALONE,
        found->matched == 0,
        rest & SLIP,
        turned,
        generations,
        rest & ONE_APART,
        rest & TWO_APART,
        rest & ALIKE,
        differing > 0,
        within,
        only,
        missing > 0,
        found->worst <= rules->folded_level,
        found->worst <= rules->reading_level,
    };
    int first = 0;
    while (first < TESTS && !tests[first]) first++;
    return (told_t){total, rules->level[first]};
}

/* What is left of two names, as found here or answered before; counts what is to be asked. */
static int64_t rest_or_ask(walk_t *walk, int64_t pair, int64_t one, int64_t other, const aligned_t *found,
                           const asked_t *asked, int64_t *count) {
    int64_t fewer = lesser(found->left_open, found->right_open), most = greater(found->left_open, found->right_open);
    if (fewer <= 0 || (!found->matched && most > walk->rules->most_open)) return 0;
    int64_t rest = compare_rests(walk, one, other, found);
    if (rest != UNTOLD) return rest;
    int64_t at = (*count)++;
    if (at < asked->answered) return asked->answers[at];
    if (at < asked->room) asked->open[at] = (open_t){pair, one, other, found->used_left, found->used_right};
    return 0;
}

/* The first of the best names of a pair: 0 or a fault. */
static int64_t compare_pair(walk_t *walk, int64_t pair, int64_t left_row, int64_t right_row, const asked_t *asked,
                            int64_t *count, compared_t *out) {
    const names_t *left = walk->left, *right = walk->right;
    int64_t fault = find_spans(walk, left_row), best = INT64_MIN;
    if (!fault && !are_sound(right, right_row)) fault = DAMAGED;
    if (fault) return fault;
    *out = (compared_t){-1, -1, 0, walk->rules->level[TESTS + 1], 0};
    const int64_t *span = walk->span;
    for (int64_t one = left->name_start[left_row]; one < left->name_start[left_row + 1]; one++) {
        for (int64_t other = right->name_start[right_row]; other < right->name_start[right_row + 1]; other++) {
            find_agreements(walk, one, other, span);
            aligned_t found = align_parts(walk);
            found.left_open = left->size[one] - bits(found.used_left);
            found.right_open = right->size[other] - bits(found.used_right);
            int64_t rest = rest_or_ask(walk, pair, one, other, &found, asked, count);
            if (rest < 0) return rest;
            told_t told = tell(walk, one, other, &found, rest);
            if (told.total <= best) continue;
            best = told.total;
            *out = (compared_t){one, other, (int32_t)told.total, told.level, left->weak[one] || right->weak[other]};
        }
        span += 2 * (left->slot_start[one + 1] - left->slot_start[one]);
    }
    return 0;
}

/* Answers of how many names there is something to ask (the call is to be repeated with more room where that is more,
 * and of those pairs with the answers), NO_MEMORY, or DAMAGED where an index leads outside of its column. */
EXPORT int64_t netpursuit_names(const names_t *left, const names_t *right, const relations_t *relations,
                                const name_rules_t *rules, int64_t pairs, const int64_t *left_rows,
                                const int64_t *right_rows, const asked_t *asked, compared_t *out) {
    walk_t *walk = calloc(1, sizeof *walk); /* too large for a frame: on Windows that would take code of its own */
    if (!walk) return NO_MEMORY;
    walk->left = left, walk->right = right, walk->relations = relations, walk->rules = rules, walk->left_row = -1;
    int64_t fault = 0, count = 0;
    for (int64_t pair = 0; pair < pairs && !fault; pair++)
        fault = compare_pair(walk, pair, left_rows[pair], right_rows[pair], asked, &count, &out[pair]);
    free(walk->span), free(walk->pair.one.at), free(walk->pair.other.at), free(walk->pair.table);
    free(walk->one.data), free(walk->other.data), free(walk);
    return fault ? fault : count;
}
