package dev.gatehouse.server.admin;

import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.revocation.LogPosition;
import dev.gatehouse.server.revocation.SignOuts;
import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What an operator may order about a person. */
@RestController
@RequestMapping(AdminSecurity.PATH + "/people")
class PeopleController {
    private final Accounts accounts;

    private final SignOuts signOuts;

    private final AuditLog auditLog;

    PeopleController(Accounts accounts, SignOuts signOuts, AuditLog auditLog) {
        this.accounts = accounts;
        this.signOuts = signOuts;
        this.auditLog = auditLog;
    }

    /** @param position from which position of the revocation log on the person's tokens are refused */
    record SignedOut(String sub, String position) {}

    /** Ends all logins of the person and everything that clients hold in them. May be repeated. */
    @PostMapping("/{sub}/sign-out")
    ResponseEntity<?> signOut(@PathVariable String sub, Principal who) {
        boolean known = accounts.findById(sub).isPresent();
        record("sign-out.order", sub, known, who);
        return known ? signedOut(sub, "admin") : unknown();
    }

    /** Lets the person in no more, and does the same. May be repeated. */
    @PostMapping("/{sub}/disable")
    ResponseEntity<?> disable(@PathVariable String sub, Principal who) {
        boolean done = accounts.setEnabled(sub, false);
        record("account.disable", sub, done, who);
        // Nobody begins anything anew from here on: whatever there is now is all there is to end.
        return done ? signedOut(sub, "account-disabled") : unknown();
    }

    /** Lets the person in again, who begins with a new login. */
    @PostMapping("/{sub}/enable")
    ResponseEntity<?> enable(@PathVariable String sub, Principal who) {
        boolean done = accounts.setEnabled(sub, true);
        record("account.enable", sub, done, who);
        return done ? ResponseEntity.noContent().build() : unknown();
    }

    private ResponseEntity<SignedOut> signedOut(String sub, String reason) {
        LogPosition position = signOuts.everywhere(sub, reason);
        return ResponseEntity.ok()
                .header("Revocation-Position", position.toString())
                .body(new SignedOut(sub, position.toString()));
    }

    private void record(String type, String sub, boolean known, Principal who) {
        auditLog.record(SecurityEvent.of(type, known ? SecurityEvent.SUCCESS : "unknown_person")
                .with("admin", who.getName())
                .with("sub", known ? sub : null));
    }

    private static ResponseEntity<ProblemDetail> unknown() {
        return ResponseEntity.of(ProblemDetail.forStatusAndDetail(
                        HttpStatus.NOT_FOUND, "there is no such person, or the account was closed"))
                .build();
    }
}
