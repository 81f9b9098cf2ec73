/** What tokens cost. Here because what issues and reads them is seen by its own package only. */
@NullMarked
package dev.gatehouse.server.token;

import org.jspecify.annotations.NullMarked;
