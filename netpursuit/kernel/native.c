/* The candidate walk: for each person the records that its look-ups and rare name parts find, each with an upper bound
 * of what the pair can weigh; those below the floor are passed over. The same as index/candidates.py and index/bounds.py
 * do with NumPy, pair by pair instead of column by column.
 *
 * Plain C11, no Python headers: called through ctypes, which releases the GIL. Reads nothing outside of the arrays it
 * is given: every index that comes from a file is checked against their lengths first.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#define ABI 4
#define FIELDS 8 /* fields that have look-ups: document, phone, e-mail, address, birth date; and room */

enum { NO_MEMORY = -1, DAMAGED = -2 };

/* A set of ranges: rows low..high of `records` for a person, sorted by person. `field` -1: name parts. */
typedef struct {
    int64_t ranges;
    const int64_t *person, *low, *high;
    const int32_t *records;
    int64_t records_length;
    int64_t field, millibits, exact;
} ranges_t;

/* The list: record -> its name parts, a token each: bits 0..24 the token, 25..29 its first letter (31: never an
 * initial), 30 whether it is one letter, 31 whether its name ends there. */
typedef struct {
    int64_t records, parts; /* lengths */
    const int32_t *part_start;
    const uint32_t *part;
} list_t;

typedef struct {
    int64_t persons;
    const int64_t *agreement_start; /* per person, into the two below; tokens ascending */
    const int32_t *agreement_token;
    const int32_t *agreement_weight;
    const uint8_t *named;
    const int64_t *initials, *firsts, *unkeyed;
} query_t;

typedef struct {
    int64_t floor, disagreement, damp_from, damp_percent, name_cap, initial;
} weights_t;

typedef struct {
    int64_t stamp;
    int32_t record;
    uint8_t exact;
    int32_t millibits[FIELDS];
} seen_t;

EXPORT int64_t netpursuit_abi(void) { return ABI; }

static int64_t agreement(const query_t *query, int64_t person, int32_t token) {
    int64_t low = query->agreement_start[person], high = query->agreement_start[person + 1];
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (query->agreement_token[middle] < token) low = middle + 1;
        else high = middle;
    }
    if (low < query->agreement_start[person + 1] && query->agreement_token[low] == token)
        return query->agreement_weight[low];
    return 0;
}

/* The most that the names of the pair can weigh, or DAMAGED in `*fault`. */
static int64_t name_bound(const list_t *list, const query_t *query, const weights_t *weights, int64_t person,
                          int32_t record, int64_t *fault) {
    int64_t total = 0, sum = 0, part = list->part_start[record], last = list->part_start[record + 1];
    if (part < 0 || last < part || last > list->parts) return *fault = DAMAGED;
    int named = last > part;
    for (; part < last; part++) {
        uint32_t packed = list->part[part], letter = packed >> 25 & 31;
        int64_t most = agreement(query, person, (int32_t)(packed & 0x1FFFFFF));
        if (letter != 31 && most < weights->initial) {
            int64_t bit = (int64_t)1 << letter;
            if ((query->initials[person] & bit) || ((packed >> 30 & 1) && (query->firsts[person] & bit)))
                most = weights->initial;
        }
        sum += most;
        if (packed >> 31) {
            total = sum > total ? sum : total;
            sum = 0;
        }
    }
    if (total == 0) return query->named[person] && named ? weights->disagreement : 0;
    if (total > weights->damp_from)
        total = weights->damp_from + (total - weights->damp_from) * weights->damp_percent / 100;
    total += 1;
    return total < weights->name_cap ? total : weights->name_cap;
}

/* What limits the walk is memory, not arithmetic: rows far apart are asked for before they are needed. */
#if defined(__GNUC__) || defined(__clang__)
#define PREFETCH(place) __builtin_prefetch(place)
#else
#define PREFETCH(place) ((void)0)
#endif
enum { AHEAD = 16, NEAR = 8 };

static int by_record(const void *left, const void *right) {
    int32_t one = ((const seen_t *)left)->record, other = ((const seen_t *)right)->record;
    return (one > other) - (one < other);
}

/* The rows of a person: an open table of the records seen, `stamp` telling this person's from those before. */
typedef struct {
    seen_t *rows;
    int64_t *places; /* of the rows in use, in the order in which they came */
    int64_t size, used;
} table_t;

static int grow(table_t *table, int64_t needed) {
    int64_t size = table->size ? table->size : 1024;
    while (size < 2 * needed) size *= 2;
    if (size > table->size) {
        free(table->rows);
        free(table->places);
        table->rows = calloc((size_t)size, sizeof(seen_t));
        table->places = calloc((size_t)size, sizeof(int64_t));
        table->size = table->rows && table->places ? size : 0;
    }
    return table->size != 0;
}

static seen_t *find(table_t *table, int32_t record, int64_t stamp) {
    uint64_t place = ((uint64_t)(uint32_t)record * UINT64_C(0x9E3779B97F4A7C15)) >> 20;
    for (;; place++) {
        place &= (uint64_t)(table->size - 1);
        seen_t *row = &table->rows[place];
        if (row->stamp != stamp) {
            memset(row, 0, sizeof *row);
            row->stamp = stamp;
            row->record = record;
            table->places[table->used++] = (int64_t)place;
            return row;
        }
        if (row->record == record) return row;
    }
}

/* Fills up to `room` pairs, sorted by person and record; answers how many there are (the call is to be repeated with
 * more room where that is more), NO_MEMORY, or DAMAGED where an index leads outside of its column. */
EXPORT int64_t netpursuit_candidates(int64_t sets, const ranges_t *set, const list_t *list, const query_t *query,
                                     const weights_t *weights, int64_t room, int64_t *out_person, int64_t *out_record,
                                     int64_t *out_bound) {
    table_t table = {0};
    seen_t *kept = NULL;
    int64_t kept_size = 0, count = 0, fault = 0;
    int64_t *next = calloc((size_t)(sets ? sets : 1), sizeof(int64_t));
    if (!next) return NO_MEMORY;
    for (int64_t person = 0; person < query->persons && !fault; person++) {
        int64_t rows = 0;
        for (int64_t at = 0; at < sets; at++)
            for (int64_t range = next[at]; range < set[at].ranges && set[at].person[range] == person; range++) {
                int64_t low = set[at].low[range], high = set[at].high[range];
                if (low < 0 || high < low || high > set[at].records_length) fault = DAMAGED;
                else rows += high - low;
            }
        if (fault || (rows && !grow(&table, rows))) {
            fault = fault ? fault : NO_MEMORY;
            break;
        }
        table.used = 0;
        for (int64_t at = 0; at < sets && !fault; at++)
            for (; next[at] < set[at].ranges && set[at].person[next[at]] == person; next[at]++)
                for (int64_t row = set[at].low[next[at]]; row < set[at].high[next[at]]; row++) {
                    int32_t record = set[at].records[row];
                    if (record < 0 || record >= list->records) {
                        fault = DAMAGED;
                        break;
                    }
                    seen_t *seen = find(&table, record, person + 1);
                    if (set[at].field < 0) continue;
                    if (set[at].millibits > seen->millibits[set[at].field])
                        seen->millibits[set[at].field] = (int32_t)set[at].millibits;
                    seen->exact |= (uint8_t)set[at].exact;
                }
        if (fault || !table.used) continue;
        if (kept_size < table.used) {
            seen_t *more = realloc(kept, (size_t)table.used * sizeof(seen_t));
            if (!more) {
                fault = NO_MEMORY;
                break;
            }
            kept = more;
            kept_size = table.used;
        }
        int64_t found = 0;
        for (int64_t row = 0; row < table.used && !fault; row++) {
            if (row + AHEAD < table.used) PREFETCH(&list->part_start[table.rows[table.places[row + AHEAD]].record]);
            if (row + NEAR < table.used) {
                int32_t start = list->part_start[table.rows[table.places[row + NEAR]].record];
                if (start >= 0 && start < list->parts) PREFETCH(&list->part[start]);
            }
            const seen_t *seen = &table.rows[table.places[row]];
            int64_t name = name_bound(list, query, weights, person, seen->record, &fault);
            int64_t bound = (seen->exact && name < 0 ? 0 : name) + query->unkeyed[person];
            for (int field = 0; field < FIELDS; field++) bound += seen->millibits[field];
            if (bound < weights->floor) continue;
            kept[found] = *seen;
            kept[found++].stamp = bound;
        }
        if (fault) break;
        qsort(kept, (size_t)found, sizeof(seen_t), by_record);
        for (int64_t row = 0; row < found; row++, count++)
            if (count < room) {
                out_person[count] = person;
                out_record[count] = kept[row].record;
                out_bound[count] = kept[row].stamp;
            }
    }
    free(next);
    free(kept);
    free(table.rows);
    free(table.places);
    return fault ? fault : count;
}

#include "join.c"
#include "name_levels.c"
#include "bounds.c"
#include "fields.c"
