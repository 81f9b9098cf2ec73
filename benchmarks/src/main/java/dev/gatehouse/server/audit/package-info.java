/** What an audit line costs. Here because what writes it is seen by its own package only. */
@NullMarked
package dev.gatehouse.server.audit;

import org.jspecify.annotations.NullMarked;
