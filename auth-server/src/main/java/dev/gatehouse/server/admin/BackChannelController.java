package dev.gatehouse.server.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.backchannel.BackChannelLogout;
import dev.gatehouse.server.backchannel.BackChannelLogout.State;
import dev.gatehouse.server.backchannel.BackChannelLogouts;
import java.security.Principal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Which clients have been told of which log-outs, which have not and why, and another try. */
@RestController
@RequestMapping(AdminSecurity.PATH + "/back-channel-logouts")
class BackChannelController {
    private static final int MOST = 100;

    private final BackChannelLogouts logouts;

    private final AuditLog auditLog;

    BackChannelController(BackChannelLogouts logouts, AuditLog auditLog) {
        this.logouts = logouts;
        this.auditLog = auditLog;
    }

    /** A delivery as the API shows it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Logout(
            long id,
            @JsonProperty("client_id") String clientId,
            String sub,
            String sid,
            String state,
            @JsonProperty("owed_at") Instant owedAt,
            int tries,
            @JsonProperty("tried_at") @Nullable Instant triedAt,
            @Nullable String answer,
            @JsonProperty("next_try_at") @Nullable Instant nextTryAt) {
        static Logout of(BackChannelLogout logout) {
            return new Logout(
                    logout.id(),
                    logout.clientId(),
                    logout.accountId(),
                    logout.sid(),
                    logout.state().value(),
                    logout.owedAt(),
                    logout.tries(),
                    logout.triedAt(),
                    logout.answer(),
                    logout.state() == State.WAITING ? logout.dueAt() : null);
        }
    }

    /** @param logouts the latest first; older ones by asking again with {@code before} and the last id */
    record Logouts(List<Logout> logouts) {}

    @GetMapping
    ResponseEntity<?> list(
            @RequestParam(name = "client_id", required = false) @Nullable String clientId,
            @RequestParam(required = false) @Nullable String sid,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long before) {
        Optional<State> wanted = Arrays.stream(State.values())
                .filter(each -> each.value().equals(state))
                .findFirst();
        if (state != null && wanted.isEmpty()) {
            return problem(HttpStatus.BAD_REQUEST, "a state is waiting, delivered or abandoned");
        }
        return ResponseEntity.ok(new Logouts(logouts.find(clientId, sid, wanted.orElse(null), before, MOST).stream()
                .map(Logout::of)
                .toList()));
    }

    /** Has one that waits, or was given up, tried now. */
    @PostMapping("/{id}/retry")
    ResponseEntity<?> retry(@PathVariable long id, Principal who) {
        boolean waits = logouts.retry(id);
        auditLog.record(SecurityEvent.of("logout.back-channel.retry", waits ? SecurityEvent.SUCCESS : "unknown")
                .with("admin", who.getName())
                .with("id", Long.toString(id)));
        return waits
                ? ResponseEntity.accepted().build()
                : problem(HttpStatus.NOT_FOUND, "there is no such log-out that has not been delivered");
    }

    private static ResponseEntity<ProblemDetail> problem(HttpStatus status, String detail) {
        return ResponseEntity.of(ProblemDetail.forStatusAndDetail(status, detail))
                .build();
    }
}
