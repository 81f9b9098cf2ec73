package dev.gatehouse.server.revocation;

import dev.gatehouse.server.keys.SigningKeys;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.session.SessionEndListener;
import dev.gatehouse.server.token.RefreshTokens;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * What a rule does to this house: it ends the refresh token family, or the login and the families that hang on it, and
 * whoever must learn of that is told; one against a key makes this issuer look for the key that signs instead. All of it
 * may be done again, so that every issuer that reads a rule does it and a writer that died before it is made good.
 */
final class RuleEffects implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(RuleEffects.class);

    private static final long RETRY_MILLIS = 500;

    private final LoginSessions logins;

    private final RefreshTokens refreshTokens;

    private final SigningKeys keys;

    private final List<SessionEndListener> listeners;

    private final BlockingQueue<Rule> waiting = new LinkedBlockingQueue<>();

    private volatile @Nullable Thread worker;

    RuleEffects(
            LoginSessions logins, RefreshTokens refreshTokens, SigningKeys keys, List<SessionEndListener> listeners) {
        this.logins = logins;
        this.refreshTokens = refreshTokens;
        this.keys = keys;
        this.listeners = listeners;
    }

    /** Does it now. */
    void apply(Rule rule) {
        if (rule.is(RuleKind.GRANT_ID)) {
            refreshTokens.end(rule.value());
        } else if (rule.is(RuleKind.SID)) {
            logins.end(rule.value()).ifPresent(session -> {
                session.grants().forEach(refreshTokens::end);
                listeners.forEach(listener -> listener.ended(session));
            });
        } else if (rule.is(RuleKind.KID)) {
            keys.refresh();
        }
    }

    /** Does it soon, and again until it is done. */
    void applyLater(Rule rule) {
        if (rule.is(RuleKind.GRANT_ID) || rule.is(RuleKind.SID) || rule.is(RuleKind.KID)) {
            waiting.add(rule);
        }
    }

    private void work() {
        try {
            while (worker == Thread.currentThread()) {
                applyUntilDone(waiting.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void applyUntilDone(Rule rule) throws InterruptedException {
        while (worker == Thread.currentThread()) {
            try {
                apply(rule);
                return;
            } catch (DataAccessException e) {
                LOG.atDebug().setCause(e).log("the effects of a {} rule have to wait", rule.kind());
                Thread.sleep(RETRY_MILLIS);
            } catch (RuntimeException e) {
                LOG.error("the effects of a {} rule failed", rule.kind(), e);
                return;
            }
        }
    }

    @Override
    public void start() {
        worker = Thread.ofVirtual().name("revocation-effects").unstarted(this::work);
        worker.start();
    }

    @Override
    public void stop() {
        Thread thread = worker;
        worker = null;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }

    @Override
    public int getPhase() {
        return LogTail.PHASE;
    }
}
