package dev.gatehouse.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.token.AccessTokenClaims;
import dev.gatehouse.server.token.AccessTokenClaims.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTableTest {
    private static final List<RuleKind> KINDS = List.of(RuleKind.values());

    private final RuleTable rules = new RuleTable(Duration.ofSeconds(60));

    private static Rule rule(RuleKind kind, String value, @Nullable String before) {
        return new Rule(
                kind.wire(),
                value,
                before == null ? null : LogPosition.parse(before).orElseThrow(),
                1000);
    }

    private static AccessTokenClaims token() {
        return token("10-5", List.of());
    }

    private static AccessTokenClaims token(String position, List<Origin> origin) {
        return new AccessTokenClaims(
                "jti",
                "kid",
                "sub",
                "client",
                List.of("api"),
                Scopes.none(),
                Instant.EPOCH,
                Instant.EPOCH,
                "sid",
                "grant",
                position,
                origin,
                Map.of());
    }

    @Test
    void eachKindRefusesByItsOwnClaim() {
        assertThat(rules.refuses(token())).isFalse();
        Map<RuleKind, String> values =
                Map.of(RuleKind.JTI, "jti", RuleKind.GRANT_ID, "grant", RuleKind.SID, "sid", RuleKind.KID, "kid");
        values.forEach((kind, value) -> {
            RuleTable one = new RuleTable(Duration.ZERO);
            for (RuleKind other : RuleKind.values()) {
                if (other != kind) {
                    one.add(rule(other, value, null));
                }
            }
            assertThat(one.refuses(token())).as("%s by the others", kind).isFalse();
            one.add(rule(kind, value, null));
            assertThat(one.refuses(token())).as("%s", kind).isTrue();
        });
    }

    @Test
    void aCutRefusesWhatWasIssuedBeforeItAndNothingLater() {
        rules.add(rule(RuleKind.SUB, "sub", "10-5"));
        assertThat(rules.refuses(token("10-4", List.of()))).isTrue();
        assertThat(rules.refuses(token("10-5", List.of()))).isFalse();
        assertThat(rules.refuses(token("11-0", List.of()))).isFalse();
        assertThat(rules.refuses(token("9-99", List.of()))).isTrue();
        assertThat(rules.refuses(token("9-1000000000", List.of()))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "10", "10-", "-5", "10-5-1", "10-+6", "10-99999999999999999999", "１０-６"})
    void aTokenWithoutAReadablePositionIsRefusedByEveryCut(String position) {
        assertThat(rules.refuses(token(position, List.of()))).isFalse();
        rules.add(rule(RuleKind.CLIENT_ID, "client", "1-1"));
        assertThat(rules.refuses(token(position, List.of()))).isTrue();
    }

    @Test
    void whatRefusesAnOriginRefusesTheTokenThatCameFromIt() {
        AccessTokenClaims exchanged =
                token("10-5", List.of(new Origin("jti2", "client2", "kid2"), new Origin("jti3", "client3", "kid3")));
        List<Rule> refusing = List.of(
                rule(RuleKind.JTI, "jti2", null),
                rule(RuleKind.JTI, "jti3", null),
                rule(RuleKind.KID, "kid3", null),
                rule(RuleKind.CLIENT_ID, "client2", "10-6"),
                rule(RuleKind.CLIENT_ID, "client3", "10-6"));
        for (Rule rule : refusing) {
            RuleTable one = new RuleTable(Duration.ZERO);
            one.add(rule);
            assertThat(one.refuses(exchanged)).as("%s", rule).isTrue();
            assertThat(one.refuses(token())).as("%s", rule).isFalse();
        }
    }

    @Test
    void aRuleIsForgottenOnlyWhenItsTimeAndTheSkewAreOver() {
        rules.add(new Rule("jti", "jti", null, 1000));
        rules.add(new Rule("jti", "jti", null, 900));
        rules.forgetExpired(1059);
        assertThat(rules.refuses(token())).isTrue();
        rules.forgetExpired(1060);
        assertThat(rules.refuses(token())).isFalse();
        assertThat(rules.size()).isZero();
    }

    @Test
    void aLongerRuleForTheSameValueOutlivesTheShorterOne() {
        rules.add(new Rule("jti", "jti", null, 1000));
        rules.add(new Rule("jti", "jti", null, 2000));
        rules.forgetExpired(1500);
        assertThat(rules.refuses(token())).isTrue();
        rules.forgetExpired(2060);
        assertThat(rules.size()).isZero();
    }

    @Test
    void addingARuleNeverUnRevokesAndNeitherOrderNorRepetitionMatters() {
        Random random = new Random(20261123);
        for (int round = 0; round < 200; round++) {
            List<Rule> added = new ArrayList<>();
            List<AccessTokenClaims> tokens = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                tokens.add(randomToken(random));
            }
            RuleTable table = new RuleTable(Duration.ZERO);
            for (int i = 0; i < 40; i++) {
                List<Boolean> before = tokens.stream().map(table::refuses).toList();
                Rule rule = randomRule(random);
                added.add(rule);
                table.add(rule);
                for (int t = 0; t < tokens.size(); t++) {
                    assertThat(table.refuses(tokens.get(t)) || !before.get(t))
                            .as("round %d: %s un-revoked %s", round, rule, tokens.get(t))
                            .isTrue();
                }
            }
            List<Rule> shuffled = new ArrayList<>(added);
            shuffled.addAll(added.subList(0, 20));
            Collections.shuffle(shuffled, random);
            RuleTable again = new RuleTable(Duration.ZERO);
            shuffled.forEach(again::add);
            assertThat(tokens.stream().map(again::refuses).toList())
                    .isEqualTo(tokens.stream().map(table::refuses).toList());
            assertThat(again.all()).containsExactlyInAnyOrderElementsOf(table.all());
        }
    }

    private static String pick(Random random) {
        return String.valueOf((char) ('a' + random.nextInt(8)));
    }

    private static String position(Random random) {
        return random.nextInt(10) == 0 ? "?" : random.nextInt(3) + "-" + random.nextInt(5);
    }

    private static Rule randomRule(Random random) {
        RuleKind kind = KINDS.get(random.nextInt(KINDS.size()));
        LogPosition before = kind.isCut() ? new LogPosition(random.nextInt(3), random.nextInt(5)) : null;
        return new Rule(kind.wire(), pick(random), before, 1000 + random.nextInt(3));
    }

    private static AccessTokenClaims randomToken(Random random) {
        List<Origin> origin =
                random.nextBoolean() ? List.of() : List.of(new Origin(pick(random), pick(random), pick(random)));
        return new AccessTokenClaims(
                pick(random),
                pick(random),
                pick(random),
                pick(random),
                List.of("api"),
                Scopes.none(),
                Instant.EPOCH,
                Instant.EPOCH,
                random.nextBoolean() ? pick(random) : null,
                random.nextBoolean() ? pick(random) : null,
                position(random),
                origin,
                Map.of());
    }
}
