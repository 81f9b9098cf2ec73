package dev.gatehouse.server.protocol;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The form of a token request, from the parameters that the web server has read. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class FormParsing {
    private final Map<String, String[]> parameters = Map.of(
            "grant_type", new String[] {"client_credentials"},
            "scope", new String[] {"inventory.read"});

    private final HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
            FormParsing.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (_, method, _) -> switch (method.getName()) {
                case "getContentType" -> "application/x-www-form-urlencoded";
                case "getParameterMap" -> parameters;
                default -> null;
            });

    @Benchmark
    public String read() {
        Form form = Form.of(request);
        return form.require("grant_type") + form.get("scope") + form.resource();
    }
}
