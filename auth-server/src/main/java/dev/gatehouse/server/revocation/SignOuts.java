package dev.gatehouse.server.revocation;

import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.session.SessionSummary;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends what a person has going on: their logins, and what clients hold in them. Each is ended by a rule in the log, so the tokens
 * are refused in every service; each call may be repeated.
 */
public final class SignOuts {
    private final Accounts accounts;

    private final LoginSessions sessions;

    private final Revocations revocations;

    private final AuditLog auditLog;

    private final InstantSource clock;

    private final Duration longestToken;

    SignOuts(
            Accounts accounts,
            LoginSessions sessions,
            Revocations revocations,
            AuditLog auditLog,
            InstantSource clock,
            Duration longestToken) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.revocations = revocations;
        this.auditLog = auditLog;
        this.clock = clock;
        this.longestToken = longestToken;
    }

    /**
     * Ends every login of the person, but for one if they keep it.
     *
     * @param exceptSid the login to keep; without one every token that speaks for the person is refused, whatever it hangs on
     * @param reason for the audit log, in a few fixed words
     */
    public void everywhere(String accountId, @Nullable String exceptSid, String reason) {
        if (exceptSid == null) {
            everywhere(accountId, reason);
        } else {
            endOthers(accountId, exceptSid);
            record("sign-out.everywhere", accountId, reason, exceptSid, null);
        }
    }

    /**
     * Ends every login of the person; every token that speaks for the person is refused, whatever it hangs on.
     *
     * @return a position of the log that all of it is in force at
     */
    public LogPosition everywhere(String accountId, String reason) {
        accounts.forgetDevices(accountId);
        LogPosition position = revocations.revokeSubject(accountId);
        for (SessionSummary session : sessions.of(accountId)) {
            position = revocations.revokeSession(session.sid());
        }
        record("sign-out.everywhere", accountId, reason, null, null);
        return position;
    }

    /**
     * The same on a sign that one of the logins is in a thief's hands. That one ends last, and with it the sign: if this server dies
     * before, whoever sees the sign again does it anew.
     */
    public void everywhereAfterTheft(String accountId, String stolenSid, String reason) {
        endOthers(accountId, stolenSid);
        revocations.revokeSubject(accountId);
        revocations.revokeSession(stolenSid);
        record("sign-out.everywhere", accountId, reason, null, null);
    }

    private void endOthers(String accountId, String sid) {
        accounts.forgetDevices(accountId);
        sessions.of(accountId).stream()
                .map(SessionSummary::sid)
                .filter(each -> !each.equals(sid))
                .forEach(revocations::revokeSession);
    }

    /** Ends one login of the person. Whether they have it: somebody else's is left alone. */
    public boolean session(String accountId, String sid, String reason) {
        boolean theirs = sessions.of(accountId).stream()
                .anyMatch(session -> session.sid().equals(sid));
        if (theirs) {
            revocations.revokeSession(sid);
            record("sign-out", accountId, reason, sid, null);
        }
        return theirs;
    }

    /** Ends what a client holds in any login of the person. */
    public void client(String accountId, String clientId, String reason) {
        for (SessionSummary session : sessions.of(accountId)) {
            for (Map.Entry<String, String> grant : session.grants().entrySet()) {
                if (grant.getValue().equals(clientId)) {
                    revocations.revokeGrant(grant.getKey());
                }
            }
            for (Map.Entry<String, String> token : session.tokens().entrySet()) {
                if (token.getValue().equals(clientId)) {
                    revocations.revokeToken(token.getKey(), clock.instant().plus(longestToken));
                }
            }
        }
        record("sign-out.client", accountId, reason, null, clientId);
    }

    private void record(String type, String accountId, String reason, @Nullable String sid, @Nullable String clientId) {
        auditLog.record(SecurityEvent.of(type, SecurityEvent.SUCCESS)
                .with("sub", accountId)
                .with("sid", sid)
                .with("client_id", clientId)
                .with("reason", reason));
    }
}
