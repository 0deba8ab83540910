// The raid kernel of src/shieldwall/engine once more, in C++17: the same tables, draws and rules, so the same bits.
//
//   g++ -std=c++17 -O3 -march=native -ffp-contract=off -o raid raid.cpp
//   raid TABLES OUT SEED FIRST COUNT REPEATS
//
// Reads the tables that bench/engine.py dumps, plays COUNT replications REPEATS times, prints the CPU seconds of each
// repeat, one a line, and writes the outcome (see `Block`) to OUT. -ffp-contract=off: no fused multiply-add where the source
// has none, as in the kernel; nothing else is relaxed or held back.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using i64 = std::int64_t;
using u64 = std::uint64_t;
constexpr double INF = std::numeric_limits<double>::infinity();
constexpr double TWO_PI = 2.0 * M_PI;

// ---- tables: the dtypes of tables.py, in its order -----------------------------------------------------------------

struct Threat { u64 actor; i64 salvo, pair_first; };
struct Salvo {
    i64 threat_first, path_first, network_first, threat_class, timing, time_on_target;
    double decoy_share, abort_share, failure_probability, time_s, spread_s;
};
struct Flight {
    double cumulative, duration_s;
    i64 target;
    double hit_probability, hit_damage, value_at_risk;
    i64 group_first, zone_stay_first;
};
struct Group { i64 detection_first, engagement_first; double last_close_s; i64 held; };
struct ZoneStay { u64 actor; i64 zone, number; double enter_s, leave_s, hazard_per_s; };
struct Detection { i64 sensor, number; double enter_s, leave_s; };
struct Engagement { i64 weapon, fire_unit, radar; double open_s, close_s, kill_probability; };
struct Sensor { u64 actor; double scan_s, detection_probability; i64 hits_to_track; double availability; };
struct FireUnit { u64 actor; i64 channels; double ready_s, availability; i64 radar, weapon_first; };
struct Weapon {
    i64 fire_unit, rounds_per_launcher, ready_rounds, reserve_rounds;
    double reload_s;
    i64 rounds_per_shot;
    double interval_s;
};
struct Rule { i64 salvo, max_shots; double assess_s; };
struct Command { i64 assignment, hold, identify, exponential, shoot_again; double misidentified, recheck_s; };
struct Network { u64 actor; double identification_s, command_s; i64 operators, room, by_value, identify, spell_first, spell_last; };
struct Target { i64 kind, index; double value; };

struct Tables {
    std::vector<Threat> threats;
    std::vector<i64> pair_threat;
    std::vector<Salvo> salvos;
    std::vector<i64> network;
    std::vector<Network> networks;
    std::vector<Flight> flights;
    std::vector<Group> groups;
    std::vector<ZoneStay> zone_stays;
    std::vector<Detection> detections;
    std::vector<Engagement> engagements;
    std::vector<double> delay_s;
    std::vector<Sensor> sensors;
    std::vector<FireUnit> fire_units;
    std::vector<Weapon> weapons;
    std::vector<i64> rank, keep;
    std::vector<Rule> rules;
    std::vector<Command> command;
    std::vector<Target> targets;
    i64 orders, classes;
};

template <class T> void read(std::ifstream& in, std::vector<T>& out) {
    i64 bytes = 0;
    in.read(reinterpret_cast<char*>(&bytes), 8);
    if (bytes % static_cast<i64>(sizeof(T)) != 0) {
        std::fprintf(stderr, "a table does not fit its record: %lld bytes, %zu each\n", static_cast<long long>(bytes), sizeof(T));
        std::exit(2);
    }
    out.resize(bytes / sizeof(T));
    in.read(reinterpret_cast<char*>(out.data()), bytes);
}

Tables read_tables(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    Tables t;
    read(in, t.threats); read(in, t.pair_threat); read(in, t.salvos); read(in, t.network); read(in, t.networks);
    read(in, t.flights); read(in, t.groups); read(in, t.zone_stays); read(in, t.detections); read(in, t.engagements);
    read(in, t.delay_s); read(in, t.sensors); read(in, t.fire_units); read(in, t.weapons); read(in, t.rank); read(in, t.keep);
    read(in, t.rules); read(in, t.command); read(in, t.targets);
    if (!in) { std::fprintf(stderr, "%s is too short\n", path.c_str()); std::exit(2); }
    t.classes = static_cast<i64>(t.rules.size());
    t.orders = t.engagements.empty() ? 2 : static_cast<i64>(t.delay_s.size() / t.engagements.size());
    return t;
}

// ---- state ---------------------------------------------------------------------------------------------------------

enum Fate : i64 { FAILED, SUPPRESSED, SHOT_DOWN, LEAKED_HIT, LEAKED_MISSED, ABORTED, ARRIVES };
enum Cause : i64 {
    NO_CAUSE, NEVER_DETECTED, DETECTED_TOO_LATE, NO_SHOOTER_IN_REACH, CHANNELS_SATURATED, MAGAZINE_EMPTY, COMMAND_DELAY,
    SHOTS_MISSED, HELD_BY_RULES
};
enum Stream : u64 { S_LAUNCH = 1, S_FAILURE, S_SOFT_KILL, S_DETECTION, S_COMMAND, S_KILL, S_IMPACT, S_AVAILABILITY };
constexpr i64 SHOTS_SHIFT = 6, SHOTS_AT_MOST = 63;
enum Kind : i64 { MEETING, IMPACT, RELOAD, DECISION };
constexpr i64 ASSET = 0, FIRE_UNIT = 1, SENSOR = 2;
constexpr i64 UNIFORM = 0, NORMAL = 1, POISSON = 2, EQUAL = 3;
constexpr i64 NEAREST = 1, FORBIDDEN_RANK = 1001;
constexpr i64 YES = -1, LOADING = -2;

struct ThreatState {
    double start_s, end_s;
    i64 path, decoy, end, engagements, under_way, duplicates, rounds, weapon;
    double first_track_s;
    i64 first_sensor;
    double engageable_s;
    i64 cause;
    double damage;
};
struct PairState { double track_s, engageable_s, due_s; i64 sensor, salvos, shots, blocked; };
struct UnitState { double lost_s; i64 busy, waiting; };
struct WeaponState { i64 ready, reserve, on_launcher, reloading, fired; double empty_s; };
struct Waiting { i64 next, pair, row, shots; };
struct Event { double time_s; i64 tag; std::int32_t second, first; };  // as one int64: first << 32 | second

struct Uniforms { double a, b, c, d; };

Uniforms draw(u64 seed, u64 replication, u64 stream, u64 actor, u64 index) {
    std::uint32_t c0 = static_cast<std::uint32_t>(actor), c1 = static_cast<std::uint32_t>(actor >> 32);
    std::uint32_t c2 = static_cast<std::uint32_t>(replication), c3 = static_cast<std::uint32_t>((stream << 24) | index);
    std::uint32_t k0 = static_cast<std::uint32_t>(seed), k1 = static_cast<std::uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
        const u64 p0 = u64{0xD2511F53} * c0, p1 = u64{0xCD9E8D57} * c2;
        c0 = static_cast<std::uint32_t>(p1 >> 32) ^ c1 ^ k0;
        c1 = static_cast<std::uint32_t>(p1);
        c2 = static_cast<std::uint32_t>(p0 >> 32) ^ c3 ^ k1;
        c3 = static_cast<std::uint32_t>(p0);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    constexpr double scale = 1.0 / 4294967296.0;
    return {(c0 + 0.5) * scale, (c1 + 0.5) * scale, (c2 + 0.5) * scale, (c3 + 0.5) * scale};
}

u64 pair_actor(u64 first, u64 second) {
    u64 mixed = second ^ (second << 23);
    mixed = mixed ^ (mixed >> 17) ^ u64{0xBF58476D1CE4E5B9};
    return first ^ mixed ^ (mixed << 31);
}

// ---- one raid ------------------------------------------------------------------------------------------------------

struct Raid {
    const Tables& tables;
    u64 seed, replication = 0;
    std::vector<ThreatState> threats;
    std::vector<PairState> pairs;
    std::vector<double> sensor_lost_s, remaining;
    std::vector<UnitState> units;
    std::vector<WeaponState> weapons;
    std::vector<Waiting> waiting;
    std::vector<Event> queue;
    std::vector<i64> leakers;
    i64 arrivals = 0;

    Raid(const Tables& given, u64 seed_) : tables(given), seed(seed_) {
        threats.resize(tables.threats.size() - 1);
        pairs.resize(tables.pair_threat.size());
        sensor_lost_s.resize(tables.sensors.size());
        remaining.resize(tables.targets.size());
        units.resize(tables.fire_units.size() - 1);
        weapons.resize(tables.weapons.size());
        waiting.reserve(256 + 4 * pairs.size());
        queue.reserve(256 + 2 * threats.size() + 2 * pairs.size() + 4 * weapons.size());
        leakers.resize(threats.size());
    }

    void play(u64 number) {
        replication = number;
        reset();
        muster();
        launch_all();
        while (!queue.empty()) {
            const Event event = pop();
            switch (event.tag >> 48) {
                case DECISION: decide(event.first, event.time_s); break;
                case MEETING: meet(event.first, event.second, event.time_s); break;
                case RELOAD: reload_launcher(event.first, event.second, event.time_s); break;
                default: hit_military(event.first, event.time_s);
            }
        }
        settle();
    }

    Uniforms uniform(u64 stream, u64 actor, u64 index = 0) const { return draw(seed, replication, stream, actor, index); }

    static bool before(const Event& a, const Event& b) {
        return a.time_s < b.time_s || (a.time_s == b.time_s && a.tag < b.tag);
    }

    void schedule(double time_s, i64 kind, i64 first, i64 second) {
        const Event event{time_s, (kind << 48) | arrivals++, static_cast<std::int32_t>(second), static_cast<std::int32_t>(first)};
        std::size_t k = queue.size();
        queue.push_back(event);
        while (k > 0) {
            const std::size_t parent = (k - 1) >> 1;
            if (before(queue[parent], event)) break;
            queue[k] = queue[parent];
            k = parent;
        }
        queue[k] = event;
    }

    Event pop() {
        const Event top = queue.front(), moved = queue.back();
        queue.pop_back();
        const std::size_t held = queue.size();
        std::size_t k = 0, child = 1;
        while (child < held) {
            if (child + 1 < held && before(queue[child + 1], queue[child])) ++child;
            if (before(moved, queue[child])) break;
            queue[k] = queue[child];
            k = child;
            child = 2 * k + 1;
        }
        if (held > 0) queue[k] = moved;
        return top;
    }

    void reset() {
        for (auto& t : threats) {
            t.engagements = 0; t.under_way = 0; t.duplicates = 0; t.rounds = 0; t.weapon = -1; t.first_track_s = INF; t.first_sensor = -1;
            t.engageable_s = INF; t.cause = NO_CAUSE; t.damage = 0.0;
        }
        for (auto& p : pairs) { p.salvos = 0; p.shots = 0; p.blocked = NO_CAUSE; }
        std::fill(sensor_lost_s.begin(), sensor_lost_s.end(), INF);
        std::fill(remaining.begin(), remaining.end(), 1.0);
        for (auto& u : units) u = {INF, 0, -1};
        for (std::size_t w = 0; w < weapons.size(); ++w) {
            const Weapon& given = tables.weapons[w];
            weapons[w] = {given.ready_rounds, given.reserve_rounds, std::min(given.rounds_per_launcher, given.ready_rounds), 0, 0, INF};
        }
        waiting.clear();
        queue.clear();
        arrivals = 0;
    }

    void muster() {
        for (std::size_t q = 0; q < sensor_lost_s.size(); ++q)
            if (uniform(S_AVAILABILITY, tables.sensors[q].actor).a >= tables.sensors[q].availability) sensor_lost_s[q] = -INF;
        for (std::size_t u = 0; u < units.size(); ++u)
            if (uniform(S_AVAILABILITY, tables.fire_units[u].actor).a >= tables.fire_units[u].availability) {
                units[u].lost_s = -INF;
                if (tables.fire_units[u].radar >= 0) sensor_lost_s[tables.fire_units[u].radar] = -INF;
            }
    }

    void launch_all() {
        for (std::size_t s = 0; s + 1 < tables.salvos.size(); ++s) {
            launch_salvo(s);
            const i64 networks = tables.salvos[s + 1].network_first - tables.salvos[s].network_first;
            for (i64 t = tables.salvos[s].threat_first; t < tables.salvos[s + 1].threat_first; ++t) {
                jam(t);
                const ThreatState& threat = threats[t];
                if (threat.end == ARRIVES && tables.targets[tables.flights[threat.path].target].kind != ASSET)
                    schedule(threat.end_s, IMPACT, t, 0);
                for (i64 k = 0; k < networks; ++k) find(tables.threats[t].pair_first + k, k, t);
            }
        }
    }

    void launch_salvo(std::size_t s) {
        const Salvo& salvo = tables.salvos[s];
        const i64 count = tables.salvos[s + 1].threat_first - salvo.threat_first;
        double arrival_s = salvo.time_s;
        for (i64 number = 0; number < count; ++number) {
            const i64 t = salvo.threat_first + number;
            ThreatState& threat = threats[t];
            const Uniforms u = uniform(S_LAUNCH, tables.threats[t].actor);
            i64 low = salvo.path_first, high = tables.salvos[s + 1].path_first - 1;
            while (low < high) {
                const i64 middle = (low + high) >> 1;
                if (u.a < tables.flights[middle].cumulative) high = middle; else low = middle + 1;
            }
            const double duration_s = tables.flights[low].duration_s;
            arrival_s = moment_s(salvo, number, count, arrival_s, u.b, u.c);
            threat.path = low;
            threat.start_s = salvo.time_on_target ? arrival_s - duration_s : arrival_s;
            threat.decoy = u.d < salvo.decoy_share ? 1 : 0;
            const Uniforms f = uniform(S_FAILURE, tables.threats[t].actor);
            if (f.a < salvo.abort_share) {
                threat.end = ABORTED;
                threat.end_s = threat.start_s;
            } else if (f.b < salvo.failure_probability) {
                threat.end = FAILED;
                threat.end_s = threat.start_s + f.c * duration_s;
            } else {
                threat.end = threat.decoy ? FAILED : ARRIVES;
                threat.end_s = threat.start_s + duration_s;
            }
        }
    }

    static double moment_s(const Salvo& salvo, i64 number, i64 count, double before_s, double u, double v) {
        switch (salvo.timing) {
            case UNIFORM: return salvo.time_s + salvo.spread_s * u;
            case NORMAL: return salvo.time_s + salvo.spread_s * std::sqrt(-2.0 * std::log(u)) * std::cos(TWO_PI * v);
            case POISSON: return before_s - std::log(u) * salvo.spread_s / count;
            case EQUAL: return salvo.time_s + salvo.spread_s * (number + 0.5) / count;
            default: return salvo.time_s;
        }
    }

    void jam(i64 t) {
        ThreatState& threat = threats[t];
        double best_s = INF;
        for (i64 k = tables.flights[threat.path].zone_stay_first; k < tables.flights[threat.path + 1].zone_stay_first; ++k) {
            const ZoneStay& stay = tables.zone_stays[k];
            const double enter_s = threat.start_s + stay.enter_s;
            if (enter_s >= best_s) continue;
            const Uniforms u = uniform(S_SOFT_KILL, pair_actor(tables.threats[t].actor, stay.actor), stay.number);
            const double when_s = enter_s - std::log(u.a) / stay.hazard_per_s;
            if (when_s < best_s && when_s <= threat.start_s + stay.leave_s) best_s = when_s;
        }
        if (best_s < threat.end_s) {
            threat.end = SUPPRESSED;
            threat.end_s = best_s;
        }
    }

    static i64 looks_to_hit(double u, const Sensor& sensor) {
        if (u >= 1.0 - sensor.detection_probability) return 1;
        return static_cast<i64>(std::ceil(std::log(u) / std::log1p(-sensor.detection_probability)));
    }

    i64 looks_of(const Sensor& sensor, const Uniforms& u, u64 watcher) const {
        i64 looks = looks_to_hit(u.b, sensor);
        if (sensor.hits_to_track > 1) looks += looks_to_hit(u.c, sensor);
        if (sensor.hits_to_track > 2) looks += looks_to_hit(u.d, sensor);
        for (i64 extra = 3; extra < sensor.hits_to_track; ++extra)
            looks += looks_to_hit(uniform(S_DETECTION, watcher, 1000 + extra).a, sensor);
        return looks;
    }

    std::pair<double, i64> first_track(i64 first, i64 last, double start_s, u64 actor) const {
        double best_s = INF;
        i64 best = -1;
        for (i64 row = first; row < last; ++row) {
            const Detection& stay = tables.detections[row];
            const double enter_s = start_s + stay.enter_s;
            if (enter_s >= best_s) break;
            const i64 q = stay.sensor;
            if (sensor_lost_s[q] <= enter_s) continue;
            const Sensor& sensor = tables.sensors[q];
            if (enter_s + (sensor.hits_to_track - 1) * sensor.scan_s >= std::min(best_s, start_s + stay.leave_s)) continue;
            const u64 watcher = pair_actor(actor, sensor.actor);
            const Uniforms u = uniform(S_DETECTION, watcher, stay.number);
            const i64 looks = sensor.detection_probability < 1.0 ? looks_of(sensor, u, watcher) : sensor.hits_to_track;
            const double seen_s = enter_s + (u.a + looks - 1) * sensor.scan_s;
            if (seen_s < best_s && seen_s <= start_s + stay.leave_s && seen_s < sensor_lost_s[q]) {
                best_s = seen_s;
                best = q;
            }
        }
        return {best_s, best};
    }

    double order_delay_s(u64 actor, const Network& network) const {
        const Command& command = tables.command[0];
        const double identification_s = command.identify ? network.identification_s : 0.0;
        if (!command.exponential && command.misidentified <= 0.0) return identification_s + network.command_s;
        const Uniforms u = uniform(S_COMMAND, pair_actor(actor, network.actor));
        const double again_s = u.c < command.misidentified ? -command.recheck_s * std::log(u.d) : 0.0;
        if (!command.exponential) return identification_s + network.command_s + again_s;
        return -identification_s * std::log(u.a) - network.command_s * std::log(u.b) + again_s;
    }

    void find(i64 pair, i64 k, i64 t) {
        ThreatState& threat = threats[t];
        PairState& known = pairs[pair];
        const u64 actor = tables.threats[t].actor;
        const i64 g = tables.flights[threat.path].group_first + k;
        const auto [track_s, sensor] =
            first_track(tables.groups[g].detection_first, tables.groups[g + 1].detection_first, threat.start_s, actor);
        known.track_s = track_s;
        known.sensor = sensor;
        known.engageable_s = INF;
        known.due_s = INF;
        if (sensor < 0 || track_s >= threat.end_s) return;
        const i64 network = tables.network[tables.salvos[tables.threats[t].salvo].network_first + k];
        const double engageable_s = track_s + order_delay_s(actor, tables.networks[network]);
        known.engageable_s = engageable_s;
        if (track_s < threat.first_track_s) {
            threat.first_track_s = track_s;
            threat.first_sensor = sensor;
        }
        threat.engageable_s = std::min(threat.engageable_s, engageable_s);
        if (engageable_s >= threat.end_s) return;
        if (engageable_s <= threat.start_s + tables.groups[g].last_close_s) {
            const double opens_s = threat.start_s + tables.engagements[tables.groups[g].engagement_first].open_s;
            decide_at(pair, std::max(engageable_s, opens_s));
        }
    }

    void decide_at(i64 pair, double time_s) {
        pairs[pair].due_s = time_s;
        schedule(time_s, DECISION, pair, 0);
    }

    i64 class_of(i64 t) const { return tables.salvos[tables.threats[t].salvo].threat_class; }

    void decide(i64 pair, double now_s) {
        const i64 t = tables.pair_threat[pair];
        const ThreatState& threat = threats[t];
        PairState& known = pairs[pair];
        if (threat.end_s <= now_s || known.due_s != now_s) return;
        known.due_s = INF;
        const i64 k = pair - tables.threats[t].pair_first;
        if (sensor_lost_s[known.sensor] <= known.track_s) {
            find(pair, k, t);
            return;
        }
        const i64 threat_class = class_of(t);
        if (known.shots >= tables.rules[threat_class].max_shots) return;
        const i64 g = tables.flights[threat.path].group_first + k;
        const i64 first = tables.groups[g].engagement_first, last = tables.groups[g + 1].engagement_first;
        double again_s;
        i64 cause;
        const i64 row = choose_weapon(first, last, threat.start_s, threat_class, now_s, again_s, cause);
        if (row >= 0) {
            shoot(pair, row, t, threat_class, now_s);
            return;
        }
        if (cause != NO_CAUSE) {
            known.blocked = cause;
            wait_for(first, last, threat.start_s, pair, threat_class, now_s);
        }
        if (again_s < threat.end_s) decide_at(pair, again_s);
    }

    i64 may_fire(i64 row, i64 threat_class, double now_s) const {
        const Engagement& chance = tables.engagements[row];
        const i64 w = chance.weapon, u = chance.fire_unit, radar = chance.radar;
        if (units[u].lost_s <= now_s || (radar >= 0 && sensor_lost_s[radar] <= now_s)) return NO_SHOOTER_IN_REACH;
        const i64 place = w * tables.classes + threat_class;
        if (tables.command[0].hold) return HELD_BY_RULES;
        const i64 left = weapons[w].ready - tables.weapons[w].rounds_per_shot;
        if (left < 0 || left < tables.keep[place]) {
            if (weapons[w].reloading > 0) return LOADING;
            return left < 0 ? MAGAZINE_EMPTY : HELD_BY_RULES;
        }
        return units[u].busy >= tables.fire_units[u].channels ? CHANNELS_SATURATED : YES;
    }

    static i64 nearer(i64 first, i64 second) {
        if (first == NO_CAUSE || second == NO_CAUSE) return first + second;
        if (first == NO_SHOOTER_IN_REACH || second == NO_SHOOTER_IN_REACH) return std::max(first, second);
        return std::min(first, second);
    }

    double delay_at(i64 row, double after_launch_s) const {
        const Engagement& chance = tables.engagements[row];
        const double* table = tables.delay_s.data() + row * tables.orders;
        if (chance.close_s <= chance.open_s) return table[0];
        const i64 top = tables.orders - 1;
        const double place = std::min(std::max((after_launch_s - chance.open_s) / (chance.close_s - chance.open_s), 0.0), 1.0) * top;
        const i64 k = std::min(static_cast<i64>(place), top - 1);
        return table[k] + (place - k) * (table[k + 1] - table[k]);
    }

    i64 choose_weapon(i64 first, i64 last, double start_s, i64 threat_class, double now_s, double& again_s, i64& cause) const {
        const bool nearest = tables.command[0].assignment == NEAREST;
        i64 best = -1, best_rank = FORBIDDEN_RANK;
        double best_probability = -1.0, best_s = INF;
        again_s = INF;
        cause = NO_CAUSE;
        for (i64 row = first; row < last; ++row) {
            const Engagement& chance = tables.engagements[row];
            if (start_s + chance.open_s > now_s) {
                again_s = std::min(again_s, start_s + chance.open_s);
                break;
            }
            if (start_s + chance.close_s < now_s) continue;
            const double ready_s = tables.fire_units[chance.fire_unit].ready_s;
            if (ready_s > now_s) {
                again_s = std::min(again_s, ready_s);
                continue;
            }
            const i64 answer = may_fire(row, threat_class, now_s);
            if (answer != YES) {
                cause = nearer(cause, answer == LOADING ? i64{MAGAZINE_EMPTY} : answer);
                continue;
            }
            const i64 rank = nearest ? 0 : tables.rank[chance.weapon * tables.classes + threat_class];
            const double probability = nearest ? 0.0 : chance.kill_probability;
            if (rank > best_rank || (rank == best_rank && probability < best_probability)) continue;
            const double intercept_s = delay_at(row, now_s - start_s);
            if (rank < best_rank || probability > best_probability || intercept_s < best_s) {
                best = row;
                best_rank = rank;
                best_probability = probability;
                best_s = intercept_s;
            }
        }
        return best;
    }

    void wait_for(i64 first, i64 last, double start_s, i64 pair, i64 threat_class, double now_s) {
        for (i64 row = first; row < last; ++row) {
            const Engagement& chance = tables.engagements[row];
            if (start_s + chance.open_s > now_s) break;
            if (start_s + chance.close_s < now_s) continue;
            const i64 answer = may_fire(row, threat_class, now_s);
            if (answer != CHANNELS_SATURATED && answer != LOADING) continue;
            UnitState& unit = units[chance.fire_unit];
            waiting.push_back({unit.waiting, pair, row, pairs[pair].shots});
            unit.waiting = static_cast<i64>(waiting.size()) - 1;
        }
    }

    std::pair<i64, i64> next_waiting(i64 u, double now_s) {
        i64 best_pair = -1, best_row = -1;
        double best_saved = -1.0, best_close_s = INF;
        i64* link = &units[u].waiting;
        while (*link >= 0) {
            Waiting& node = waiting[*link];
            const Engagement& chance = tables.engagements[node.row];
            const i64 t = tables.pair_threat[node.pair];
            const ThreatState& threat = threats[t];
            const double close_s = threat.start_s + chance.close_s;
            if (close_s < now_s || threat.end_s <= now_s || pairs[node.pair].shots > node.shots) {
                *link = node.next;
                continue;
            }
            if (may_fire(node.row, class_of(t), now_s) == YES) {
                const double saved = tables.flights[threat.path].value_at_risk * chance.kill_probability;
                const bool ahead = close_s < best_close_s || (close_s == best_close_s && node.pair < best_pair);
                if (best_pair < 0 || saved > best_saved || (saved == best_saved && ahead)) {
                    best_pair = node.pair;
                    best_row = node.row;
                    best_saved = saved;
                    best_close_s = close_s;
                }
            }
            link = &node.next;
        }
        return {best_pair, best_row};
    }

    void shoot(i64 pair, i64 row, i64 t, i64 threat_class, double now_s) {
        const Engagement& chance = tables.engagements[row];
        const Rule& rule = tables.rules[threat_class];
        const Weapon& given = tables.weapons[chance.weapon];
        WeaponState& weapon = weapons[chance.weapon];
        PairState& engaged = pairs[pair];
        ThreatState& threat = threats[t];
        const double after_launch_s = now_s - threat.start_s;
        const double delay_s = delay_at(row, after_launch_s);
        i64 shots = std::min({rule.salvo, rule.max_shots - engaged.shots, SHOTS_AT_MOST});
        shots = std::min(shots, (weapon.ready - tables.keep[chance.weapon * tables.classes + threat_class]) / given.rounds_per_shot);
        if (given.interval_s > 0.0) {
            const double last_meeting_s = chance.close_s + tables.delay_s[row * tables.orders + tables.orders - 1];
            shots = std::min(shots, 1 + static_cast<i64>(std::max(last_meeting_s - after_launch_s - delay_s, 0.0) / given.interval_s));
        }
        const i64 rounds = shots * given.rounds_per_shot;
        const i64 emptied = take(given, weapon, rounds, now_s);
        units[chance.fire_unit].busy += 1;
        if (threat.under_way > engaged.salvos) threat.duplicates += 1;
        threat.under_way += 1;
        engaged.salvos += 1;
        engaged.shots += shots;
        threat.rounds += rounds;
        threat.weapon = chance.weapon;
        engaged.due_s = INF;
        const double meeting_s = now_s + delay_s + (shots - 1) * given.interval_s;
        schedule(meeting_s, MEETING, pair, (row << SHOTS_SHIFT) | shots);
        for (i64 launcher = 0; launcher < emptied; ++launcher) {
            const i64 left_over = weapon.ready < given.rounds_per_shot ? weapon.ready : 0;
            const i64 load = std::min(std::max(given.rounds_per_launcher - left_over, i64{0}), weapon.reserve);
            weapon.reserve -= load;
            weapon.reloading += load;
            if (load > 0) schedule(now_s + given.reload_s, RELOAD, chance.weapon, load);
        }
        if (!tables.command[0].shoot_again || engaged.shots >= rule.max_shots) return;
        const i64 group = tables.flights[threat.path].group_first + pair - tables.threats[t].pair_first;
        const double last_close_s = threat.start_s + tables.groups[group].last_close_s;
        if (now_s <= last_close_s && last_close_s < meeting_s + rule.assess_s) decide_at(pair, now_s);
    }

    static i64 take(const Weapon& given, WeaponState& weapon, i64 rounds, double now_s) {
        i64 others = weapon.ready - weapon.on_launcher;
        weapon.ready -= rounds;
        weapon.fired += rounds;
        weapon.on_launcher -= rounds;
        i64 emptied = 0;
        while (weapon.on_launcher <= 0) {
            ++emptied;
            if (others <= 0) break;
            const i64 load = std::min(given.rounds_per_launcher, others);
            others -= load;
            weapon.on_launcher += load;
        }
        if (weapon.ready < given.rounds_per_shot) {
            emptied += weapon.ready > 0;
            if (weapon.reserve + weapon.reloading == 0) weapon.empty_s = std::min(weapon.empty_s, now_s);
        }
        return emptied;
    }

    bool kills(i64 t, i64 shots, double probability) {
        const i64 number = threats[t].engagements++;
        bool killed = false;
        for (i64 four = 0; four < (shots + 3) / 4; ++four) {
            const Uniforms u = uniform(S_KILL, tables.threats[t].actor, number * 64 + four);
            const i64 left = shots - 4 * four;
            if (u.a < probability || (left > 1 && u.b < probability) || (left > 2 && u.c < probability) || (left > 3 && u.d < probability))
                killed = true;
        }
        return killed;
    }

    void meet(i64 pair, i64 salvo, double now_s) {
        const i64 row = salvo >> SHOTS_SHIFT, shots = salvo & SHOTS_AT_MOST;
        const i64 t = tables.pair_threat[pair];
        ThreatState& threat = threats[t];
        PairState& known = pairs[pair];
        const Engagement& chance = tables.engagements[row];
        if (threat.end_s > now_s) {
            if (kills(t, shots, chance.kill_probability)) {
                threat.end = SHOT_DOWN;
                threat.end_s = now_s;
                threat.weapon = chance.weapon;
            } else if (known.salvos == 1) {
                decide_at(pair, now_s + tables.rules[class_of(t)].assess_s);
            }
        }
        known.salvos -= 1;
        threat.under_way -= 1;
        units[chance.fire_unit].busy -= 1;
        serve(chance.fire_unit, now_s);
    }

    void serve(i64 u, double now_s) {
        while (units[u].waiting >= 0 && units[u].busy < tables.fire_units[u].channels) {
            const auto [pair, row] = next_waiting(u, now_s);
            if (pair < 0) return;
            const i64 t = tables.pair_threat[pair];
            shoot(pair, row, t, class_of(t), now_s);
        }
    }

    void reload_launcher(i64 w, i64 load, double now_s) {
        const i64 u = tables.weapons[w].fire_unit;
        if (units[u].lost_s <= now_s) return;
        WeaponState& weapon = weapons[w];
        if (weapon.ready < tables.weapons[w].rounds_per_shot) weapon.on_launcher = weapon.ready + load;
        weapon.ready += load;
        weapon.reloading -= load;
        serve(u, now_s);
    }

    void hit_military(i64 t, double now_s) {
        if (threats[t].end == ARRIVES) strike(t, now_s);
    }

    void strike(i64 t, double now_s) {
        ThreatState& threat = threats[t];
        const Flight& flight = tables.flights[threat.path];
        const Target& target = tables.targets[flight.target];
        const Uniforms u = uniform(S_IMPACT, tables.threats[t].actor);
        if (remaining[flight.target] <= 0.0 || u.a >= flight.hit_probability) {
            threat.end = LEAKED_MISSED;
            return;
        }
        threat.end = LEAKED_HIT;
        if (target.kind == ASSET) {
            threat.damage = target.value * remaining[flight.target] * flight.hit_damage;
            remaining[flight.target] *= 1.0 - flight.hit_damage;
            return;
        }
        if (u.b >= flight.hit_damage) return;
        remaining[flight.target] = 0.0;
        i64 radar = target.index;
        if (target.kind == FIRE_UNIT) {
            units[target.index].lost_s = std::min(units[target.index].lost_s, now_s);
            radar = tables.fire_units[target.index].radar;
        }
        if (radar >= 0) sensor_lost_s[radar] = std::min(sensor_lost_s[radar], now_s);
    }

    void settle() {
        i64 count = 0;
        for (std::size_t t = 0; t < threats.size(); ++t)
            if (threats[t].end == ARRIVES) {
                i64 i = count++;
                for (; i > 0 && threats[leakers[i - 1]].end_s > threats[t].end_s; --i) leakers[i] = leakers[i - 1];
                leakers[i] = static_cast<i64>(t);
            }
        for (i64 i = 0; i < count; ++i) strike(leakers[i], threats[leakers[i]].end_s);
        for (std::size_t t = 0; t < threats.size(); ++t)
        {
            ThreatState& threat = threats[t];
            if (threat.end == LEAKED_HIT || threat.end == LEAKED_MISSED) threat.cause = cause_of_leak(t);
            if (threat.first_sensor >= 0 && sensor_lost_s[threat.first_sensor] <= threat.first_track_s)
                forget_first_track(static_cast<i64>(t));
        }
    }

    void forget_first_track(i64 t) {
        ThreatState& threat = threats[t];
        threat.first_track_s = INF; threat.first_sensor = -1; threat.engageable_s = INF;
        for (i64 pair = tables.threats[t].pair_first; pair < tables.threats[t + 1].pair_first; ++pair) {
            const PairState& known = pairs[pair];
            if (known.sensor < 0 || known.track_s >= threat.end_s || sensor_lost_s[known.sensor] <= known.track_s) continue;
            if (known.track_s < threat.first_track_s) {
                threat.first_track_s = known.track_s;
                threat.first_sensor = known.sensor;
            }
            threat.engageable_s = std::min(threat.engageable_s, known.engageable_s);
        }
    }

    i64 cause_of_leak(i64 t) const {
        static constexpr i64 line[] = {NO_SHOOTER_IN_REACH, NEVER_DETECTED, DETECTED_TOO_LATE, COMMAND_DELAY,
                                       HELD_BY_RULES, MAGAZINE_EMPTY, CHANNELS_SATURATED, SHOTS_MISSED};
        const i64 group = tables.flights[threats[t].path].group_first, first = tables.threats[t].pair_first;
        i64 furthest = 0;
        for (i64 k = 0; k < tables.threats[t + 1].pair_first - first; ++k) {
            const i64 cause = cause_of_pair(first + k, group + k, t);
            for (i64 place = furthest; place < 8; ++place)
                if (line[place] == cause) furthest = place;
        }
        return line[furthest];
    }

    i64 cause_of_pair(i64 pair, i64 g, i64 t) const {
        const PairState& known = pairs[pair];
        const Group& group = tables.groups[g];
        const bool reached = tables.groups[g + 1].engagement_first > group.engagement_first;
        if (known.shots > 0) return SHOTS_MISSED;
        if (known.track_s == INF || !(reached || group.held)) return reached || group.held ? NEVER_DETECTED : NO_SHOOTER_IN_REACH;
        if (!reached) return HELD_BY_RULES;
        const double last_order_s = threats[t].start_s + group.last_close_s;
        if (known.track_s > last_order_s) return DETECTED_TOO_LATE;
        if (known.engageable_s > last_order_s) return COMMAND_DELAY;
        return known.blocked != NO_CAUSE ? known.blocked : i64{NO_SHOOTER_IN_REACH};
    }
};

// ---- outcome -------------------------------------------------------------------------------------------------------

// The arrays of engine/block.py up to unit_lost_s, each (replications, entries), written one after the other.
struct Block {
    std::vector<std::int8_t> decoy, fate, cause;
    std::vector<double> start_s, first_track_s, engageable_s, end_s, damage, empty_s, remaining, sensor_lost_s, unit_lost_s;
    std::vector<i64> path, first_sensor, duplicates, rounds, weapon, target, fired, left, lost;

    Block(const Raid& raid, std::size_t n) {
        const std::size_t rows = n * raid.threats.size(), arms = n * raid.weapons.size();
        for (auto* v : {&decoy, &fate, &cause}) v->resize(rows);
        for (auto* v : {&start_s, &first_track_s, &engageable_s, &end_s, &damage}) v->resize(rows);
        for (auto* v : {&path, &first_sensor, &duplicates, &rounds, &weapon, &target}) v->resize(rows);
        for (auto* v : {&fired, &left, &lost}) v->resize(arms);
        empty_s.resize(arms);
        remaining.resize(n * raid.remaining.size());
        sensor_lost_s.resize(n * raid.sensor_lost_s.size());
        unit_lost_s.resize(n * raid.units.size());
    }

    void copy(const Raid& raid, std::size_t r) {
        std::size_t i = r * raid.threats.size();
        for (const ThreatState& t : raid.threats) {
            decoy[i] = t.decoy == 1; start_s[i] = t.start_s; path[i] = t.path; first_track_s[i] = t.first_track_s;
            first_sensor[i] = t.first_sensor; engageable_s[i] = t.engageable_s; duplicates[i] = t.duplicates; rounds[i] = t.rounds; weapon[i] = t.weapon;
            fate[i] = static_cast<std::int8_t>(t.end); cause[i] = static_cast<std::int8_t>(t.cause); end_s[i] = t.end_s;
            target[i] = raid.tables.flights[t.path].target; damage[i] = t.damage;
            ++i;
        }
        i = r * raid.weapons.size();
        for (std::size_t w = 0; w < raid.weapons.size(); ++w, ++i) {
            const WeaponState& arm = raid.weapons[w];
            const i64 kept = arm.ready + arm.reserve + arm.reloading;
            const bool gone = std::isfinite(raid.units[raid.tables.weapons[w].fire_unit].lost_s);
            fired[i] = arm.fired; left[i] = gone ? 0 : kept; lost[i] = gone ? kept : 0; empty_s[i] = arm.empty_s;
        }
        std::copy(raid.remaining.begin(), raid.remaining.end(), remaining.begin() + r * raid.remaining.size());
        std::copy(raid.sensor_lost_s.begin(), raid.sensor_lost_s.end(), sensor_lost_s.begin() + r * raid.sensor_lost_s.size());
        for (std::size_t u = 0; u < raid.units.size(); ++u) unit_lost_s[r * raid.units.size() + u] = raid.units[u].lost_s;
    }

    void write(const std::string& path_) const {
        std::ofstream out(path_, std::ios::binary);
        const auto put = [&out](const auto& v) { out.write(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(v[0])); };
        put(decoy); put(start_s); put(path); put(first_track_s); put(first_sensor); put(engageable_s); put(duplicates); put(rounds); put(weapon);
        put(fate); put(cause); put(end_s); put(target); put(damage); put(fired); put(left); put(lost); put(empty_s);
        put(remaining); put(sensor_lost_s); put(unit_lost_s);
    }
};

double cpu_s() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec + 1e-9 * now.tv_nsec;
}

int main(int count, char** word) {
    if (count != 7) {
        std::fprintf(stderr, "usage: raid TABLES OUT SEED FIRST COUNT REPEATS\n");
        return 2;
    }
    const Tables tables = read_tables(word[1]);
    const u64 seed = std::strtoull(word[3], nullptr, 10), first = std::strtoull(word[4], nullptr, 10);
    const std::size_t n = std::strtoull(word[5], nullptr, 10), repeats = std::strtoull(word[6], nullptr, 10);
    Raid raid(tables, seed);
    Block block(raid, n);
    for (std::size_t k = 0; k < repeats; ++k) {
        const double started = cpu_s();
        for (std::size_t r = 0; r < n; ++r) {
            raid.play(first + r);
            block.copy(raid, r);
        }
        std::printf("%.6f\n", cpu_s() - started);
    }
    block.write(word[2]);
}
