package dev.gatehouse.server.mail;

/** Sends letters in the background: whoever asks for one learns neither how long it took nor whether it could be sent. */
public interface Mails {
    void send(Letter letter);
}
