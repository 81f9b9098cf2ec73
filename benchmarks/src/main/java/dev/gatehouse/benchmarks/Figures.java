package dev.gatehouse.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks with the options of JMH, and prints what they say beside what Spring Security takes. */
public final class Figures {

    private Figures() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 1 && arguments[0].equals("heap")) {
            Heap.print();
            return;
        }
        if (arguments.length == 1 && arguments[0].equals("service")) {
            WholeService.print();
            return;
        }
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(arguments))
                        .addProfiler(GCProfiler.class)
                        .addProfiler(CpuTime.class)
                        .build())
                .run();
        printHashing(results.stream().filter(Figures::isHashing).toList());
        printParts(results.stream().filter(Figures::isPart).toList());
        printVerifying(results.stream().filter(Figures::isVerifying).toList());
    }

    private static boolean isHashing(RunResult result) {
        return result.getParams().getParamsKeys().contains("library");
    }

    private static boolean isVerifying(RunResult result) {
        return result.getParams().getParamsKeys().contains("rules");
    }

    private static boolean isPart(RunResult result) {
        return !isHashing(result) && !isVerifying(result);
    }

    /** What a request to the server is made of. */
    private static void printParts(List<RunResult> results) {
        System.out.println();
        System.out.println("| part of the server | CPU time | allocated |");
        System.out.println("|---|---|---|");
        for (RunResult result : results) {
            System.out.printf(
                    "| %s | %,.2f µs | %,.0f B |%n",
                    result.getParams().getBenchmark().replace("dev.gatehouse.server.", ""),
                    time(result) / 1000,
                    secondary(result, "gc.alloc.rate.norm"));
        }
    }

    private static void printHashing(List<RunResult> results) {
        System.out.println();
        System.out.println("| Argon2id by | CPU time | allocated |");
        System.out.println("|---|---|---|");
        for (RunResult result : results) {
            System.out.printf(
                    "| %s | %,.1f ms | %,.0f B |%n",
                    result.getParams().getParam("library"),
                    time(result) / 1_000_000,
                    secondary(result, "gc.alloc.rate.norm"));
        }
    }

    private static void printVerifying(List<RunResult> results) {
        System.out.println();
        System.out.println("| crypto | rules | | CPU time | of Spring's | allocated |");
        System.out.println("|---|---|---|---|---|---|");
        for (String setting : settings(results)) {
            List<RunResult> here = results.stream()
                    .filter(result -> setting(result).equals(setting))
                    .toList();
            here.forEach(result -> print(result, here));
        }
    }

    private static void print(RunResult result, List<RunResult> all) {
        String name = name(result);
        double spring = all.stream()
                .filter(other -> name(other).equals(counterpart(name)))
                .mapToDouble(Figures::time)
                .findFirst()
                .orElse(Double.NaN);
        double time = time(result);
        System.out.printf(
                "| %s | %s | %,.2f µs | %.4f = 1/%.1f | %,.0f B |%n",
                setting(result),
                name,
                time / 1000,
                time / spring,
                spring / time,
                secondary(result, "gc.alloc.rate.norm"));
    }

    private static String counterpart(String name) {
        return name.startsWith("repeated") ? "repeatedBySpring" : "firstSeenBySpring";
    }

    private static Set<String> settings(Collection<RunResult> results) {
        List<String> settings = new ArrayList<>();
        results.forEach(result -> settings.add(setting(result)));
        return new LinkedHashSet<>(settings);
    }

    private static String setting(RunResult result) {
        return result.getParams().getParam("crypto") + " | "
                + result.getParams().getParam("rules");
    }

    private static String name(RunResult result) {
        return result.getPrimaryResult().getLabel();
    }

    private static double time(RunResult result) {
        return secondary(result, CpuTime.NAME);
    }

    private static double secondary(RunResult result, String name) {
        Result<?> secondary = result.getSecondaryResults().get(name);
        return secondary == null ? Double.NaN : secondary.getScore();
    }
}
