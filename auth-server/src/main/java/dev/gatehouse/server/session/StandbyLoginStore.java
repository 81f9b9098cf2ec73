package dev.gatehouse.server.session;

import dev.gatehouse.server.standby.StandbyTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Logins in PostgreSQL, under {@code login:<sid>}. */
final class StandbyLoginStore implements LoginStore {
    private static final String PREFIX = "login:";

    private static final Duration GRAIN = Duration.ofSeconds(30);

    private static final int MANY_FIELDS = 40;

    private static final String NOT_ENDED = "not jsonb_exists(standby.fields, 'ended')";

    private static final String THEIRS = NOT_ENDED + " and standby.fields -> 'account' = news -> 'account'";

    private static final String ALIVE =
            NOT_ENDED + " and least((standby.fields ->> 'until')::bigint, (standby.fields ->> 'latest')::bigint) > ";

    private final StandbyTable table;

    private final Duration idle;

    private final Duration absolute;

    private final InstantSource clock;

    StandbyLoginStore(StandbyTable table, Duration idle, Duration absolute, InstantSource clock) {
        this.table = table;
        this.idle = idle;
        this.absolute = absolute;
        this.clock = clock;
    }

    private static String key(String sid) {
        return PREFIX + sid;
    }

    @Override
    public boolean begin(String sid, How how, String accountId, Beginning beginning) {
        long now = clock.millis();
        Map<String, String> login = Map.of(
                "account", accountId,
                "session", beginning.session(),
                "until", Long.toString(now + idle.toMillis()),
                "latest", Long.toString(now + absolute.toMillis()),
                "began", Long.toString(beginning.at().toEpochMilli()),
                "used", Long.toString(now),
                "address", beginning.address(),
                "device", beginning.device());
        return how == How.AGAIN
                ? table.extend(key(sid), login, List.of(), absolute, THEIRS).isPresent()
                : table.put(key(sid), accountId, login, absolute, THEIRS);
    }

    private String alive() {
        return ALIVE + clock.millis();
    }

    /** Written down to within half a minute: each time the whole entry is written. */
    @Override
    public boolean use(String sid, String address) {
        long now = clock.millis();
        Map<String, String> login = fields(sid);
        if (!isAlive(login)) {
            return false;
        }
        if (address.equals(login.get("address")) && now - number(login, "used") < GRAIN.toMillis()) {
            return true;
        }
        Map<String, String> used =
                Map.of("until", Long.toString(now + idle.toMillis()), "used", Long.toString(now), "address", address);
        return table.extend(key(sid), used, List.of(), Duration.ZERO, alive()).isPresent();
    }

    @Override
    public boolean attach(String sid, String field, String value, String clientId, Duration kept) {
        Map<String, String> attached = Map.of(field, value, StoredLoginSessions.CLIENT + clientId, "1");
        return table.extend(key(sid), attached, expiredTokens(sid), kept, alive())
                .isPresent();
    }

    /** What need not be known any longer, once there is much. */
    private List<String> expiredTokens(String sid) {
        Map<String, String> login = fields(sid);
        return login.size() <= MANY_FIELDS
                ? List.of()
                : login.entrySet().stream()
                        .filter(field -> field.getKey().startsWith(StoredLoginSessions.TOKEN)
                                && Long.parseLong(field.getValue().split(" ", 2)[0]) < clock.millis())
                        .map(Map.Entry::getKey)
                        .toList();
    }

    @Override
    public boolean isAlive(String sid) {
        return isAlive(fields(sid));
    }

    private boolean isAlive(Map<String, String> login) {
        return !login.containsKey("ended") && expires(login) > clock.millis();
    }

    @Override
    public boolean canEnd(String sid) {
        Map<String, String> login = fields(sid);
        return !login.isEmpty() && !login.containsKey("ended");
    }

    /** When a login expires of itself, milliseconds. */
    private static long expires(Map<String, String> login) {
        return Math.min(number(login, "until"), number(login, "latest"));
    }

    private static long number(Map<String, String> login, String field) {
        return Long.parseLong(login.getOrDefault(field, "0"));
    }

    /** As Redis has it: {@code until} never goes beyond {@code latest}. */
    @Override
    public Map<String, String> fields(String sid) {
        Map<String, String> login = new HashMap<>(table.fields(key(sid)));
        login.computeIfPresent("until", (_, _) -> Long.toString(expires(login)));
        return login;
    }

    @Override
    public Map<String, String> end(String sid) {
        return table.change(key(sid), Map.of("ended", "1"), List.of(), ENDED_KEPT, "true")
                .orElse(Map.of());
    }

    @Override
    public Set<String> of(String accountId) {
        return table.of(accountId).stream()
                .map(key -> key.substring(PREFIX.length()))
                .collect(Collectors.toSet());
    }
}
