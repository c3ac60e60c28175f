/* The levels of birth dates, numbers, telephones, addresses and nationalities, for pairs of records; then what counts
 * once, and the sum with its band. The same as evidence/ and scoring/posterior.py do with NumPy, pair by pair. Part of
 * native.c.
 *
 * Levels, weights and limits come from the Python code, by the places named here. What is read of a list is checked
 * before it is followed.
 */

/* Owners and their rows: owner -> rows start[owner]..start[owner + 1]. */
typedef struct {
    int64_t owners, rows;
    const int32_t *start;
} owned_t;

typedef struct {
    int64_t count;
    const int64_t *left, *right; /* records */
} pairs_t;

typedef struct {
    int8_t *level;
    int32_t *millibits;
    int64_t *left_row, *right_row;
} chosen_t;

typedef struct {
    int64_t low, high;
} span_t;

typedef struct {
    int8_t level;
    int64_t millibits, left_row, right_row;
} weighed_t;

static int64_t rows_of(const owned_t *owned, int64_t owner, span_t *out) {
    if (owner < 0 || owner >= owned->owners) return DAMAGED;
    *out = (span_t){owned->start[owner], owned->start[owner + 1]};
    return out->low < 0 || out->high < out->low || out->high > owned->rows ? DAMAGED : 0;
}

static int64_t rows_of_pair(const pairs_t *pairs, int64_t at, const owned_t *left, const owned_t *right, span_t *one,
                            span_t *other) {
    int64_t fault = rows_of(left, pairs->left[at], one);
    return fault ? fault : rows_of(right, pairs->right[at], other);
}

static void put_chosen(const chosen_t *out, int64_t at, const weighed_t *best) {
    out->level[at] = best->level;
    out->millibits[at] = (int32_t)best->millibits;
    out->left_row[at] = best->left_row;
    out->right_row[at] = best->right_row;
}

/* The level and the weight of two rows of pair `at`: answers 1, 0 where they are not compared, or a fault. */
typedef int64_t weigh_t(void *field, int64_t at, int64_t one, int64_t other, weighed_t *out);

/* Of each pair the rows that weigh most, the first of equals; `missing` where none are compared. */
static int64_t choose_rows(const pairs_t *pairs, const owned_t *left, const owned_t *right, int8_t missing,
                           weigh_t *weigh, void *field, const chosen_t *out) {
    for (int64_t at = 0; at < pairs->count; at++) {
        span_t ours, theirs;
        int64_t fault = rows_of_pair(pairs, at, left, right, &ours, &theirs);
        if (fault) return fault;
        weighed_t best = {missing, 0, -1, -1};
        for (int64_t one = ours.low; one < ours.high; one++)
            for (int64_t other = theirs.low; other < theirs.high; other++) {
                weighed_t found = {0, 0, one, other};
                int64_t answer = weigh(field, at, one, other, &found);
                if (answer < 0) return answer;
                if (answer && (best.left_row < 0 || found.millibits > best.millibits)) best = found;
            }
        put_chosen(out, at, &best);
    }
    return 0;
}

/* Birth dates */

enum {
    SAME_CIRCA_YEAR, WITHIN_SPAN, SAME_DAY_CONVENTIONAL, SAME_DAY, DAY_MONTH_SWAPPED, YEAR_OFF_BY_ONE, ONE_DIGIT, LUNAR,
    SAME_MONTH, SAME_YEAR, NEAR_DATE, SAME_YEAR_OTHER_DAY, YEAR_NEAR, TWO_DIGITS, DIFFERS_WIDELY, OTHER_DATE,
    DATE_LEVELS, LUNAR_YEARS = 200
};

/* The names of records, for the scripts that they are written in. */
typedef struct {
    owned_t names, slots;
    const int32_t *token;
    int64_t tokens;
    const int8_t *script;
} written_t;

typedef struct {
    owned_t owned;
    const int16_t *year;
    const int8_t *month, *day;
    const int16_t *last;
    const uint8_t *circa;
    written_t written;
} dates_t;

/* Lunar months by year, month and whether it is the leap month: ordinal of the first day, and length. */
typedef struct {
    int32_t first[LUNAR_YEARS * 24], length[LUNAR_YEARS * 24], weight[DATE_LEVELS];
    int8_t code[DATE_LEVELS];
    uint8_t counts_by_moon[256]; /* by script */
    int64_t missing, circa_years, lunar_from;
} date_rules_t;

typedef struct {
    int64_t year, month, day, last, from, to;
    int circa, is_new_year;
} date_t;

static date_t date_at(const dates_t *dates, int64_t row, const date_rules_t *rules) {
    date_t date = {dates->year[row], dates->month[row], dates->day[row], dates->last[row], .circa = dates->circa[row]};
    int64_t slack = date.circa ? rules->circa_years : 0;
    date.from = date.year - slack;
    date.to = (date.last > 0 ? date.last : date.year) + slack;
    date.is_new_year = date.month == 1 && date.day == 1;
    return date;
}

static int64_t digits_apart(int64_t one, int64_t other, int width) {
    int64_t count = 0;
    for (one += 100000, other += 100000; width > 0; width--, one /= 10, other /= 10) count += one % 10 != other % 10;
    return count;
}

/* A day, 1 for the first of January of the year 1, as yyyymmdd. */
static int64_t written_day(int64_t ordinal) {
    int64_t since = ordinal + 305, era = since / 146097, day = since % 146097; /* from the first of March of year 0 */
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year + year / 4 - year / 100;
    int64_t month = (5 * day + 2) / 153;
    day -= (153 * month + 2) / 5;
    return (year + era * 400 + (month >= 10)) * 10000 + (month < 10 ? month + 3 : month - 9) * 100 + day + 1;
}

/* Whether the one date, read by the lunar calendar, is the other. */
static int is_lunar(const date_t *one, const date_t *other, const date_rules_t *rules) {
    int64_t year = one->year - rules->lunar_from, wanted = other->year * 10000 + other->month * 100 + other->day;
    if (year < 0 || year >= LUNAR_YEARS || one->month < 1 || one->month > 12 || one->day < 1) return 0;
    for (int64_t leap = 0; leap < 2; leap++) {
        int64_t at = (year * 12 + one->month - 1) * 2 + leap;
        if (one->day <= rules->length[at] && written_day(rules->first[at] + one->day - 1) == wanted) return 1;
    }
    return 0;
}

static int is_apart(int64_t one, int64_t other, int64_t most) {
    return one - other > most || other - one > most;
}

static int compare_full(const date_t *left, const date_t *right, int wide, const date_rules_t *rules) {
    int conventional = left->is_new_year || right->is_new_year;
    int64_t gap = left->year > right->year ? left->year - right->year : right->year - left->year;
    int same_day = left->month == right->month && left->day == right->day;
    if (!gap && same_day) return conventional ? SAME_DAY_CONVENTIONAL : SAME_DAY;
    if (!gap && left->month == right->day && left->day == right->month) return DAY_MONTH_SWAPPED;
    if (same_day && gap == 1 && !conventional) return YEAR_OFF_BY_ONE;
    int64_t digits = digits_apart(left->year, right->year, 4) + digits_apart(left->month, right->month, 2) +
                     digits_apart(left->day, right->day, 2);
    if (digits == 1 && !conventional) return ONE_DIGIT;
    if (is_lunar(left, right, rules) || is_lunar(right, left, rules)) return LUNAR;
    if (!gap) return conventional ? SAME_YEAR : SAME_YEAR_OTHER_DAY;
    if (!conventional && !is_apart(left->day, right->day, 3) && !is_apart(left->month, right->month, 1) &&
        (gap == 1 || gap == 10))
        return NEAR_DATE;
    if (conventional && gap == 1 && !wide) return YEAR_NEAR;
    return digits == 2 && !conventional ? TWO_DIGITS : OTHER_DATE;
}

static int compare_two_dates(const date_t *left, const date_t *right, const date_rules_t *rules) {
    int full = left->month > 0 && left->day > 0 && right->month > 0 && right->day > 0;
    int both_months = left->month > 0 && right->month > 0, same_year = left->year == right->year;
    int same_month = both_months && left->month == right->month;
    int is_same = full && same_year && same_month && left->day == right->day;
    int wide = left->to > left->from || right->to > right->from;
    if (!is_same && same_year && (left->circa || right->circa) && !left->last && !right->last) return SAME_CIRCA_YEAR;
    if (!is_same && wide && left->from <= right->to && right->from <= left->to) return WITHIN_SPAN;
    int conventional = left->is_new_year || right->is_new_year, level = OTHER_DATE;
    int64_t far = left->year > right->year ? left->year - right->year : right->year - left->year;
    if (full) level = compare_full(left, right, wide, rules);
    else if (same_year && same_month) level = SAME_MONTH;
    else if (same_year) level = !both_months || conventional ? SAME_YEAR : SAME_YEAR_OTHER_DAY;
    else if (!wide && far == 1) level = YEAR_NEAR;
    if (level != OTHER_DATE) return level;
    if (wide) far = left->from - right->to > right->from - left->to ? left->from - right->to : right->from - left->to;
    return far > 10 ? DIFFERS_WIDELY : OTHER_DATE;
}

/* Whether a part of a name of the record is written in a script whose writers know the lunar calendar; or DAMAGED. */
static int64_t counts_by_moon(const written_t *written, int64_t record, const date_rules_t *rules) {
    span_t names, slots;
    int64_t fault = rows_of(&written->names, record, &names);
    for (int64_t name = names.low; !fault && name < names.high; name++) {
        fault = rows_of(&written->slots, name, &slots);
        for (int64_t slot = slots.low; !fault && slot < slots.high; slot++) {
            int64_t token = written->token[slot];
            if (token < 0 || token >= written->tokens) return DAMAGED;
            if (rules->counts_by_moon[(uint8_t)written->script[token]]) return 1;
        }
    }
    return fault;
}

typedef struct {
    const pairs_t *pairs;
    const dates_t *left, *right;
    const date_rules_t *rules;
} two_dates_t;

static int64_t weigh_dates(void *field, int64_t at, int64_t one, int64_t other, weighed_t *out) {
    const two_dates_t *both = field;
    date_t left = date_at(both->left, one, both->rules), right = date_at(both->right, other, both->rules);
    int level = compare_two_dates(&left, &right, both->rules);
    if (level == LUNAR) {
        int64_t known = counts_by_moon(&both->left->written, both->pairs->left[at], both->rules);
        if (!known) known = counts_by_moon(&both->right->written, both->pairs->right[at], both->rules);
        if (known < 0) return known;
        if (!known) level = left.year == right.year ? SAME_YEAR_OTHER_DAY : OTHER_DATE;
    }
    out->level = both->rules->code[level];
    out->millibits = both->rules->weight[level];
    return 1;
}

/* Answers 0, or DAMAGED where an index leads outside of its column. So do the others below. */
EXPORT int64_t netpursuit_dates(const pairs_t *pairs, const dates_t *left, const dates_t *right,
                                const date_rules_t *rules, const chosen_t *out) {
    two_dates_t both = {pairs, left, right, rules};
    return choose_rows(pairs, &left->owned, &right->owned, (int8_t)rules->missing, weigh_dates, &both, out);
}

/* Document numbers */

enum {
    SAME_NUMBER, OTHER_FORM, SHARED, CONSISTENT, MISREAD, TRANSPOSED, ONE_SLIP, AGREES_CONFLICTS, KNOWN_FAKE,
    RENEWABLE_DIFFERS, NUMBER_DIFFERS, NUMBER_LEVELS, /* agreement comes first */
    NO_LEVEL = NUMBER_LEVELS, NUMBER_WIDTH = 40, FAMILIES = 32, LEFT_TO_REFERENCE = -3
};

typedef struct {
    owned_t owned;
    texts_t text, raw;
    const int8_t *family;
    const int16_t *country;
    const uint8_t *flags;
} numbers_t;

/* How many entries bear the value of each row of the list (none: nobody asks), and what so many take off. */
typedef struct {
    const int64_t *bearers;
    int64_t losses;
    const int32_t *loss;
} shared_t;

typedef struct {
    int64_t position[NUMBER_WIDTH]; /* what each position of a Chinese number rules out */
    int32_t weight[NUMBER_LEVELS];
    int8_t code[NUMBER_LEVELS];
    uint8_t is_chinese[FAMILIES], confused[256];
    int64_t missing, other_family, unknown, birth_from, birth_to, chinese_length;
    int64_t per_character, toll, citizen, citizen_conflict, below_whole;
    int64_t least_visible, least_slip, least_untyped;
    int64_t lifelong, partial, fake, right_check; /* flags */
} number_rules_t;

typedef struct {
    const uint8_t *at;
    int64_t size;
} bytes_t;

/* What stands in one row; or DAMAGED. */
static int64_t bytes_of(const texts_t *texts, int64_t row, bytes_t *out) {
    if (row < 0 || row >= texts->texts || !is_within(texts, row)) return DAMAGED;
    *out = (bytes_t){texts->data + texts->start[row], texts->start[row + 1] - texts->start[row]};
    return 0;
}

static int are_alike(bytes_t one, bytes_t other, const uint8_t *read_as) {
    if (one.size != other.size) return 0;
    if (!read_as) return !one.size || !memcmp(one.at, other.at, (size_t)one.size);
    for (int64_t at = 0; at < one.size; at++)
        if (read_as[one.at[at]] != read_as[other.at[at]]) return 0;
    return 1;
}

/* The first bytes, nought behind the end. */
static void spread_bytes(bytes_t text, uint8_t *out) {
    int64_t size = text.size < NUMBER_WIDTH ? text.size : NUMBER_WIDTH;
    memset(out, 0, NUMBER_WIDTH);
    if (size) memcpy(out, text.at, (size_t)size);
}

static int64_t length_of(const uint8_t *text) {
    int64_t length = 0;
    for (int at = 0; at < NUMBER_WIDTH; at++) length += text[at] > 0;
    return length;
}

static int have_same_letters(const uint8_t *one, const uint8_t *other) {
    int16_t count[256] = {0};
    for (int at = 0; at < NUMBER_WIDTH; at++) count[one[at]]++, count[other[at]]--;
    for (int letter = 0; letter < 256; letter++)
        if (count[letter]) return 0;
    return 1;
}

/* Two numbers and what is known of them. */
typedef struct {
    uint8_t left[NUMBER_WIDTH], right[NUMBER_WIDTH];
    int64_t left_length, right_length, family, one_row, other_row;
    int same_family, untyped, one_issuer, either, both; /* flags of either, of both */
} two_numbers_t;

typedef struct {
    const numbers_t *left, *right;
    const number_rules_t *rules;
    const shared_t *shared;
    pair_t pair; /* room to measure a distance in */
} numbers_field_t;

static int64_t whole_weight(const two_numbers_t *both, const number_rules_t *rules) {
    if (rules->is_chinese[both->family])
        return both->both & rules->right_check ? rules->citizen : rules->weight[SAME_NUMBER];
    int64_t length = lesser(both->left_length, both->right_length);
    return greater(lesser(length * rules->per_character - rules->toll, rules->weight[SAME_NUMBER]), 0);
}

/* What the positions weigh that both sides show. A birth date of which a digit is hidden is left to the dates. */
static int64_t visible_weight(const two_numbers_t *both, const number_rules_t *rules) {
    int chinese = rules->is_chinese[both->family], seen[NUMBER_WIDTH], hidden = 0;
    int64_t count = 0, sum = 0, beyond_region = 0;
    for (int at = 0; at < NUMBER_WIDTH; at++) {
        seen[at] = both->left[at] && both->left[at] != rules->unknown && both->right[at] != rules->unknown;
        if (chinese && at >= rules->birth_from && at < rules->birth_to && !seen[at]) hidden = 1;
    }
    for (int at = 0; at < NUMBER_WIDTH; at++) {
        if (!seen[at] || (hidden && at >= rules->birth_from && at < rules->birth_to)) continue;
        count++, sum += rules->position[at];
        if (at >= rules->birth_from && at < rules->chinese_length) beyond_region = 1;
    }
    int64_t plain = greater(count * rules->per_character - rules->toll, 0);
    return lesser(chinese ? (beyond_region ? sum : 0) : plain, rules->weight[SAME_NUMBER] - rules->below_whole);
}

/* Which level two numbers have, NO_LEVEL where they are not compared; DAMAGED or NO_MEMORY. */
static int64_t number_level(numbers_field_t *field, const two_numbers_t *both) {
    const number_rules_t *rules = field->rules;
    bytes_t one, other;
    int64_t seen = 0;
    int fits = 1, partial = (both->either & rules->partial) != 0;
    if (bytes_of(&field->left->text, both->one_row, &one) || bytes_of(&field->right->text, both->other_row, &other))
        return DAMAGED;
    for (int at = 0; at < NUMBER_WIDTH; at++) {
        int left = both->left[at], right = both->right[at];
        if (left != right) fits &= left == rules->unknown || right == rules->unknown;
        else seen += left && left != rules->unknown;
    }
    fits &= seen >= rules->least_visible;
    int same = !partial && are_alike(one, other, NULL), same_length = both->left_length == both->right_length;
    if (both->either & rules->fake) return same || fits ? KNOWN_FAKE : NO_LEVEL;
    if (same) {
        if (bytes_of(&field->left->raw, both->one_row, &one) || bytes_of(&field->right->raw, both->other_row, &other))
            return DAMAGED;
        return are_alike(one, other, NULL) ? SAME_NUMBER : OTHER_FORM;
    }
    if (partial && fits) return CONSISTENT;
    int64_t shorter = lesser(both->left_length, both->right_length);
    int untyped = both->untyped && shorter >= rules->least_untyped;
    if (!partial && shorter >= rules->least_slip && (both->same_family || untyped)) {
        int confused = are_alike(one, other, rules->confused);
        if (confused) return MISREAD;
        /* Of two numbers whose check characters are both right neither is a slip of the other. */
        if (!(both->both & rules->right_check && same_length)) {
            const texts_t *left = &field->left->text, *right = &field->right->text;
            int64_t slip = distance(&field->pair, left, both->one_row, right, both->other_row);
            if (slip < 0) return slip;
            if (slip == 1) return have_same_letters(both->left, both->right) ? TRANSPOSED : ONE_SLIP;
        }
    }
    if (!both->same_family) return NO_LEVEL;
    return both->both & rules->lifelong && both->one_issuer && same_length ? NUMBER_DIFFERS : RENEWABLE_DIFFERS;
}

static int64_t number_weight(const two_numbers_t *both, int64_t level, const number_rules_t *rules) {
    int64_t whole = whole_weight(both, rules);
    switch (level) {
    case SAME_NUMBER: return whole;
    case OTHER_FORM: return whole - rules->weight[OTHER_FORM];
    case CONSISTENT: return visible_weight(both, rules);
    case MISREAD:
    case TRANSPOSED:
    case ONE_SLIP: return greater(whole - rules->weight[level], 0);
    case NUMBER_DIFFERS:
        if (both->both & rules->right_check && rules->is_chinese[both->family]) return rules->citizen_conflict;
    }
    return rules->weight[level];
}

/* What agreement on a value weighs that several entries bear; or LEFT_TO_REFERENCE in `*fault`. */
static int64_t share(const shared_t *shared, int64_t row, int64_t millibits, int64_t *fault) {
    if (!shared->bearers || millibits <= 0) return millibits;
    int64_t bearers = greater(shared->bearers[row], 1);
    if (bearers >= shared->losses) return *fault = LEFT_TO_REFERENCE;
    return greater(millibits - shared->loss[bearers], 0);
}

/* Fills in two numbers: 1, 0 where they have nothing to compare, or DAMAGED. */
static int64_t read_numbers(const numbers_field_t *field, int64_t one, int64_t other, two_numbers_t *out) {
    const numbers_t *left = field->left, *right = field->right;
    int64_t left_family = left->family[one], right_family = right->family[other];
    int64_t left_country = left->country[one], right_country = right->country[other];
    *out = (two_numbers_t){.family = left_family > right_family ? left_family : right_family};
    out->one_row = one, out->other_row = other;
    out->same_family = left_family == right_family;
    out->untyped = left_family == field->rules->other_family || right_family == field->rules->other_family;
    if (left_country != right_country && left_country && right_country) return 0;
    if (!out->same_family && !out->untyped) return 0;
    bytes_t text;
    if (out->family < 0 || out->family >= FAMILIES || bytes_of(&left->text, one, &text)) return DAMAGED;
    spread_bytes(text, out->left);
    if (bytes_of(&right->text, other, &text)) return DAMAGED;
    spread_bytes(text, out->right);
    out->left_length = length_of(out->left), out->right_length = length_of(out->right);
    out->one_issuer = left_country == right_country && left_country > 0;
    out->either = left->flags[one] | right->flags[other], out->both = left->flags[one] & right->flags[other];
    return 1;
}

/* What stands for and against a pair of records. */
typedef struct {
    weighed_t agreeing, other;        /* the strongest of either; row -1: none */
    uint64_t agreed;                  /* families, by bit */
    int64_t against[FAMILIES];        /* the worst conflict of each */
} verdict_t;

static int64_t weigh_numbers(numbers_field_t *field, int64_t one, int64_t other, verdict_t *verdict) {
    const number_rules_t *rules = field->rules;
    two_numbers_t both;
    int64_t fault = 0, level = read_numbers(field, one, other, &both);
    if (level > 0) level = number_level(field, &both);
    else if (level == 0) level = NO_LEVEL;
    if (level < 0 || level == NO_LEVEL) return level < 0 ? level : 0;
    int64_t millibits = share(field->shared, other, number_weight(&both, level, rules), &fault);
    if (fault) return fault;
    if (level == SAME_NUMBER && field->shared->bearers && field->shared->bearers[other] > 1) level = SHARED;
    weighed_t found = {rules->code[level], millibits, one, other};
    if (level <= ONE_SLIP) {
        verdict->agreed |= UINT64_C(1) << both.family;
        if (verdict->agreeing.left_row < 0 || millibits > verdict->agreeing.millibits) verdict->agreeing = found;
        return 0;
    }
    if (level == NUMBER_DIFFERS) verdict->against[both.family] = lesser(millibits, verdict->against[both.family]);
    if (verdict->other.left_row < 0 || millibits < verdict->other.millibits) verdict->other = found;
    return 0;
}

/* The best agreement less a conflict of another family; without any agreement the worst conflict. */
static weighed_t judge(const verdict_t *verdict, const number_rules_t *rules) {
    if (verdict->agreeing.left_row < 0) return verdict->other;
    weighed_t best = verdict->agreeing;
    int64_t worst = 0;
    for (int family = 0; family < FAMILIES; family++)
        if (!(verdict->agreed >> family & 1)) worst = lesser(verdict->against[family], worst);
    if (worst < 0) best.level = rules->code[AGREES_CONFLICTS], best.millibits += worst;
    return best;
}

/* Answers LEFT_TO_REFERENCE besides, where more entries share a number than there are losses for. */
EXPORT int64_t netpursuit_numbers(const pairs_t *pairs, const numbers_t *left, const numbers_t *right,
                                  const number_rules_t *rules, const shared_t *shared, const chosen_t *out) {
    numbers_field_t field = {left, right, rules, shared, {0}};
    int64_t fault = 0;
    for (int64_t at = 0; at < pairs->count && !fault; at++) {
        span_t ours, theirs;
        fault = rows_of_pair(pairs, at, &left->owned, &right->owned, &ours, &theirs);
        if (fault) break;
        weighed_t none = {(int8_t)rules->missing, 0, -1, -1};
        if (ours.low == ours.high || theirs.low == theirs.high) {
            put_chosen(out, at, &none);
            continue;
        }
        verdict_t verdict = {none, none, 0, {0}};
        for (int64_t one = ours.low; one < ours.high && !fault; one++)
            for (int64_t other = theirs.low; other < theirs.high && !fault; other++)
                fault = weigh_numbers(&field, one, other, &verdict);
        weighed_t best = judge(&verdict, rules);
        put_chosen(out, at, &best);
    }
    free(field.pair.one.at), free(field.pair.other.at), free(field.pair.table);
    return fault;
}

/* Telephones */

enum { SAME_PHONE, CONSISTENT_PHONE, ONE_DIGIT_OFF, OTHER_PHONE, PHONE_LEVELS, PHONE_WIDTH = 24 };

typedef struct {
    owned_t owned;
    texts_t text;
    const uint64_t *hash;
} phones_t;

typedef struct {
    int32_t weight[PHONE_LEVELS];
    int8_t code[PHONE_LEVELS];
    uint8_t hides[256]; /* what stands for an unknown digit */
    int64_t missing, per_digit, mask_cap, mask_toll, least_seen, least_masked;
} phone_rules_t;

typedef struct {
    const phones_t *left, *right;
    const phone_rules_t *rules;
    const shared_t *shared;
    pair_t pair;
} phones_field_t;

/* The byte so many places before the end; nought for a plus sign, and before the beginning. */
static uint8_t digit_of(bytes_t text, int64_t place) {
    uint8_t digit = place < text.size ? text.at[text.size - 1 - place] : 0;
    return digit == '+' ? 0 : digit;
}

static int64_t weigh_phones(void *given, int64_t at, int64_t one, int64_t other, weighed_t *out) {
    phones_field_t *field = given;
    const phone_rules_t *rules = field->rules;
    bytes_t left, right;
    if (bytes_of(&field->left->text, one, &left) || bytes_of(&field->right->text, other, &right)) return DAMAGED;
    int64_t seen = 0, lefts = 0, rights = 0, level = OTHER_PHONE, slip, fault = 0;
    int agrees = 1, masked = 0;
    for (int64_t place = 0; place < PHONE_WIDTH; place++) {
        uint8_t here = digit_of(left, place), there = digit_of(right, place);
        int hidden = rules->hides[here] || rules->hides[there];
        lefts += here > 0, rights += there > 0, masked |= hidden;
        if (!here || !there || hidden) continue;
        seen++;
        agrees &= here == there;
    }
    if (!masked && field->left->hash[one] == field->right->hash[other]) level = SAME_PHONE;
    else if (!masked && agrees && seen >= rules->least_seen) level = SAME_PHONE;
    else if (masked && agrees && seen >= rules->least_masked) level = CONSISTENT_PHONE;
    else if (lefts == rights && seen >= rules->least_seen) {
        slip = distance(&field->pair, &field->left->text, one, &field->right->text, other);
        if (slip < 0) return slip;
        if (slip == 1) level = ONE_DIGIT_OFF;
    }
    int64_t millibits = rules->weight[level];
    if (level == CONSISTENT_PHONE)
        millibits = lesser(greater(seen - rules->mask_toll, 0) * rules->per_digit, rules->mask_cap);
    out->level = rules->code[level];
    out->millibits = share(field->shared, other, millibits, &fault);
    (void)at;
    return fault ? fault : 1;
}

EXPORT int64_t netpursuit_phones(const pairs_t *pairs, const phones_t *left, const phones_t *right,
                                 const phone_rules_t *rules, const shared_t *shared, const chosen_t *out) {
    phones_field_t field = {left, right, rules, shared, {0}};
    int64_t fault = choose_rows(pairs, &left->owned, &right->owned, (int8_t)rules->missing, weigh_phones, &field, out);
    free(field.pair.one.at), free(field.pair.other.at), free(field.pair.table);
    return fault;
}

/* Addresses */

enum { UNIT, UNIT_CODE, HOUSE, STREET, CITY, DISTRICT, FLAT, NUMBER, POSTCODE, ADDRESS_PARTS };
enum {
    SAME_UNIT, OTHER_UNIT, SAME_HOUSE, SIMILAR_ADDRESS, OTHER_HOUSE, SAME_STREET, SAME_CITY, OTHER_ADDRESS,
    ADDRESS_LEVELS
};

typedef struct {
    owned_t owned;
    const int8_t *kind;
    const uint64_t *parts; /* addresses x parts, 0 where unknown */
    texts_t place;
} addresses_t;

typedef struct {
    int32_t weight[ADDRESS_LEVELS];
    int8_t code[ADDRESS_LEVELS];
    int64_t missing, registered, residence, letters_per_slip, most_slips;
} address_rules_t;

typedef struct {
    const addresses_t *left, *right;
    const address_rules_t *rules;
    pair_t pair;
} addresses_field_t;

static int is_ascii(bytes_t text) {
    for (int64_t at = 0; at < text.size; at++)
        if (text.at[at] > 127) return 0;
    return 1;
}

/* Whether street and town of two alphabetic addresses are a slip of a key apart, or more if long; or a fault. */
static int64_t are_slips(addresses_field_t *field, int64_t one, int64_t other) {
    bytes_t left, right;
    if (bytes_of(&field->left->place, one, &left) || bytes_of(&field->right->place, other, &right)) return DAMAGED;
    int64_t shorter = lesser(left.size, right.size);
    if (shorter < field->rules->letters_per_slip || !is_ascii(left) || !is_ascii(right)) return 0;
    int64_t slip = distance(&field->pair, &field->left->place, one, &field->right->place, other);
    if (slip < 0) return slip;
    return slip > 0 && slip <= field->rules->most_slips && slip * field->rules->letters_per_slip <= shorter;
}

static int64_t address_level(addresses_field_t *field, int64_t one, int64_t other, const uint64_t *left,
                             const uint64_t *right) {
    int same[ADDRESS_PARTS], differs[ADDRESS_PARTS];
    for (int part = 0; part < ADDRESS_PARTS; part++) {
        same[part] = left[part] && left[part] == right[part];
        differs[part] = left[part] && right[part] && left[part] != right[part];
    }
    int elsewhere = differs[CITY] || differs[DISTRICT];
    int placed = (same[CITY] || same[DISTRICT] || same[POSTCODE]) && !elsewhere;
    if (same[UNIT_CODE] || (same[UNIT] && placed)) return SAME_UNIT;
    if (same[HOUSE] && placed && differs[FLAT]) return OTHER_UNIT;
    if ((same[HOUSE] && placed) || (same[UNIT] && !elsewhere)) return SAME_HOUSE;
    if (same[NUMBER] && !differs[FLAT]) {
        int64_t slips = are_slips(field, one, other);
        if (slips) return slips < 0 ? slips : SIMILAR_ADDRESS;
    }
    if (same[STREET] && placed && differs[NUMBER]) return OTHER_HOUSE;
    if (same[HOUSE] ? !elsewhere && !differs[FLAT] : same[STREET] && placed) return SAME_STREET;
    return same[CITY] ? SAME_CITY : OTHER_ADDRESS;
}

static int states_any(const uint64_t *parts) {
    for (int part = 0; part < ADDRESS_PARTS; part++)
        if (parts[part]) return 1;
    return 0;
}

static int64_t weigh_addresses(void *given, int64_t at, int64_t one, int64_t other, weighed_t *out) {
    addresses_field_t *field = given;
    const address_rules_t *rules = field->rules;
    int64_t here = field->left->kind[one], there = field->right->kind[other];
    const uint64_t *left = field->left->parts + one * ADDRESS_PARTS;
    const uint64_t *right = field->right->parts + other * ADDRESS_PARTS;
    (void)at;
    if (here == rules->registered && there == rules->residence) return 0;
    if (here == rules->residence && there == rules->registered) return 0;
    if (!states_any(left) || !states_any(right)) return 0;
    int64_t level = address_level(field, one, other, left, right);
    if (level < 0) return level;
    out->level = rules->code[level];
    out->millibits = rules->weight[level];
    return 1;
}

EXPORT int64_t netpursuit_addresses(const pairs_t *pairs, const addresses_t *left, const addresses_t *right,
                                    const address_rules_t *rules, const chosen_t *out) {
    addresses_field_t field = {left, right, rules, {0}};
    int8_t missing = (int8_t)rules->missing;
    int64_t fault = choose_rows(pairs, &left->owned, &right->owned, missing, weigh_addresses, &field, out);
    free(field.pair.one.at), free(field.pair.other.at), free(field.pair.table);
    return fault;
}

/* Nationalities */

enum { SAME_NATION, OTHER_NATION, NATION_LEVELS };

typedef struct {
    owned_t owned;
    const int16_t *code;
} nations_t;

typedef struct {
    int32_t weight[NATION_LEVELS];
    int8_t code[NATION_LEVELS];
    int64_t missing;
} nation_rules_t;

typedef struct {
    const nations_t *left, *right;
    const nation_rules_t *rules;
} nations_field_t;

static int64_t weigh_nations(void *given, int64_t at, int64_t one, int64_t other, weighed_t *out) {
    const nations_field_t *field = given;
    int level = field->left->code[one] == field->right->code[other] ? SAME_NATION : OTHER_NATION;
    (void)at;
    out->level = field->rules->code[level];
    out->millibits = field->rules->weight[level];
    return 1;
}

EXPORT int64_t netpursuit_nations(const pairs_t *pairs, const nations_t *left, const nations_t *right,
                                const nation_rules_t *rules, const chosen_t *out) {
    nations_field_t field = {left, right, rules};
    return choose_rows(pairs, &left->owned, &right->owned, (int8_t)rules->missing, weigh_nations, &field, out);
}

/* What counts once, the sum, its band and its caps */

enum { MOST_BANDS = 8, MOST_CAPS = 8, MOST_FIELDS = 16 };

/* Levels as bits: 1 << code. */
typedef struct {
    uint64_t agreeing, whole;
    int64_t number_differs, consistent, same_other_name;
    int64_t same_day, no_date, date_in_number, sex_in_number, same_city, address_in_number;
    int64_t name, date, document, sex, address, fields; /* columns, and how many */
    int64_t holds_date, holds_sex, lifelong;            /* flags */
    int64_t partial_most, other_name_cost;
} condition_rules_t;

typedef struct {
    int64_t rows;
    const uint8_t *flags;
} flags_t;

static int has_level(uint64_t levels, int64_t level) { return level >= 0 && level < 64 && (levels >> level & 1); }

/* The flags of a number, none of row -1. */
static int64_t flags_at(const flags_t *numbers, int64_t row) {
    return row < 0 || row >= numbers->rows ? 0 : numbers->flags[row];
}

/* The levels and weights of one pair, by field. */
typedef struct {
    int8_t *level;
    int32_t *millibits;
} row_t;

static void count_once(row_t pair, int64_t field, int64_t in_number) {
    pair.level[field] = (int8_t)in_number;
    pair.millibits[field] = 0;
}

/* What an agreeing number holds; two people's numbers each vouch for their own date. */
static void count_held(row_t pair, int64_t one, int64_t both, const condition_rules_t *rules) {
    int64_t number = pair.level[rules->document], date = pair.level[rules->date];
    int agreeing = has_level(rules->agreeing, number), supported = pair.millibits[rules->date] > 0;
    int apart = number == rules->number_differs && date != rules->same_day && date != rules->no_date;
    if (both & rules->holds_date && (apart || (agreeing && supported)))
        count_once(pair, rules->date, rules->date_in_number);
    if (!agreeing) return;
    if (both & rules->holds_sex && pair.millibits[rules->sex] > 0) count_once(pair, rules->sex, rules->sex_in_number);
    if (one & rules->holds_date && pair.level[rules->address] == rules->same_city)
        count_once(pair, rules->address, rules->address_in_number);
}

/* The same number beside another name. */
static void part_owner(row_t pair, int64_t both, const condition_rules_t *rules) {
    int64_t number = pair.level[rules->document];
    int32_t *millibits = &pair.millibits[rules->document];
    if (number == rules->consistent) *millibits = (int32_t)lesser(*millibits, rules->partial_most);
    if (!has_level(rules->whole, number) || !(both & rules->lifelong)) return;
    pair.level[rules->document] = (int8_t)rules->same_other_name;
    *millibits = (int32_t)greater(*millibits - rules->other_name_cost, 0);
    pair.millibits[rules->name] = 0;
}

/* `levels` and `millibits`: pairs x fields, changed where they stand; the rows of the numbers that were compared. */
EXPORT int64_t netpursuit_condition(int64_t pairs, int8_t *levels, int32_t *millibits, const flags_t *left,
                                    const int64_t *left_row, const flags_t *right, const int64_t *right_row,
                                    const condition_rules_t *rules) {
    for (int64_t at = 0; at < pairs; at++) {
        row_t pair = {levels + at * rules->fields, millibits + at * rules->fields};
        int64_t one = flags_at(left, left_row[at]), both = one & flags_at(right, right_row[at]);
        count_held(pair, one, both, rules);
        if (pair.millibits[rules->name] < 0) part_owner(pair, both, rules);
    }
    return 0;
}

/* A cap: what a band above `ceiling` comes down to where the field has one of the levels, unless the number is the
 * person's own. */
typedef struct {
    uint64_t levels;
    int64_t field, unless_own, ceiling;
} cap_t;

typedef struct {
    int64_t bands, floor[MOST_BANDS], band[MOST_BANDS]; /* ascending */
    int64_t caps;
    cap_t cap[MOST_CAPS];
    uint8_t lifts[MOST_FIELDS];
    uint64_t own;
    int64_t document, address, same_unit, fields, least_lift, unlifted;
} score_rules_t;

static int64_t lift_of(const int8_t *level, const int32_t *millibits, const score_rules_t *rules) {
    int64_t lift = 0;
    for (int64_t field = 0; field < rules->fields; field++)
        if (rules->lifts[field] || (field == rules->address && level[field] == rules->same_unit))
            lift += greater(millibits[field], 0);
    return lift;
}

/* Each pair's sum, its band after the caps, and which cap took effect (1: names alone; 0: none). */
EXPORT int64_t netpursuit_score(int64_t pairs, const int8_t *levels, const int32_t *millibits, int64_t prior,
                                const score_rules_t *rules, int64_t *total, int8_t *bands, int8_t *capped) {
    for (int64_t at = 0; at < pairs; at++) {
        const int8_t *level = levels + at * rules->fields;
        const int32_t *bits = millibits + at * rules->fields;
        int64_t sum = prior, band = 0, reason = 0;
        for (int64_t field = 0; field < rules->fields; field++) sum += bits[field];
        for (int64_t step = 0; step < rules->bands; step++)
            if (sum >= rules->floor[step]) band = rules->band[step];
        int own = has_level(rules->own, level[rules->document]);
        int64_t ceiling = rules->unlifted;
        if (band > ceiling && lift_of(level, bits, rules) < rules->least_lift) reason = 1;
        for (int64_t cap = 0; !reason && cap < rules->caps; cap++) {
            ceiling = rules->cap[cap].ceiling;
            if (band > ceiling && has_level(rules->cap[cap].levels, level[rules->cap[cap].field]) &&
                !(own && rules->cap[cap].unless_own))
                reason = cap + 2;
        }
        total[at] = sum;
        bands[at] = (int8_t)(reason ? ceiling : band);
        capped[at] = (int8_t)reason;
    }
    return 0;
}
