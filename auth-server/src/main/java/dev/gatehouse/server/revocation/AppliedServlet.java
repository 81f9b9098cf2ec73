package dev.gatehouse.server.revocation;

import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;

/** Where verifiers say how far they have got, docs/revocation-feed.md. */
final class AppliedServlet extends HttpServlet {
    private static final long LONGEST_HELD = TimeUnit.HOURS.toMillis(1);

    private final transient Acknowledgements acknowledgements;

    private final transient Timer latency;

    AppliedServlet(Acknowledgements acknowledgements, Timer latency) {
        this.acknowledgements = acknowledgements;
        this.latency = latency;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!Answers.acceptedPost(request, response)) {
            return;
        }
        String client = ResourceServerFilter.who(request).client().id();
        Optional<Verifier> verifier = Answers.parameter(request, "verifier").flatMap(name -> Verifier.of(client, name));
        Optional<LogPosition> position = Answers.parameter(request, "position").flatMap(LogPosition::parse);
        Optional<LogPosition> first = Answers.parameter(request, "first").flatMap(LogPosition::parse);
        Optional<Long> held = Answers.number(request, "held_ms", LONGEST_HELD);
        if (verifier.isEmpty() || position.isEmpty() || first.isEmpty() || held.isEmpty()) {
            Answers.refuse(response, HttpStatus.BAD_REQUEST);
            return;
        }
        try {
            long millis = acknowledgements.applied(verifier.get(), position.get(), first.get(), held.get());
            if (millis >= 0) {
                latency.record(millis, TimeUnit.MILLISECONDS);
            }
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } catch (DataAccessException e) {
            Answers.tryLater(response);
        }
    }
}
