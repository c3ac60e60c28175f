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

int main(int count, char **arguments) {
    long answered = 0, damaged = 0, rounds = count > 1 ? atol(arguments[1]) : 1000;
    for (long round = 0; round < rounds; round++) {
        int damage = (int)dice(2);
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
    printf("%ld %ld\n", answered, damaged);
    return 0;
}
