package dev.gatehouse.acceptance;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;

/** The authenticator that the DevTools put into a browser: it keeps passkeys, and a person who says yes. */
final class VirtualAuthenticator {
    private final CDPSession devTools;

    private final String id;

    private VirtualAuthenticator(CDPSession devTools, String id) {
        this.devTools = devTools;
        this.id = id;
    }

    /** One for this page, where nobody answers until {@link #answer} says so. */
    static VirtualAuthenticator at(Page page) {
        CDPSession devTools = page.context().newCDPSession(page);
        devTools.send("WebAuthn.enable");
        JsonObject options = new JsonObject();
        options.addProperty("protocol", "ctap2");
        options.addProperty("ctap2Version", "ctap2_1");
        options.addProperty("transport", "internal");
        options.addProperty("hasResidentKey", true);
        options.addProperty("hasUserVerification", true);
        options.addProperty("isUserVerified", true);
        options.addProperty("automaticPresenceSimulation", false);
        JsonObject arguments = new JsonObject();
        arguments.add("options", options);
        String id = devTools.send("WebAuthn.addVirtualAuthenticator", arguments)
                .get("authenticatorId")
                .getAsString();
        return new VirtualAuthenticator(devTools, id);
    }

    /** Whether the person is there and says yes to whatever is asked. */
    void answer(boolean yes) {
        JsonObject arguments = arguments();
        arguments.addProperty("enabled", yes);
        devTools.send("WebAuthn.setAutomaticPresenceSimulation", arguments);
    }

    /** Whether it knows the person's finger, face or PIN. */
    void recognise(boolean person) {
        JsonObject arguments = arguments();
        arguments.addProperty("isUserVerified", person);
        devTools.send("WebAuthn.setUserVerified", arguments);
    }

    int passkeys() {
        return devTools.send("WebAuthn.getCredentials", arguments())
                .getAsJsonArray("credentials")
                .size();
    }

    private JsonObject arguments() {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("authenticatorId", id);
        return arguments;
    }
}
