package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Component;

/**
 * What is asked of a login on a device that is not known, while stolen passwords are being tried on many accounts: one proof more.
 * Who has no second factor and no confirmed address is let through, and it is written down: to refuse them would hand whoever
 * starts such an attack a way to lock people out.
 */
@Component
final class NewDevices {
    private final StuffingWatch stuffing;

    private final KnownDevices knownDevices;

    private final ClientAddress clientAddress;

    private final AuditLog auditLog;

    NewDevices(StuffingWatch stuffing, KnownDevices knownDevices, ClientAddress clientAddress, AuditLog auditLog) {
        this.stuffing = stuffing;
        this.knownDevices = knownDevices;
        this.clientAddress = clientAddress;
        this.auditLog = auditLog;
    }

    /** @param possible whether there is any second proof that the person could be asked for */
    boolean mustProveMore(HttpServletRequest request, Account account, boolean possible) {
        if (!stuffing.isOn() || knownDevices.find(request, account.username()).isPresent()) {
            return false;
        }
        auditLog.record(SecurityEvent.of("login.new-device", possible ? "second-proof-asked" : "let-through")
                .with("sub", account.id())
                .with("address", clientAddress.of(request)));
        return true;
    }
}
