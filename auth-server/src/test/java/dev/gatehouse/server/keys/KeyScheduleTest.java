package dev.gatehouse.server.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.keys.KeySchedule.Activate;
import dev.gatehouse.server.keys.KeySchedule.Advance;
import dev.gatehouse.server.keys.KeySchedule.Create;
import dev.gatehouse.server.keys.KeySchedule.Delete;
import dev.gatehouse.server.keys.KeySchedule.Retire;
import dev.gatehouse.server.keys.KeySchedule.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyScheduleTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private static final Duration LEAD = Duration.ofMinutes(16);

    private static final Duration PUBLISHED_AFTER = Duration.ofMinutes(6);

    private final KeySchedule schedule = schedule(Duration.ofDays(90));

    private final List<StoredKey> keys = new ArrayList<>();

    private int made;

    @Test
    void withoutAnyKeyOneIsMadeThatSignsAtOnceAndThenItsSuccessor() {
        assertThat(due(NOW)).containsExactly(new Create(SigningAlgorithm.RS256, KeyState.ACTIVE, NOW));
        settle(NOW);

        assertThat(keys).extracting(StoredKey::state).containsExactly(KeyState.ACTIVE, KeyState.NEXT);
        assertThat(keys.getLast().activatesAt()).isEqualTo(NOW.plus(Duration.ofDays(90)));
        assertThat(due(NOW)).isEmpty();
    }

    @Test
    void theSuccessorSignsWhenItsTimeHasComeAndAnotherOneFollows() {
        settle(NOW);
        Instant then = NOW.plus(Duration.ofDays(90));
        assertThat(due(then.minusNanos(1000))).isEmpty();
        settle(then);

        assertThat(keys).extracting(StoredKey::state).containsExactly(KeyState.RETIRED, KeyState.ACTIVE, KeyState.NEXT);
        assertThat(keys.getLast().activatesAt()).isEqualTo(then.plus(Duration.ofDays(90)));
    }

    @Test
    void aRetiredKeyIsPublishedUntilItsLastTokenHasExpiredAndGoesLongAfterThat() {
        settle(NOW);
        Instant retired = NOW.plus(Duration.ofDays(90));
        settle(retired);
        StoredKey old = keys.getFirst();

        assertThat(schedule.isPublished(old, retired.plus(PUBLISHED_AFTER).minusMillis(1)))
                .isTrue();
        assertThat(schedule.isPublished(old, retired.plus(PUBLISHED_AFTER))).isFalse();
        assertThat(due(retired.plus(Duration.ofDays(80)))).isEmpty();
        assertThat(due(retired.plus(PUBLISHED_AFTER).plus(Duration.ofDays(90)))).contains(new Delete(old));
    }

    @Test
    void aCompromisedKeyIsPublishedNoMoreAndRefusedAsLongAsItsTokensLive() {
        StoredKey key = key(KeyState.COMPROMISED, NOW, NOW);

        assertThat(schedule.isPublished(key, NOW)).isFalse();
        assertThat(schedule.isRecent(key.retiredAt(), NOW.plus(PUBLISHED_AFTER).minusMillis(1)))
                .isTrue();
        assertThat(schedule.isRecent(key.retiredAt(), NOW.plus(PUBLISHED_AFTER)))
                .isFalse();
    }

    @Test
    void whenTheActiveKeyIsGoneTheNextOneSignsWhateverItsTime() {
        settle(NOW);
        StoredKey lost = keys.removeFirst();
        keys.add(key(KeyState.COMPROMISED, lost.activatesAt(), NOW));

        assertThat(due(NOW.plusSeconds(60))).containsExactly(new Activate(keys.getFirst()));
    }

    @Test
    void aShorterPeriodBringsTheNextKeyForwardButNotBeforeEverybodyKnowsIt() {
        settle(NOW);
        KeySchedule shorter = schedule(Duration.ofDays(1));

        assertThat(shorter.due(keys, NOW.plusSeconds(60)))
                .containsExactly(new Advance(keys.getLast(), NOW.plus(Duration.ofDays(1))));
        KeySchedule veryShort = schedule(Duration.ofMinutes(1));
        assertThat(veryShort.due(keys, NOW.plusSeconds(60)))
                .containsExactly(new Advance(keys.getLast(), NOW.plus(LEAD)));
    }

    @Test
    void anAlgorithmThatIsNotConfiguredKeepsItsKeysUntilTheirTimeIsOver() {
        settle(NOW);
        KeySchedule without = new KeySchedule(
                Set.of(SigningAlgorithm.ES256), Duration.ofDays(90), LEAD, PUBLISHED_AFTER, Duration.ofDays(90));
        Instant end = NOW.plus(Duration.ofDays(90));

        assertThat(without.due(keys, NOW)).noneMatch(step -> step instanceof Retire);
        assertThat(without.due(keys, end)).contains(new Retire(keys.getFirst()));
    }

    @Test
    void aKeyThatMissedItsTimeWhileTheServerWasDownIsPassedOver() {
        KeySchedule often = schedule(Duration.ofMinutes(5));
        for (int minutes = 0; minutes <= 10; minutes += 5) {
            settle(often, NOW.plus(Duration.ofMinutes(minutes)));
        }
        long waiting = keys.stream().filter(key -> key.is(KeyState.NEXT)).count();
        assertThat(waiting).isGreaterThan(2);
        Instant later = NOW.plus(Duration.ofHours(3));
        settle(often, later);

        assertThat(keys.stream().filter(key -> key.is(KeyState.ACTIVE))).hasSize(1);
        assertThat(KeySchedule.active(keys).orElseThrow().createdAt()).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
        assertThat(keys.stream().filter(key -> key.is(KeyState.NEXT)))
                .allMatch(key -> key.activatesAt().isAfter(later));
    }

    /** Whatever the period and however irregularly somebody looks: one key signs, and it has been published for long enough. */
    @Test
    void aKeyNeverSignsBeforeItHasBeenPublishedForTheLead() {
        Random random = new Random(7);
        for (Duration every : List.of(Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofHours(7))) {
            keys.clear();
            KeySchedule often = schedule(every);
            Instant now = NOW;
            settle(often, now);
            StoredKey first = KeySchedule.active(keys).orElseThrow();
            for (int i = 0; i < 300; i++) {
                now = now.plusMillis(random.nextLong(every.toMillis()));
                settle(often, now);
                List<StoredKey> active =
                        keys.stream().filter(key -> key.is(KeyState.ACTIVE)).toList();
                assertThat(active).hasSize(1);
                StoredKey signs = active.getFirst();
                if (!signs.kid().equals(first.kid())) {
                    assertThat(signs.createdAt().plus(LEAD)).isBeforeOrEqualTo(now);
                }
                assertThat(keys).hasSizeLessThan(100);
            }
            assertThat(made).isGreaterThan(100);
        }
    }

    private static KeySchedule schedule(Duration rotateEvery) {
        return new KeySchedule(Set.of(SigningAlgorithm.RS256), rotateEvery, LEAD, PUBLISHED_AFTER, Duration.ofDays(90));
    }

    private List<Step> due(Instant now) {
        return schedule.due(keys, now);
    }

    private void settle(Instant now) {
        settle(schedule, now);
    }

    /** Does what is due as the database does it. */
    private void settle(KeySchedule by, Instant now) {
        for (List<Step> due = by.due(keys, now); !due.isEmpty(); due = by.due(keys, now)) {
            due.forEach(step -> take(step, now));
        }
    }

    private void take(Step step, Instant now) {
        switch (step) {
            case Create create ->
                keys.add(new StoredKey(
                        "https://id.example",
                        "kid-" + made++,
                        create.algorithm(),
                        create.state(),
                        "sealed",
                        new StoredKey.Sealed(new byte[0]),
                        now,
                        create.activatesAt(),
                        null));
            case Activate activate -> {
                for (StoredKey key : List.copyOf(keys)) {
                    boolean missed = key.is(KeyState.NEXT)
                            && key.activatesAt().isBefore(activate.next().activatesAt());
                    if (missed || key.is(KeyState.ACTIVE)) {
                        replace(key, key.withState(KeyState.RETIRED, key.sealed(), now));
                    }
                }
                replace(
                        activate.next(),
                        activate.next()
                                .withState(KeyState.ACTIVE, activate.next().sealed(), now));
            }
            case Advance advance -> replace(advance.next(), advance.next().withActivation(advance.activatesAt()));
            case Retire retire ->
                replace(
                        retire.key(),
                        retire.key().withState(KeyState.RETIRED, retire.key().sealed(), now));
            case Delete delete -> keys.remove(delete.key());
        }
    }

    private void replace(StoredKey before, StoredKey after) {
        keys.set(keys.indexOf(before), after);
    }

    private StoredKey key(KeyState state, Instant activatesAt, @Nullable Instant retiredAt) {
        return new StoredKey(
                "https://id.example",
                "kid-" + made++,
                SigningAlgorithm.RS256,
                state,
                "sealed",
                new StoredKey.Sealed(new byte[0]),
                activatesAt,
                activatesAt,
                retiredAt);
    }
}
