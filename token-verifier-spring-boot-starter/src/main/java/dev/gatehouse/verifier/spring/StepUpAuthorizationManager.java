package dev.gatehouse.verifier.spring;

import java.time.InstantSource;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.util.ClassUtils;

/** Reads {@link StepUp} from the method that is called, or else from its type. */
final class StepUpAuthorizationManager implements AuthorizationManager<MethodInvocation> {
    private final InstantSource clock;

    StepUpAuthorizationManager(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public @Nullable AuthorizationResult authorize(
            Supplier<? extends @Nullable Authentication> authentication, MethodInvocation call) {
        Class<?> type =
                call.getThis() == null ? call.getMethod().getDeclaringClass() : ClassUtils.getUserClass(call.getThis());
        StepUp asked = AnnotatedElementUtils.findMergedAnnotation(
                ClassUtils.getMostSpecificMethod(call.getMethod(), type), StepUp.class);
        if (asked == null) {
            asked = AnnotatedElementUtils.findMergedAnnotation(type, StepUp.class);
        }
        return asked == null
                ? null
                : AuthenticationDemand.of(asked).manager(clock).authorize(authentication, call);
    }
}
