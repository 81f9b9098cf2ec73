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
        auditLog.record(SecurityEvent.of("sign-out.order", known ? SecurityEvent.SUCCESS : "unknown_person")
                .with("admin", who.getName())
                .with("sub", known ? sub : null));
        if (!known) {
            return ResponseEntity.of(ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, "there is no such person"))
                    .build();
        }
        LogPosition position = signOuts.everywhere(sub, "admin");
        return ResponseEntity.ok()
                .header("Revocation-Position", position.toString())
                .body(new SignedOut(sub, position.toString()));
    }
}
