package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class InstanceNameTest {

    @Test
    void twoInstancesOnOneHostHaveNamesOfTheirOwn() {
        Random random = new Random(1);
        String first = InstanceName.of("orders-7d9f", random);
        assertThat(first).matches("orders-7d9f\\.[0-9a-f]{6}");
        assertThat(InstanceName.of("orders-7d9f", random)).isNotEqualTo(first);
    }

    @Test
    void aHostWithoutAUsableNameIsLeftOut() {
        for (String host : new String[] {null, "", "a b", "x".repeat(101)}) {
            assertThat(InstanceName.of(host, new Random(1))).matches("[0-9a-f]{6}");
        }
    }
}
