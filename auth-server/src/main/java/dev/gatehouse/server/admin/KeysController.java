package dev.gatehouse.server.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.keys.KeyStatus;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.keys.SigningKeys;
import dev.gatehouse.server.keys.TokenSigner;
import dev.gatehouse.server.revocation.LogPosition;
import java.security.Principal;
import java.time.Instant;
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

/** The signing keys: what there is, rotation ahead of time, and the end of a compromised one. */
@RestController
@RequestMapping(AdminSecurity.PATH + "/keys")
class KeysController {
    private final SigningKeys keys;

    private final TokenSigner signer;

    private final CompromisedKeys compromised;

    private final AuditLog auditLog;

    KeysController(SigningKeys keys, TokenSigner signer, CompromisedKeys compromised, AuditLog auditLog) {
        this.keys = keys;
        this.signer = signer;
        this.compromised = compromised;
        this.auditLog = auditLog;
    }

    /** A key as the API shows it; never its private half. */
    record Key(
            String kid,
            String algorithm,
            String state,
            String custody,
            boolean published,
            @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("activates_at") Instant activatesAt,
            @JsonProperty("retired_at") @Nullable Instant retiredAt) {
        static Key of(KeyStatus key) {
            return new Key(
                    key.kid(),
                    key.algorithm().value(),
                    key.state().value(),
                    key.custody(),
                    key.published(),
                    key.createdAt(),
                    key.activatesAt(),
                    key.retiredAt());
        }
    }

    /** @param keys in the order in which they sign, algorithm by algorithm */
    record Keys(List<Key> keys) {}

    record Rotation(
            String algorithm, @JsonProperty("activates_at") Instant activatesAt) {}

    /** @param position from which position of the revocation log on the key's tokens are refused */
    record Compromise(String kid, String position) {}

    @GetMapping
    Keys list() {
        keys.refresh();
        return new Keys(keys.all().stream().map(Key::of).toList());
    }

    /** Lets the next key sign as soon as everybody can know it. Without an algorithm: the standard one. */
    @PostMapping("/rotation")
    ResponseEntity<?> rotate(@RequestParam(required = false) @Nullable String algorithm, Principal who) {
        Optional<SigningAlgorithm> wanted =
                algorithm == null ? Optional.of(signer.standard()) : SigningAlgorithm.of(algorithm);
        Optional<Instant> activatesAt = wanted.flatMap(keys::rotate);
        if (activatesAt.isEmpty()) {
            return problem(HttpStatus.BAD_REQUEST, "there are no keys for this algorithm");
        }
        String value = wanted.map(SigningAlgorithm::value).orElse("");
        auditLog.record(SecurityEvent.of("key.rotation", SecurityEvent.SUCCESS)
                .with("admin", who.getName())
                .with("algorithm", value));
        return ResponseEntity.status(HttpStatus.ACCEPTED).body(new Rotation(value, activatesAt.get()));
    }

    /** Ends a key now. May be repeated. */
    @PostMapping("/{kid}/compromise")
    ResponseEntity<?> compromise(@PathVariable String kid, Principal who) {
        Optional<LogPosition> position = compromised.end(kid);
        auditLog.record(SecurityEvent.of("key.compromise", position.isPresent() ? SecurityEvent.SUCCESS : "unknown_key")
                .with("admin", who.getName())
                .with("kid", position.isPresent() ? kid : null));
        if (position.isEmpty()) {
            return problem(HttpStatus.NOT_FOUND, "there is no such key");
        }
        String from = position.get().toString();
        return ResponseEntity.ok().header("Revocation-Position", from).body(new Compromise(kid, from));
    }

    private static ResponseEntity<ProblemDetail> problem(HttpStatus status, String detail) {
        return ResponseEntity.of(ProblemDetail.forStatusAndDetail(status, detail))
                .build();
    }
}
