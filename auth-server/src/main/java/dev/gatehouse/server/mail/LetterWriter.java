package dev.gatehouse.server.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.mail.MailParseException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.thymeleaf.context.Context;
import org.thymeleaf.spring6.SpringTemplateEngine;

/** Makes a message of a letter: as HTML by the template {@code mail/letter}, and the same words as plain text. */
final class LetterWriter {
    private final MessageSource messages;

    private final SpringTemplateEngine templates;

    private final String from;

    LetterWriter(MessageSource messages, SpringTemplateEngine templates, String from) {
        this.messages = messages;
        this.templates = templates;
        this.from = from;
    }

    MimeMessage write(Letter letter, JavaMailSender sender) {
        String house = text(letter, "house.name");
        String text = text(letter, "mail." + letter.name() + ".text", letter.arguments());
        Object link = letter.values().get(Letter.LINK);
        Object code = letter.values().get(Letter.CODE);
        String action = link == null ? null : text(letter, "mail." + letter.name() + ".action");
        String end = text(letter, "mail.end", house);
        Context context = new Context(letter.language());
        context.setVariable("house", house);
        context.setVariable("text", text);
        context.setVariable("link", link);
        context.setVariable("action", action);
        context.setVariable("code", code);
        context.setVariable("end", end);
        try {
            MimeMessage message = sender.createMimeMessage();
            MimeMessageHelper helper = new MimeMessageHelper(message, true, StandardCharsets.UTF_8.name());
            helper.setFrom(new InternetAddress(from, house, StandardCharsets.UTF_8.name()));
            helper.setTo(letter.to());
            helper.setSubject(text(letter, "mail." + letter.name() + ".subject", letter.arguments()));
            helper.setText(plain(text, link, code, end), templates.process("mail/letter", context));
            message.setHeader("Auto-Submitted", "auto-generated");
            return message;
        } catch (MessagingException | java.io.UnsupportedEncodingException e) {
            throw new MailParseException(e);
        }
    }

    private static String plain(String text, @Nullable Object link, @Nullable Object code, String end) {
        StringBuilder plain = new StringBuilder(text);
        if (link != null) {
            plain.append("\n\n").append(link);
        }
        if (code != null) {
            plain.append("\n\n").append(code);
        }
        return plain.append("\n\n-- \n").append(end).append('\n').toString();
    }

    private String text(Letter letter, String key, Object... arguments) {
        return Objects.requireNonNull(messages.getMessage(key, arguments, letter.language()));
    }
}
