package dev.gatehouse.server.mail;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mail.javamail.JavaMailSender;
import org.thymeleaf.spring6.SpringTemplateEngine;

/** The letters, when there is a mail server. */
@Configuration(proxyBeanMethods = false)
class MailConfiguration {
    @Bean
    Mails mails(
            ObjectProvider<JavaMailSender> senders,
            MessageSource messages,
            SpringTemplateEngine templates,
            MailProperties properties,
            MeterRegistry metrics) {
        JavaMailSender sender = senders.getIfAvailable();
        if (sender == null) {
            return new NoMails();
        }
        String from = properties.from();
        if (from == null) {
            throw new IllegalArgumentException(
                    "gatehouse.mail.from is missing: with spring.mail.host set, letters need a sender");
        }
        return new SmtpMails(sender, new LetterWriter(messages, templates, from), properties.atOnce(), metrics);
    }
}
