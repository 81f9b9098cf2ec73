package dev.gatehouse.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BreachedListTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 127, 128, 129, 10_000})
    void everyEntryIsFoundAndHardlyAnythingElse(int size) throws IOException {
        long[] entries = new Random(size).longs(size).toArray();
        BreachedList list = BreachedList.of(bytes(LongStream.of(entries), 16));

        assertThat(list.size()).isEqualTo(size);
        assertThat(LongStream.of(entries).filter(entry -> !list.contains(entry)))
                .isEmpty();
        assertThat(new Random(99).longs(100_000).filter(list::contains).count()).isLessThan(20);
    }

    @Test
    void theEndsOfTheRangeAreFoundAndEntriesThatFallTogether() throws IOException {
        long[] entries = {0, 1, 2, -1, -2, Long.MAX_VALUE, Long.MIN_VALUE, 0};
        BreachedList list = BreachedList.of(bytes(LongStream.of(entries), 2));

        assertThat(list.size()).isEqualTo(7);
        assertThat(LongStream.of(entries).allMatch(list::contains)).isTrue();
    }

    @Test
    void theShippedListKnowsHalfAMillionAndTakesOneInThousandsForListed() {
        BreachedList shipped = BreachedList.shipped();

        assertThat(shipped.size()).isGreaterThan(450_000);
        assertThat(IntStream.range(0, 100_000)
                        .filter(i -> shipped.contains(
                                Sha1.of("no person's password " + i).prefix()))
                        .count())
                .isLessThan(20);
    }

    @Test
    void aListIsMadeOfPasswordsAndOfWhatHaveIBeenPwnedGivesOut(@TempDir Path directory) throws IOException {
        Path passwords = Files.writeString(directory.resolve("words.txt"), "Sommer-1999\nkurz\nM\u00fcnchen1860\n");
        Path hashes = Files.writeString(
                directory.resolve("hashes.txt"),
                Sha1.of("Tr0ub4dor&3").hex() + ":17\n"
                        + Sha1.of("sha1 only").hex().toLowerCase(Locale.ROOT));
        Path made = directory.resolve("list.bin");

        BreachedListWriter.main(new String[] {made.toString(), passwords.toString(), hashes.toString()});
        BreachedList list = BreachedList.mapped(made);
        ListedPasswords listed = new ListedPasswords(() -> List.of(list));

        assertThat(list.size()).isEqualTo(4);
        for (String known :
                new String[] {"Sommer-1999", "SOMMER-1999", "m\u00dcnchen1860", "Tr0ub4dor&3", "sha1 only"}) {
            assertThat(listed.contains(known)).as(known).isTrue();
        }
        assertThat(listed.contains("kurz")).isFalse();
    }

    @Test
    void aFileThatIsNoListOrIsCutOffIsRefused() throws IOException {
        byte[] whole = bytes(new Random(1).longs(1000), 16);

        for (int length : new int[] {0, 7, 23, 24, 40, whole.length - 1}) {
            assertThatThrownBy(() -> BreachedList.of(Arrays.copyOf(whole, length)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        whole[0] = 'x';
        assertThatThrownBy(() -> BreachedList.of(whole)).hasMessage("not a list of breached passwords");
    }

    private static byte[] bytes(LongStream hashes, int rice) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new BreachedListWriter(hashes, rice).write(out);
        return out.toByteArray();
    }
}
