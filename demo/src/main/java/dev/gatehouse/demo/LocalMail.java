package dev.gatehouse.demo;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

/** A real SMTP server on loopback that keeps what it gets in memory. */
public final class LocalMail implements AutoCloseable {
    private static final int MOST_KEPT = 500;

    private final GreenMail server;

    private LocalMail(GreenMail server) {
        this.server = server;
    }

    /** On a free port. */
    public static LocalMail start() {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        return new LocalMail(server);
    }

    public int port() {
        return server.getSmtp().getPort();
    }

    /** A mail that has arrived. */
    public record Mail(String to, String subject, Instant at, String text, String html) {}

    /** Everything that has arrived, the oldest first. */
    public List<Mail> received() {
        MimeMessage[] messages = server.getReceivedMessages();
        List<Mail> mails = new ArrayList<>();
        for (MimeMessage message : messages) {
            mails.add(mail(message));
        }
        if (messages.length > MOST_KEPT) {
            purge();
        }
        return mails;
    }

    private void purge() {
        try {
            server.purgeEmailFromAllMailboxes();
        } catch (com.icegreen.greenmail.store.FolderException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Mail mail(MimeMessage message) {
        try {
            Date sent = message.getSentDate();
            return new Mail(
                    Arrays.toString(message.getAllRecipients()).replaceAll("^\\[|\\]$", ""),
                    String.valueOf(message.getSubject()),
                    sent == null ? Instant.EPOCH : sent.toInstant(),
                    content(message, "text/plain"),
                    content(message, "text/html"));
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException("a mail cannot be read", e);
        }
    }

    private static String content(Part part, String type) throws MessagingException, IOException {
        if (part.isMimeType(type)) {
            return String.valueOf(part.getContent());
        }
        if (part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                BodyPart inner = parts.getBodyPart(i);
                String found = content(inner, type);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return "";
    }

    @Override
    public void close() {
        server.stop();
    }
}
