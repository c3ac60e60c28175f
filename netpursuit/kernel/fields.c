/* The levels of every field but names, for pairs of records: birth dates, numbers, telephones, addresses, sex and
 * nationality; then what counts once, and the sum with its band. The same as evidence/ and scoring/posterior.py do with
 * NumPy, pair by pair. Part of native.c.
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
