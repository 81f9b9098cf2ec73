package dev.gatehouse.demo;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** What the person who started the demo is told when it cannot go on. */
final class Failure {
    private Failure() {}

    static String text(Exception failure) {
        String message = failure.getMessage();
        return switch (failure) {
            case AccessDeniedException e -> "may not use " + e.getFile();
            case FileSystemException e
            when e.getReason() == null ->
                "cannot use " + e.getFile() + ": " + e.getClass().getSimpleName();
            case RuntimeException e when message == null -> e.getClass().getSimpleName();
            case RuntimeException _ -> message.lines().findFirst().orElse("");
            default -> message == null ? failure.getClass().getSimpleName() : message;
        };
    }
}
