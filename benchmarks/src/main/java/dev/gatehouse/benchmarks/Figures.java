package dev.gatehouse.benchmarks;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Runs the benchmarks, and prints what they say as ratios. */
public final class Figures {

    private Figures() {}

    public static void main(String[] arguments) throws CommandLineOptionException, RunnerException {
        new Runner(new CommandLineOptions(arguments)).run();
    }
}
