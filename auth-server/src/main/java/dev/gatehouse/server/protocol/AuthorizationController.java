package dev.gatehouse.server.protocol;

import dev.gatehouse.server.login.RememberedLogins;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.protocol.AuthorizationStep.Allow;
import dev.gatehouse.server.protocol.AuthorizationStep.AskConsent;
import dev.gatehouse.server.protocol.AuthorizationStep.LogIn;
import dev.gatehouse.server.protocol.AuthorizationStep.Refuse;
import dev.gatehouse.server.protocol.AuthorizationStep.StepUp;
import dev.gatehouse.server.session.Interaction;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.token.Grant;
import dev.gatehouse.server.web.ErrorPage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/**
 * The authorization endpoint, RFC 6749 section 3.1 and OpenID Connect Core section 3.1.2.
 *
 * <p>A request that needs the person waits as an {@link Interaction} and comes back as {@code ?interaction=ID}; it is then
 * read and judged anew. What is wrong with the client or its redirect URI is told to the person, all else to the client.
 */
@Controller
final class AuthorizationController {
    static final String PATH = "/oauth2/authorize";

    private final ReturnAddresses returnAddresses;

    private final AuthorizationRequests requests;

    private final AuthorizationDecision decision;

    private final AuthorizationInteractions interactions;

    private final AuthorizationGrants grants;

    private final LoginSessions logins;

    private final RememberedLogins remembered;

    private final AuthorizationRecords records;

    private final Issuer issuer;

    AuthorizationController(
            ReturnAddresses returnAddresses,
            AuthorizationRequests requests,
            AuthorizationDecision decision,
            AuthorizationInteractions interactions,
            AuthorizationGrants grants,
            LoginSessions logins,
            RememberedLogins remembered,
            AuthorizationRecords records,
            Issuer issuer) {
        this.returnAddresses = returnAddresses;
        this.requests = requests;
        this.decision = decision;
        this.interactions = interactions;
        this.grants = grants;
        this.logins = logins;
        this.remembered = remembered;
        this.records = records;
        this.issuer = issuer;
    }

    /** One pass of an authorization request. */
    private record Pass(
            HttpServletRequest http,
            HttpServletResponse answer,
            RequestParameters parameters,
            @Nullable Interaction waited) {}

    @GetMapping(PATH)
    void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        RequestParameters parameters = RequestParameters.of(request);
        String id = parameters.single("interaction");
        if (id == null || parameters.has("client_id")) {
            go(new Pass(request, response, parameters, null));
            return;
        }
        Optional<Interaction> waited = interactions.find(request, id);
        if (waited.isEmpty()) {
            ErrorPage.send(request, response, HttpStatus.BAD_REQUEST.value(), "error.interaction");
            return;
        }
        RequestParameters original = new RequestParameters(waited.get().parameters());
        go(new Pass(request, response, original, waited.get()));
    }

    @PostMapping(PATH)
    void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!PostFromElsewhere.repeatAsGet(request, response)) {
            go(new Pass(request, response, RequestParameters.of(request), null));
        }
    }

    private void go(Pass pass) throws IOException {
        ReturnAddress returnTo;
        try {
            returnTo = returnAddresses.of(pass.parameters());
        } catch (NoReturnAddress refusal) {
            records.refused(refusal);
            ErrorPage.send(pass.http(), pass.answer(), HttpStatus.BAD_REQUEST.value(), refusal.page());
            return;
        }
        try {
            step(pass, requests.read(pass.parameters(), returnTo));
        } catch (OAuthException refusal) {
            refuse(pass, returnTo, refusal);
        }
    }

    private void step(Pass pass, AuthorizationRequest asked) throws IOException {
        LoginSession login = logins.current(pass.http())
                .or(() -> asked.prompts(Prompt.NONE)
                        ? remembered.resume(pass.http(), pass.answer())
                        : remembered.resumeIfPossible(pass.http(), pass.answer()))
                .orElse(null);
        switch (decision.next(asked, login, pass.waited())) {
            case LogIn step -> waitAt("/login", pass, asked, step.again());
            case StepUp _ -> waitAt("/login/factor", pass, asked, false);
            case AskConsent _ -> waitAt("/consent", pass, asked, false);
            case Refuse step -> throw step.refusal();
            case Allow step -> allow(pass, asked, step.login());
        }
    }

    private void waitAt(String page, Pass pass, AuthorizationRequest asked, boolean again) {
        Interaction interaction = interactions.waitFor(pass.http(), pass.parameters(), asked, pass.waited(), again);
        seeOther(pass.answer(), pass.http().getContextPath() + page + "?interaction=" + interaction.id());
    }

    private void allow(Pass pass, AuthorizationRequest asked, LoginSession login) throws IOException {
        if (pass.waited() != null && !interactions.finish(pass.http(), pass.waited())) {
            ErrorPage.send(pass.http(), pass.answer(), HttpStatus.BAD_REQUEST.value(), "error.interaction");
            return;
        }
        Grant grant = grants.begin(asked, login);
        Secret code = grants.code(asked, grant);
        records.granted(grant);
        seeOther(pass.answer(), asked.returnTo().withCode(code, issuer));
    }

    private void refuse(Pass pass, ReturnAddress returnTo, OAuthException refusal) {
        if (pass.waited() != null) {
            interactions.finish(pass.http(), pass.waited());
        }
        records.refused(returnTo, refusal);
        seeOther(pass.answer(), returnTo.withError(refusal, issuer));
    }

    private static void seeOther(HttpServletResponse response, String location) {
        response.setStatus(HttpStatus.SEE_OTHER.value());
        response.setHeader("Location", location);
    }
}
