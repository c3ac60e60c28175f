/* Random lists and queries, most of them damaged somewhere, for the kernel under the sanitizers of the compiler: every
 * array has exactly its length on the heap, so that one byte beyond it stops the program. */

#include <stdio.h>

#include "native.c"

static uint64_t state = 88172645463325252u;

static uint64_t dice(uint64_t sides) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return sides ? state % sides : 0;
}

/* Mostly below `sides`, sometimes anything. */
static int64_t wild(uint64_t sides, int damage) {
    if (damage && dice(40) == 0) return (int64_t)dice(UINT64_MAX) >> dice(63);
    return (int64_t)dice(sides);
}

static void *some(size_t count, size_t size) {
    void *made = calloc(count ? count : 1, size);
    if (!made) exit(2);
    return made;
}

static int32_t *starts(int64_t owners, int64_t rows, int damage) {
    int32_t *made = some((size_t)owners + 1, sizeof *made);
    for (int64_t at = 0; at <= owners; at++) {
        made[at] = (int32_t)(owners ? rows * at / owners : 0);
        if (damage && dice(30) == 0) made[at] = (int32_t)wild((uint64_t)rows + 2, 1);
    }
    return made;
}

/* A column of short texts over few letters, so that many are a slip apart; some of them of more bytes a letter. */
static texts_t words(int64_t count, int damage) {
    uint8_t text[4096];
    int64_t *start = some((size_t)count + 1, sizeof *start), used = 0;
    for (int64_t at = 0; at < count; at++) {
        for (int64_t left = (int64_t)dice(9); left > 0; left--) {
            if (dice(8) == 0) text[used++] = 0xC3, text[used++] = (uint8_t)(0x80 + dice(3));
            else text[used++] = (uint8_t)('a' + dice(3));
        }
        start[at + 1] = used;
    }
    uint8_t *data = some((size_t)used, 1);
    memcpy(data, text, (size_t)used);
    for (int64_t at = 0; at <= count && damage; at++)
        if (dice(60) == 0) start[at] = wild((uint64_t)used + 3, 1) - 1;
    return (texts_t){count, used, start, data};
}

static tokens_t table(int64_t tokens, int damage) {
    tokens_t made = {.tokens = tokens, .folded = words(tokens, damage), .roles = 3};
    made.plain = dice(2) ? words(tokens, damage) : made.folded;
    int8_t *script = some((size_t)tokens, 1);
    uint8_t *joined = some((size_t)tokens, 1);
    int16_t *length = some((size_t)tokens, sizeof *length);
    int32_t *rarity = some((size_t)tokens * 3, sizeof *rarity);
    for (int64_t at = 0; at < tokens; at++) {
        script[at] = (int8_t)wild(2, damage), joined[at] = dice(5) == 0, length[at] = (int16_t)wild(9, damage);
        for (int role = 0; role < 3; role++) rarity[at * 3 + role] = (int32_t)dice(20);
    }
    made.script = script, made.joined = joined, made.length = length, made.rarity = rarity;
    return made;
}

static void free_table(tokens_t *made) {
    if (made->plain.start != made->folded.start) free((void *)made->plain.start), free((void *)made->plain.data);
    free((void *)made->folded.start), free((void *)made->folded.data), free((void *)made->script);
    free((void *)made->joined), free((void *)made->length), free((void *)made->rarity);
}

static int by_hash(const void *left, const void *right) {
    uint64_t one = ((const probe_t *)left)->hash, other = ((const probe_t *)right)->hash;
    return (one > other) - (one < other);
}

/* Probes as a column in the order of their hashes; of kinds, or not. */
static keyed_t column(probes_t *probes, int kinds, int64_t tokens, int damage) {
    if (probes->used) qsort(probes->rows, (size_t)probes->used, sizeof(probe_t), by_hash);
    uint64_t *hash = some((size_t)probes->used, sizeof *hash);
    int32_t *token = some((size_t)probes->used, sizeof *token);
    int8_t *kind = kinds ? some((size_t)probes->used, 1) : NULL;
    for (int64_t at = 0; at < probes->used; at++) {
        hash[at] = damage && dice(50) == 0 ? dice(UINT64_MAX) : probes->rows[at].hash;
        token[at] = damage && dice(200) == 0 ? (int32_t)wild((uint64_t)tokens, 1) : probes->rows[at].token;
        if (kinds) kind[at] = (int8_t)wild(8, damage);
    }
    keyed_t made = {probes->used, hash, token, kind};
    free(probes->rows);
    return made;
}

static void free_column(keyed_t *made) { free((void *)made->hash), free((void *)made->token), free((void *)made->kind); }

static int64_t fuzz_join(int damage) {
    tokens_t left = table((int64_t)dice(12), 0), right = table((int64_t)dice(40), damage);
    probes_t asked = {0}, keys = {0}, forms = {0};
    letters_t text = {0};
    for (int64_t at = 0; at < left.tokens * 3; at++) put_probe(&asked, dice(60) * (UINT64_MAX / 61), at / 3);
    for (int64_t at = 0; at < right.tokens * 3; at++) put_probe(&keys, dice(60) * (UINT64_MAX / 61), at / 3);
    for (int64_t at = 0; at < right.tokens; at++)
        if (!read_letters(&right.folded, at, &text)) put_forms(&forms, &text, at);
    free(text.at);
    keyed_t left_keys = column(&asked, 0, left.tokens, 0), by_key = column(&keys, 1, right.tokens, damage);
    keyed_t by_form = column(&forms, 0, right.tokens, damage);
    uint8_t *editable = some((size_t)left.tokens, 1);
    for (int64_t at = 0; at < left.tokens; at++) editable[at] = dice(4) > 0;
    int64_t more = left.tokens && right.tokens ? (int64_t)dice(4) : 0;
    int64_t *one = some((size_t)more, sizeof *one), *other = some((size_t)more, sizeof *other);
    for (int64_t at = 0; at < more; at++) {
        one[at] = (int64_t)dice((uint64_t)left.tokens);
        other[at] = wild((uint64_t)right.tokens, damage);
    }
    rules_t *rules = some(1, sizeof *rules);
    for (size_t at = 0; at < sizeof rules->key_rank; at++) rules->key_rank[at] = dice(3) ? (uint8_t)dice(13) : NONE;
    for (size_t at = 0; at < sizeof rules->slip_rank; at++) rules->slip_rank[at] = dice(3) ? (uint8_t)dice(13) : NONE;
    for (size_t at = 0; at < LEVELS; at++) rules->may_slip[at] = (uint8_t)dice(2);
    rules->is_latin[0] = rules->is_han[1] = 1, rules->long_enough = 4, rules->least_letters = 3, rules->unknown = 10;
    related_t found;
    int64_t answer = netpursuit_relate(&left, &left_keys, editable, &right, &by_key, &by_form, more, one, other, rules, &found);
    for (int64_t row = 1; row < found.rows; row++)
        if (found.key[row - 1] >= found.key[row]) exit(5); /* in order, each once */
    netpursuit_forget(&found);
    free_table(&left), free_table(&right), free_column(&left_keys), free_column(&by_key), free_column(&by_form);
    free(editable), free(one), free(other), free(rules);
    return answer;
}

/* So many values below `sides`, of `size` bytes each. */
static void *column_of(int64_t rows, size_t size, uint64_t sides, int damage) {
    uint8_t *made = some((size_t)rows, size);
    for (int64_t at = 0; at < rows; at++) {
        int64_t value = wild(sides, damage);
        for (size_t byte = 0; byte < size; byte++) made[(size_t)at * size + byte] = (uint8_t)(value >> 8 * byte);
    }
    return made;
}

static names_t named(int damage) {
    names_t made = {.records = 1 + (int64_t)dice(6), .names = (int64_t)dice(12), .slots = (int64_t)dice(damage ? 60 : 33)};
    made.tokens = table(1 + (int64_t)dice(12), damage), made.text = words(made.names, damage);
    made.name_start = starts(made.records, made.names, damage);
    made.slot_start = starts(made.names, made.names ? made.slots : 0, damage);
    made.slot_token = column_of(made.slots, 4, (uint64_t)made.tokens.tokens, damage);
    made.slot_role = column_of(made.slots, 1, 3, damage);
    uint16_t *mask = some((size_t)made.slots, sizeof *mask);
    for (int64_t at = 0; at < made.slots; at++)
        mask[at] = (uint16_t)(damage && dice(9) == 0 ? dice(1 << 16) : (dice(3) ? 1u : 3u) << dice(damage ? 15 : 5));
    made.slot_mask = mask;
    made.size = column_of(made.names, 1, 5, damage), made.generation = column_of(made.names, 1, 3, damage);
    made.weak = column_of(made.names, 1, 2, damage), made.ordered = column_of(made.names, 1, 2, damage);
    made.consonants = column_of(made.tokens.tokens, 1, 4, damage);
    made.initial = column_of(made.tokens.tokens, 4, 3, damage);
    return made;
}

static void free_named(names_t *made) {
    const void *columns[] = {made->name_start, made->slot_start, made->slot_token, made->slot_role, made->slot_mask,
                             made->size, made->generation, made->weak, made->ordered, made->consonants, made->initial,
                             made->text.start, made->text.data};
    for (size_t at = 0; at < sizeof columns / sizeof *columns; at++) free((void *)columns[at]);
    free_table(&made->tokens);
}

static long bounds = 0, damaged_bounds = 0;

/* Where each token of the list is looked up; its last place lies anywhere. */
static int64_t fuzz_bounds(const names_t *left, const names_t *right, const relations_t *relations,
                           const name_rules_t *weights, int damage) {
    postings_t postings = {.tokens = right->tokens.tokens, .records = (int64_t)dice(90)};
    int64_t *start = some((size_t)postings.tokens + 1, sizeof *start);
    for (int64_t at = 0; at <= postings.tokens; at++) {
        start[at] = postings.tokens ? postings.records * at / postings.tokens : 0;
        if (damage && dice(30) == 0) start[at] = wild((uint64_t)postings.records + 2, 1) - 1;
    }
    postings.start = start;
    bound_rules_t rules = {(int64_t)dice(5), (int64_t)dice(60), (int64_t)dice(2)};
    int64_t *needed = column_of(left->records, 8, 20, 0), count = 0;
    for (int64_t room = (int64_t)dice(9);; room = count) {
        bounded_t out = {.room = room, .start = some((size_t)left->records + 1, 8)};
        out.token = some((size_t)room, 4), out.weight = some((size_t)room, 4);
        out.person = some((size_t)room, 8), out.low = some((size_t)room, 8), out.high = some((size_t)room, 8);
        out.initials = some((size_t)left->records, 8), out.firsts = some((size_t)left->records, 8);
        out.cut = some((size_t)left->records, 8);
        count = netpursuit_bounds(left, right, relations, weights, &postings, &rules, needed, &out);
        if (count >= 0 && (out.ranges > count || out.start[left->records] != count)) exit(8);
        free(out.start), free(out.token), free(out.weight), free(out.person), free(out.low), free(out.high);
        free(out.initials), free(out.firsts), free(out.cut);
        if (count <= room) break;
    }
    free(start), free(needed);
    return count;
}

static int64_t fuzz_names(int damage) {
    names_t left = named(0), right = named(damage);
    int64_t tokens = left.tokens.tokens * right.tokens.tokens, rows = 0, pairs = (int64_t)dice(24);
    int64_t *key = some((size_t)tokens, sizeof *key), *one = some((size_t)pairs, sizeof *one);
    int64_t *other = some((size_t)pairs, sizeof *other);
    for (int64_t at = 0; at < tokens; at++)
        if (dice(6) == 0) key[rows++] = at;
    relations_t relations = {rows, key, column_of(rows, 1, 13, 0)};
    for (int64_t at = 0; at < pairs; at++) {
        one[at] = (int64_t)dice((uint64_t)left.records);
        other[at] = wild((uint64_t)right.records, damage);
    }
    name_rules_t *rules = some(1, sizeof *rules);
    for (int at = 0; at < LEVELS; at++) {
        rules->cost[at] = (int64_t)dice(10), rules->is_heard[at] = dice(4) == 0;
        rules->is_slip[at] = dice(3) == 0, rules->not_between_names[at] = dice(3) == 0;
    }
    for (int at = 0; at < LETTERS; at++)
        rules->unknown[at] = 10, rules->garbled_cost[at] = 1, rules->garbled_cap[at] = 8, rules->unseen[at] = 6;
    for (int at = 0; at < CODE_POINTS; at++)
        rules->folded_letter[at] = dice(6) == 0 ? (dice(2) ? NO_LETTER : UNTOLD_LETTER) : (uint16_t)at;
    for (int at = 0; at < TESTS + 2; at++) rules->level[at] = (int8_t)at;
    rules->is_syllabic[1] = rules->is_hangul[1] = 1, rules->is_syllabic[0] = rules->is_hangul[0] = dice(3) == 0;
    rules->initial_level = 12, rules->initial_rarity = 9;
    rules->damp_from = 10, rules->damp_percent = 75, rules->cap = 40, rules->most_open = 4, rules->consonant_rarity = 5;
    rules->whole_letters = 2, rules->near_letters = 3, rules->strange_letters = 2, rules->two_letters = 4;
    rules->part_differs = 5, rules->differs = -9, rules->near = -4, rules->weak_percent = 50;
    compared_t *found = some((size_t)pairs, sizeof *found);
    asked_t nothing = {0};
    int64_t count = netpursuit_names(&left, &right, &relations, rules, pairs, one, other, &nothing, found);
    if (count > 0) {
        asked_t asked = {.room = (int64_t)dice((uint64_t)count + 2)};
        asked.open = some((size_t)asked.room, sizeof *asked.open);
        if (netpursuit_names(&left, &right, &relations, rules, pairs, one, other, &asked, found) != count) exit(6);
        asked_t told = {.answered = asked.room, .answers = column_of(asked.room, 1, 32, 0)};
        if (netpursuit_names(&left, &right, &relations, rules, pairs, one, other, &told, found) != count) exit(6);
        free(asked.open), free((void *)told.answers);
    }
    for (int64_t at = 0; at < pairs && count >= 0; at++)
        if (found[at].level < 0 || found[at].level > TESTS + 1) exit(7);
    int64_t bounded = fuzz_bounds(&left, &right, &relations, rules, damage);
    if (bounded == NO_MEMORY || (bounded == DAMAGED && !damage)) exit(4);
    if (bounded == DAMAGED) damaged_bounds++;
    else bounds++;
    free_named(&left), free_named(&right);
    free(key), free((void *)relations.level), free(one), free(other), free(rules), free(found);
    return count;
}

static owned_t owned(int64_t owners, int64_t rows, int damage) {
    return (owned_t){owners, rows, starts(owners, rows, damage)};
}

/* One side of the comparisons; its columns are freed together. */
typedef struct {
    dates_t dates;
    numbers_t numbers;
    phones_t phones;
    addresses_t addresses;
    nations_t nations;
    void *made[64];
    int count;
} side_t;

static void *keep(side_t *side, void *made) { return side->made[side->count++] = made; }

static void *random_column(side_t *side, int64_t rows, size_t size, uint64_t sides, int damage) {
    return keep(side, column_of(rows, size, sides, damage));
}

static owned_t random_owned(side_t *side, int64_t owners, int64_t rows, int damage) {
    owned_t made = owned(owners, rows, damage);
    keep(side, (void *)made.start);
    return made;
}

static texts_t random_texts(side_t *side, int64_t rows, int damage) {
    texts_t made = words(rows, damage);
    keep(side, (void *)made.start), keep(side, (void *)made.data);
    return made;
}

static side_t side_of(int64_t records, int damage) {
    side_t side = {0};
    int64_t rows = records ? (int64_t)dice(20) : 0, names = records ? (int64_t)dice(20) : 0;
    int64_t slots = names ? (int64_t)dice(40) : 0, tokens = 1 + (int64_t)dice(9);
    side.dates = (dates_t){
        .owned = random_owned(&side, records, rows, damage),
        .year = random_column(&side, rows, 2, 2200, damage), .month = random_column(&side, rows, 1, 13, damage),
        .day = random_column(&side, rows, 1, 31, damage), .last = random_column(&side, rows, 2, 2, damage),
        .circa = random_column(&side, rows, 1, 2, 0),
        .written = {random_owned(&side, records, names, damage), random_owned(&side, names, slots, damage),
                    random_column(&side, slots, 4, (uint64_t)tokens, damage), tokens,
                    random_column(&side, tokens, 1, 3, damage)}};
    side.numbers = (numbers_t){
        .owned = random_owned(&side, records, rows, damage), .text = random_texts(&side, rows, damage),
        .raw = random_texts(&side, rows, damage), .family = random_column(&side, rows, 1, 3, damage),
        .country = random_column(&side, rows, 2, 2, damage), .flags = random_column(&side, rows, 1, 256, 0)};
    side.phones = (phones_t){random_owned(&side, records, rows, damage), random_texts(&side, rows, damage),
                             random_column(&side, rows, 8, 3, 0)};
    side.addresses = (addresses_t){
        random_owned(&side, records, rows, damage), random_column(&side, rows, 1, 3, damage),
        random_column(&side, rows * ADDRESS_PARTS, 8, 3, 0), random_texts(&side, rows, damage)};
    side.nations = (nations_t){random_owned(&side, records, rows, damage), random_column(&side, rows, 2, 3, 0)};
    return side;
}

static void free_side(side_t *side) {
    while (side->count) free(side->made[--side->count]);
}

/* Weights of any size and sign. */
static void random_weights(int32_t *weight, int8_t *code, int levels) {
    for (int at = 0; at < levels; at++) weight[at] = (int32_t)dice(30000) - 9000, code[at] = (int8_t)at;
}

static date_rules_t *date_rules(void) {
    date_rules_t *rules = some(1, sizeof *rules);
    for (int at = 0; at < LUNAR_YEARS * 24; at++) rules->first[at] = (int32_t)dice(800000), rules->length[at] = 30;
    random_weights(rules->weight, rules->code, DATE_LEVELS);
    rules->counts_by_moon[1] = 1, rules->missing = 40, rules->circa_years = 2, rules->lunar_from = 1900;
    return rules;
}

static number_rules_t *number_rules(void) {
    number_rules_t *rules = some(1, sizeof *rules);
    random_weights(rules->weight, rules->code, NUMBER_LEVELS);
    for (int at = 0; at < 256; at++) rules->confused[at] = at == 'b' ? 'a' : (uint8_t)at;
    for (int at = 0; at < 18; at++) rules->position[at] = (int64_t)dice(3000);
    rules->is_chinese[1] = 1, rules->unknown = 'c';
    rules->birth_from = 1, rules->birth_to = 3, rules->chinese_length = 6;
    rules->per_character = 3300, rules->toll = 2000;
    rules->least_visible = 1, rules->least_slip = 2, rules->least_untyped = 2;
    rules->lifelong = 1, rules->partial = 2, rules->fake = 4, rules->right_check = 8;
    return rules;
}

static phone_rules_t phone_rules(void) {
    phone_rules_t rules = {.per_digit = 3300, .mask_cap = 9000, .mask_toll = 1, .least_seen = 3, .least_masked = 2};
    random_weights(rules.weight, rules.code, PHONE_LEVELS);
    rules.hides['c'] = 1;
    return rules;
}

static void fuzz_sums(const pairs_t *pairs, const side_t *left, const side_t *right, const chosen_t *numbers) {
    enum { COLUMNS = 8 };
    size_t cells = (size_t)pairs->count * COLUMNS;
    int8_t *levels = some(cells, 1), *band = some((size_t)pairs->count, 1), *capped = some((size_t)pairs->count, 1);
    int32_t *millibits = some(cells, sizeof *millibits);
    int64_t *total = some((size_t)pairs->count, sizeof *total);
    for (size_t at = 0; at < cells; at++) levels[at] = (int8_t)dice(256), millibits[at] = (int32_t)dice(40000) - 20000;
    condition_rules_t rules = {
        .agreeing = dice(UINT64_MAX), .whole = dice(UINT64_MAX), .number_differs = 1, .consistent = 2,
        .same_other_name = 3, .same_day = 4, .no_date = 5, .date_in_number = 6, .sex_in_number = 7, .same_city = 8,
        .address_in_number = 9, .name = 0, .date = 1, .document = 2, .sex = 6, .address = 5, .fields = COLUMNS,
        .holds_date = 8, .holds_sex = 16, .lifelong = 1, .partial_most = 9, .other_name_cost = 2000};
    score_rules_t sums = {.bands = 3, .floor = {-5000, 0, 5000}, .band = {1, 2, 3}, .caps = 2, .own = dice(UINT64_MAX),
                          .cap = {{dice(UINT64_MAX), 2, 1, 1}, {dice(UINT64_MAX), 0, 0, 2}}, .lifts = {0, 1, 1},
                          .document = 2, .address = 5, .fields = COLUMNS, .least_lift = 5000, .unlifted = 1};
    flags_t one = {left->numbers.owned.rows, left->numbers.flags};
    flags_t other = {right->numbers.owned.rows, right->numbers.flags};
    netpursuit_condition(pairs->count, levels, millibits, &one, numbers->left_row, &other, numbers->right_row, &rules);
    netpursuit_score(pairs->count, levels, millibits, -9000, &sums, total, band, capped);
    for (int64_t at = 0; at < pairs->count; at++)
        if (band[at] < 0 || band[at] > 3 || capped[at] < 0 || capped[at] > 3) exit(6);
    free(levels), free(band), free(capped), free(millibits), free(total);
}

/* DAMAGED where one of the fields is. */
static int64_t fuzz_fields(int damage) {
    int64_t lefts = 1 + (int64_t)dice(6), rights = 1 + (int64_t)dice(12), count = (int64_t)dice(20);
    side_t left = side_of(lefts, 0), right = side_of(rights, damage);
    int64_t *one = some((size_t)count, sizeof *one), *other = some((size_t)count, sizeof *other);
    for (int64_t at = 0; at < count; at++) {
        one[at] = (int64_t)dice((uint64_t)lefts);
        other[at] = dice(10) ? (int64_t)dice((uint64_t)rights) : wild((uint64_t)rights, damage);
    }
    pairs_t pairs = {count, one, other};
    chosen_t chosen = {some((size_t)count, 1), some((size_t)count, 4), some((size_t)count, 8), some((size_t)count, 8)};
    int32_t loss[4] = {0, 0, 1000, 1585};
    int64_t *bearers = column_of(right.numbers.owned.rows, 8, 4, damage);
    shared_t shared = {dice(2) ? bearers : NULL, 4, loss};
    date_rules_t *of_dates = date_rules();
    number_rules_t *of_numbers = number_rules();
    phone_rules_t of_phones = phone_rules();
    address_rules_t of_addresses = {.registered = 1, .residence = 2, .letters_per_slip = 2, .most_slips = 2};
    nation_rules_t of_nations = {{900, -4500}, {0, 1}, 2};
    random_weights(of_addresses.weight, of_addresses.code, ADDRESS_LEVELS);
    int64_t answers[5] = {
        netpursuit_dates(&pairs, &left.dates, &right.dates, of_dates, &chosen),
        netpursuit_phones(&pairs, &left.phones, &right.phones, &of_phones, &shared, &chosen),
        netpursuit_addresses(&pairs, &left.addresses, &right.addresses, &of_addresses, &chosen),
        netpursuit_nations(&pairs, &left.nations, &right.nations, &of_nations, &chosen),
        netpursuit_numbers(&pairs, &left.numbers, &right.numbers, of_numbers, &shared, &chosen)};
    int64_t answer = 0;
    for (int at = 0; at < 5; at++) {
        if (answers[at] == LEFT_TO_REFERENCE && !damage) exit(7); /* no value has so many bearers */
        if (answers[at] == NO_MEMORY || (answers[at] == DAMAGED && answer == 0)) answer = answers[at];
    }
    for (int64_t at = 0; at < rights; at++) /* asked for few dates */
        if (counts_by_moon(&right.dates.written, at, of_dates) < 0) answer = answer ? answer : DAMAGED;
    if (!answers[4]) fuzz_sums(&pairs, &left, &right, &chosen);
    free(of_dates), free(of_numbers), free(bearers), free(one), free(other);
    free(chosen.level), free(chosen.millibits), free(chosen.left_row), free(chosen.right_row);
    free_side(&left), free_side(&right);
    return answer;
}

int main(int count, char **arguments) {
    long answered = 0, damaged = 0, joins = 0, damaged_joins = 0, rounds = count > 1 ? atol(arguments[1]) : 1000;
    long names = 0, damaged_names = 0, asked = 0, fields = 0, damaged_fields = 0;
    for (long round = 0; round < rounds; round++) {
        int damage = (int)dice(2);
        int64_t joined = fuzz_join(damage);
        if (joined == NO_MEMORY) return 3;
        if (joined == DAMAGED && !damage) return 4; /* nothing was wrong */
        if (joined == DAMAGED) damaged_joins++;
        else joins++;
        int64_t compared = fuzz_names(damage);
        if (compared == NO_MEMORY) return 3;
        if (compared == DAMAGED && !damage) return 4;
        if (compared == DAMAGED) damaged_names++;
        else names++;
        asked += compared > 0;
        compared = fuzz_fields(damage);
        if (compared == NO_MEMORY) return 3;
        if (compared == DAMAGED && !damage) return 4;
        if (compared == DAMAGED) damaged_fields++;
        else fields++;
        list_t list = {.records = (int64_t)dice(40), .parts = (int64_t)dice(120)};
        int32_t *part_start = starts(list.records, list.parts, damage);
        uint32_t *part = some((size_t)list.parts, sizeof *part);
        for (int64_t at = 0; at < list.parts; at++)
            part[at] = damage ? (uint32_t)dice(UINT64_MAX) : (uint32_t)(dice(30) | dice(27) << 25 | dice(4) << 30);
        list.part_start = part_start, list.part = part;

        query_t query = {.persons = (int64_t)dice(6)};
        int64_t *agreement_start = some((size_t)query.persons + 1, sizeof *agreement_start);
        int32_t *token = some((size_t)query.persons * 5, sizeof *token), *weight = some((size_t)query.persons * 5, sizeof *weight);
        uint8_t *named = some((size_t)query.persons, 1);
        int64_t *letters[3];
        for (int at = 0; at < 3; at++) letters[at] = some((size_t)query.persons, sizeof(int64_t));
        for (int64_t at = 0; at <= query.persons; at++) agreement_start[at] = at * 5;
        for (int64_t at = 0; at < query.persons * 5; at++) {
            token[at] = (int32_t)(at % 5 * 6);
            weight[at] = (int32_t)dice(9000);
        }
        for (int64_t at = 0; at < query.persons; at++) {
            named[at] = (uint8_t)dice(2);
            letters[0][at] = (int64_t)dice(1 << 27) & (int64_t)dice(1 << 27);
            letters[1][at] = (int64_t)dice(1 << 27);
            letters[2][at] = (int64_t)dice(3000);
        }
        query.agreement_start = agreement_start, query.agreement_token = token, query.agreement_weight = weight;
        query.named = named, query.initials = letters[0], query.firsts = letters[1], query.unkeyed = letters[2];

        int64_t sets = (int64_t)dice(4);
        ranges_t *set = some((size_t)sets, sizeof *set);
        for (int64_t at = 0; at < sets; at++) {
            set[at].ranges = (int64_t)dice(12);
            set[at].records_length = (int64_t)dice(80);
            int64_t *spans[3];
            for (int part = 0; part < 3; part++) spans[part] = some((size_t)set[at].ranges, sizeof(int64_t));
            int32_t *records = some((size_t)set[at].records_length, sizeof *records);
            for (int64_t row = 0; row < set[at].records_length; row++)
                records[row] = (int32_t)wild((uint64_t)list.records, damage);
            for (int64_t row = 0; row < set[at].ranges; row++) {
                spans[0][row] = set[at].ranges ? row * query.persons / set[at].ranges : 0;
                spans[1][row] = wild((uint64_t)set[at].records_length + 1, damage);
                spans[2][row] = spans[1][row] + wild((uint64_t)set[at].records_length + 1, 0);
                if (!damage && spans[2][row] > set[at].records_length) spans[2][row] = set[at].records_length;
            }
            set[at].person = spans[0], set[at].low = spans[1], set[at].high = spans[2], set[at].records = records;
            set[at].field = (int64_t)dice(FIELDS + 1) - 1;
            set[at].millibits = (int64_t)dice(20000);
            set[at].exact = (int64_t)dice(2);
        }
        weights_t weights = {(int64_t)dice(15000), -5000, 8000, 75, 22000, 2000};
        int64_t room = (int64_t)dice(20), *out[3];
        for (int at = 0; at < 3; at++) out[at] = some((size_t)room, sizeof(int64_t));
        int64_t found = netpursuit_candidates(sets, set, &list, &query, &weights, room, out[0], out[1], out[2]);
        if (found == NO_MEMORY) return 3;
        if (found == DAMAGED) damaged++;
        else answered++;
        if (found == DAMAGED && !damage && list.records > 0) return 4; /* nothing was wrong */

        for (int64_t at = 0; at < sets; at++) {
            free((void *)set[at].person), free((void *)set[at].low), free((void *)set[at].high);
            free((void *)set[at].records);
        }
        for (int at = 0; at < 3; at++) free(out[at]), free(letters[at]);
        free(set), free(named), free(weight), free(token), free(agreement_start), free(part);
        free(part_start);
    }
    printf("%ld %ld %ld %ld %ld %ld %ld ", answered, damaged, joins, damaged_joins, names, damaged_names, asked);
    printf("%ld %ld %ld %ld\n", bounds, damaged_bounds, fields, damaged_fields);
    return 0;
}
