package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.verifier.Rule.Cut;
import dev.gatehouse.verifier.Rule.Kind;
import dev.gatehouse.verifier.Rule.Match;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashedRulesTest {

    private static final long LATER = 4_000_000_000L;
    private static final List<Kind> KINDS = List.of(Kind.values());

    private final Random random = new Random(11);
    private final HashedRules rules = new HashedRules(random);

    private static String base64url(long high, long low) {
        byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String uuid(long high, long low) {
        return new UUID(high, low).toString();
    }

    /** A token whose values are all the same, so that a rule of any kind for the value hits it. */
    private static RuleTarget token(Kind kind, String value, Position rev) {
        return new RuleTarget(
                kind == Kind.JTI ? value : "-",
                kind == Kind.GRANT_ID ? value : null,
                kind == Kind.SID ? value : null,
                kind == Kind.KID ? value : "-",
                kind == Kind.SUB ? value : "-",
                kind == Kind.CLIENT_ID ? value : "-",
                rev,
                List.of());
    }

    private static Rule rule(Kind kind, String value, Position before, long expires) {
        return kind.isCut() ? new Cut(kind, value, before, expires) : new Match(kind, value, expires);
    }

    private static Position at(long seq) {
        return new Position(1, seq);
    }

    // Against a plain model

    /** What the rules should answer, with nothing clever in it. */
    private static final class Model {
        private final Map<Kind, Map<String, Rule>> rules = new HashMap<>();

        private void add(Rule rule) {
            if (rule instanceof Match match) {
                of(match.kind()).merge(match.value(), match, Model::both);
            } else if (rule instanceof Cut cut) {
                of(cut.kind()).merge(cut.value(), cut, Model::both);
            }
        }

        private static Rule both(Rule one, Rule other) {
            long expires = Math.max(one.expires(), other.expires());
            if (one instanceof Cut cut && other instanceof Cut too) {
                Position before = cut.before().compareTo(too.before()) > 0 ? cut.before() : too.before();
                return new Cut(cut.kind(), cut.value(), before, expires);
            }
            Match match = (Match) one;
            return new Match(match.kind(), match.value(), expires);
        }

        private boolean refuses(Kind kind, String value, Position rev) {
            Rule rule = of(kind).get(value);
            return rule instanceof Match || (rule instanceof Cut cut && rev.compareTo(cut.before()) < 0);
        }

        private void forget(long second) {
            rules.values().forEach(ofKind -> ofKind.values().removeIf(rule -> rule.expires() <= second));
        }

        private long size() {
            return rules.values().stream().mapToLong(Map::size).sum();
        }

        private Map<String, Rule> of(Kind kind) {
            return rules.computeIfAbsent(kind, none -> new HashMap<>());
        }
    }

    private String value(int from) {
        long number = random.nextInt(from);
        long high = number % 7 == 0 ? number % 3 - 1 : number * 0x9E3779B97F4A7C15L;
        return switch (random.nextInt(8)) {
            case 0 -> "name " + number;
            case 1 -> base64url(high, number).substring(0, 21) + "B";
            case 2 -> uuid(high, number).toUpperCase(Locale.ROOT);
            case 3, 4 -> uuid(high, number);
            default -> base64url(high, number);
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 50, 2_000})
    void itAnswersAsAPlainModelDoes(int values) {
        Model model = new Model();
        long now = 0;
        for (int step = 0; step < 60_000; step++) {
            Kind kind = KINDS.get(random.nextInt(KINDS.size()));
            Position position = new Position(random.nextInt(3) - 1, random.nextInt(20) - 3);
            int what = random.nextInt(1_000);
            if (what < 400) {
                Rule rule = rule(kind, value(values), position, now + random.nextInt(2_000) - 100);
                model.add(rule);
                rules.add(rule);
            } else if (what < 999) {
                String value = value(values);
                assertThat(rules.refuse(token(kind, value, position))).isEqualTo(model.refuses(kind, value, position));
            } else {
                now += random.nextInt(500);
                model.forget(now);
                rules.forget(now);
            }
            assertThat(rules.size()).isEqualTo(model.size());
        }
        model.forget(LATER);
        rules.forget(LATER);
        assertThat(rules.size()).isZero();
    }

    @Test
    void aRuleNeverTakesARefusalBackWhateverTheOrderAndHoweverOften() {
        for (int round = 0; round < 100; round++) {
            List<Rule> some = new ArrayList<>();
            List<RuleTarget> tokens = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Kind kind = KINDS.get(random.nextInt(KINDS.size()));
                some.add(rule(kind, value(10), new Position(random.nextInt(3), random.nextInt(5)), LATER));
                tokens.add(token(kind, value(10), new Position(random.nextInt(3), random.nextInt(5))));
            }
            HashedRules inOrder = new HashedRules(random);
            for (Rule rule : some) {
                List<RuleTarget> refused =
                        tokens.stream().filter(inOrder::refuse).toList();
                inOrder.add(rule);
                assertThat(refused).allMatch(inOrder::refuse);
            }
            List<Rule> shuffled = new ArrayList<>(some);
            shuffled.addAll(some.subList(0, random.nextInt(some.size())));
            Collections.shuffle(shuffled, random);
            HashedRules inAnyOrder = new HashedRules(random);
            shuffled.forEach(inAnyOrder::add);
            assertThat(tokens).allMatch(token -> inAnyOrder.refuse(token) == inOrder.refuse(token));
            assertThat(inAnyOrder.size()).isEqualTo(inOrder.size());
        }
    }

    // Exactness

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aValueThatDiffersInOneCharacterIsAnotherOne(Kind kind) {
        for (String value : List.of(base64url(random.nextLong(), random.nextLong()), uuid(1, -1), "a name")) {
            rules.add(rule(kind, value, at(10), LATER));
            assertThat(rules.refuse(token(kind, value, at(9)))).isTrue();
            for (int i = 0; i < value.length(); i++) {
                for (char c : "AQgw_-0aZ =é\u0141\u8141".toCharArray()) {
                    String other = value.substring(0, i) + c + value.substring(i + 1);
                    assertThat(rules.refuse(token(kind, other, at(9)))).isEqualTo(other.equals(value));
                }
            }
            assertThat(rules.refuse(token(kind, value + "A", at(9)))).isFalse();
        }
    }

    @Test
    void aNumberInOneFormIsNotTheSameNumberInAnother() {
        rules.add(new Match(Kind.JTI, base64url(5, 6), LATER));
        assertThat(rules.refuse(token(Kind.JTI, uuid(5, 6), at(0)))).isFalse();
        assertThat(rules.refuse(token(Kind.SID, base64url(5, 6), at(0)))).isFalse();
        rules.add(new Match(Kind.JTI, uuid(5, 7), LATER));
        assertThat(rules.refuse(token(Kind.JTI, base64url(5, 7), at(0)))).isFalse();
    }

    @Test
    void numbersThatTheTableMarksPlacesWithAreValuesLikeOthers() {
        for (long high : new long[] {0, -1, 1}) {
            for (long low : new long[] {0, -1, 1}) {
                for (String value : List.of(base64url(high, low), uuid(high, low))) {
                    assertThat(rules.refuse(token(Kind.SID, value, at(0)))).isFalse();
                    rules.add(new Match(Kind.SID, value, LATER));
                    assertThat(rules.refuse(token(Kind.SID, value, at(0)))).isTrue();
                }
            }
        }
        assertThat(rules.size()).isEqualTo(18);
    }

    @Test
    void valuesThatAllFallOnOnePlaceAreToldApart() {
        RandomGenerator noKey = () -> 0;
        HashedRules crowded = new HashedRules(noKey);
        for (int i = 0; i < 3_000; i++) {
            crowded.add(new Match(Kind.JTI, base64url(i + 1, 0), LATER));
        }
        for (int i = 0; i < 6_000; i++) {
            assertThat(crowded.refuse(token(Kind.JTI, base64url(i + 1, 0), at(0))))
                    .isEqualTo(i < 3_000);
        }
    }

    @Test
    void theHighestPositionHoldsAcrossEpochs() {
        String person = uuid(3, 4);
        for (Position before : List.of(new Position(1, 50), new Position(-1, 2), new Position(7, 90))) {
            rules.add(new Cut(Kind.SUB, person, before, LATER));
        }
        assertThat(rules.size()).isEqualTo(1);
        assertThat(rules.refuse(token(Kind.SUB, person, new Position(-1, 1)))).isTrue();
        assertThat(rules.refuse(token(Kind.SUB, person, new Position(7, 99)))).isTrue();
        assertThat(rules.refuse(token(Kind.SUB, person, new Position(-1, 2)))).isFalse();
    }

    @Test
    void aRuleIsForgottenAtItsTimeAndNotBefore() {
        String value = base64url(8, 9);
        rules.add(new Match(Kind.JTI, value, 100));
        rules.add(new Match(Kind.JTI, value, 50));
        rules.forget(99);
        assertThat(rules.refuse(token(Kind.JTI, value, at(0)))).isTrue();
        rules.forget(100);
        assertThat(rules.refuse(token(Kind.JTI, value, at(0)))).isFalse();
        rules.add(new Match(Kind.JTI, value, Long.MAX_VALUE));
        rules.forget(Long.MAX_VALUE - 1);
        assertThat(rules.refuse(token(Kind.JTI, value, at(0)))).isTrue();
    }

    // Readers beside the writer

    @Test
    void readersMissNothingThatWasThereBeforeTheyAsked() throws Exception {
        int count = 60_000;
        AtomicInteger written = new AtomicInteger();
        ExecutorService readers = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Random places = new Random(i);
                all.add(readers.submit(() -> readUntil(count, written, places)));
            }
            for (int i = 0; i < count; i++) {
                rules.add(new Match(Kind.JTI, jti(i), LATER));
                rules.add(new Match(Kind.JTI, jti(-i - 1), i));
                rules.add(new Cut(Kind.SUB, uuid(1, i % 100), new Position(1 + i / 1_000, i % 1_000), LATER));
                written.set(i + 1);
                if (i % 5_000 == 0) {
                    rules.forget(i - 100);
                }
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            readers.shutdownNow();
        }
    }

    private static String jti(int i) {
        return base64url(i * 0x9E3779B97F4A7C15L + 1, i);
    }

    private void readUntil(int count, AtomicInteger written, Random places) {
        int known = 0;
        while (known < count) {
            known = written.get();
            if (known > 0) {
                int i = places.nextInt(known);
                assertThat(rules.refuse(token(Kind.JTI, jti(i), at(0)))).isTrue();
                assertThat(rules.refuse(token(Kind.JTI, jti(count + i), at(0)))).isFalse();
                Position before = new Position(1 + i / 1_000, i % 1_000 - 1);
                assertThat(i % 1_000 == 0 || rules.refuse(token(Kind.SUB, uuid(1, i % 100), before)))
                        .isTrue();
            }
        }
    }

    @Test
    void readersNeverSeeAPositionThatNobodyWrote() throws Exception {
        String person = uuid(1, 2);
        AtomicInteger round = new AtomicInteger();
        rules.add(new Cut(Kind.SUB, person, new Position(1, 1_000), LATER));
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            Future<?> reading = reader.submit(() -> {
                while (round.get() < 2_000) {
                    int epoch = round.get();
                    assertThat(rules.refuse(token(Kind.SUB, person, new Position(epoch, 999))))
                            .isTrue();
                    assertThat(rules.refuse(token(Kind.SUB, person, new Position(10_000, 0))))
                            .isFalse();
                }
            });
            for (int epoch = 1; epoch <= 2_000; epoch++) {
                rules.add(new Cut(Kind.SUB, person, new Position(epoch, 1_000), LATER));
                round.set(epoch);
            }
            reading.get();
        } finally {
            reader.shutdownNow();
        }
        assertThat(rules.size()).isEqualTo(1);
    }
}
