package dev.gatehouse.server.factor;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.SecondFactor;

/** A second factor that is proven by typing a code. */
public interface CodeFactor extends SecondFactor {
    /**
     * Whether the code is right. A right one is used up by this: of several callers at once exactly one hears yes.
     *
     * @param loginId the pending login that it is typed for
     */
    boolean accept(Account account, String loginId, String code);
}
