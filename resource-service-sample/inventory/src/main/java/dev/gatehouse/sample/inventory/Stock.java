package dev.gatehouse.sample.inventory;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** What is on the shelves. It lives in memory: a restart fills them again. */
@Component
final class Stock {
    private final Map<String, Integer> available = new TreeMap<>(
            Map.of("apple", 1000, "book", 1000, "mushroom", 1000, "pocket-watch", 1000, "teapot", 1000, "umbrella", 3));

    synchronized List<Line> lines() {
        return available.entrySet().stream()
                .map(entry -> new Line(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Takes the whole quantity or nothing. */
    synchronized Outcome take(String item, int quantity) {
        Integer left = available.get(item);
        if (left == null) {
            return Outcome.NO_SUCH_ITEM;
        }
        if (left < quantity) {
            return Outcome.NOT_ENOUGH;
        }
        available.put(item, left - quantity);
        return Outcome.TAKEN;
    }

    record Line(String item, int available) {}

    enum Outcome {
        TAKEN,
        NOT_ENOUGH,
        NO_SUCH_ITEM
    }
}
