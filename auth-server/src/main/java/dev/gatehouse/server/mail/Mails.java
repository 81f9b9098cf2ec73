package dev.gatehouse.server.mail;

/** Sends letters in the background: whoever asks for one learns neither how long it took nor whether it could be sent. */
public interface Mails {
    /** Whether there is a mail server; without one nothing is sent, and what needs letters should not be offered. */
    boolean areSent();

    void send(Letter letter);
}
